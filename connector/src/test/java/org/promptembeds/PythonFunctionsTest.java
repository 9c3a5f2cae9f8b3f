package org.promptembeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.options.Option;
import org.promptembeds.options.OptionSet;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.call.GenerateInput;
import org.promptembeds.sql.prompt.PromptFunction;

/**
 * Holds the functions of the Python package to those of SQL and their arguments. With {@code
 * -Dpromptembeds.docs.write=true} the modules are written.
 */
class PythonFunctionsTest {
  private static final String HEAD =
      """
      \"""The SQL functions for columns. Made from the code by PythonFunctionsTest; do not edit.\"""

      from typing import Optional

      from pyspark.sql import Column

      from prompt_embeds._call import (
          AnyOption,
          BoolOption,
          ColumnOrName,
          FloatOption,
          IntOption,
          StrOption,
          call,
      )
      """;

  @ParameterizedTest
  @ValueSource(strings = {"from_embeds", "from_text", "prompts"})
  void modulesHaveTheFunctionsOfSqlAndTheirArguments(String name) throws IOException {
    PythonText.assertCurrent(name + ".py", HEAD + String.join("", functions(name)));
  }

  @Test
  void thePackageExportsThem() throws IOException {
    String exports = Files.readString(PythonText.PACKAGE.resolve("__init__.py"));

    for (GenerateFunction function : GenerateFunction.values()) {
      assertThat(exports).contains("    \"" + function.sqlName() + "\",\n");
    }

    for (PromptFunction function : PromptFunction.values()) {
      assertThat(exports).contains("    \"" + function.sqlName() + "\",\n");
    }
  }

  private static List<String> functions(String module) {
    List<String> functions = new ArrayList<>();
    for (GenerateFunction function : GenerateFunction.values()) {
      if (module.equals(function.input() == GenerateInput.EMBEDS ? "from_embeds" : "from_text")) {
        functions.add(
            function(
                function.sqlName(),
                function.info().getUsage(),
                function.input().parameter(),
                false,
                function.input().arguments()));
      }
    }

    for (PromptFunction function : PromptFunction.values()) {
      if (module.equals("prompts")) {
        functions.add(
            function(
                function.sqlName(),
                function.info().getUsage(),
                function.parameter(),
                function.isVariadic(),
                function.options()));
      }
    }

    return functions;
  }

  private static String function(
      String name, String usage, String input, boolean isVariadic, OptionSet options) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("");
    lines.add("def " + name + "(");
    lines.add("    %s%s: ColumnOrName,".formatted(isVariadic ? "*" : "", input));
    if (!isVariadic) {
      lines.add("    *,");
    }

    for (Option<?> option : options.options()) {
      lines.add("    %s: %s = None,".formatted(option.key(), type(option)));
    }

    lines.add(") -> Column:");
    String summary = usage.substring(usage.indexOf(" - ") + 3).replace("Returns", "Give");
    lines.addAll(PythonText.wrap("    r\"\"\"", "    ", summary));
    lines.add("");
    lines.add("    Args:");
    lines.add("        %s: the input, a column or the name of one".formatted(input));
    for (Option<?> option : options.options()) {
      lines.addAll(PythonText.wrap("        " + option.key() + ": ", "            ", option.doc()));
    }

    lines.add("    \"\"\"");
    lines.add(
        "    options = {%s}"
            .formatted(
                options.options().stream()
                    .map(option -> "\"%1$s\": %1$s".formatted(option.key()))
                    .collect(Collectors.joining(",\n        ", "\n        ", ",\n    "))));
    lines.add(
        "    return call(\"%s\", [%s%s], options)".formatted(name, isVariadic ? "*" : "", input));
    return String.join("\n", lines) + "\n";
  }

  private static String type(Option<?> option) {
    if (option.key().equals("model")) {
      return "Optional[str]"; // a constant
    }

    return switch (option.type().name()) {
      case "string" -> "StrOption";
      case "int", "long" -> "IntOption";
      case "double" -> "FloatOption";
      case "boolean" -> "BoolOption";
      default -> "AnyOption";
    };
  }
}
