package org.promptembeds.sql.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.Seqs;
import org.promptembeds.sql.values.SessionSettings;
import scala.collection.immutable.Seq;

/**
 * Reads the arguments of a {@link PromptFunction}: its input first, then options by name or in a
 * struct, as DataFrames give them.
 */
final class PromptArguments {
  private static final String MODEL = SamplingOptions.MODEL.key();

  private PromptArguments() {}

  /** The call, which remembers what is wrong with its arguments until analysis asks. */
  static Expression build(PromptFunction function, Seq<Expression> arguments) {
    try {
      Map<String, Expression> named = new TreeMap<>();
      Expression input = read(function, Seqs.list(arguments), named);
      SparkOptions settings = SessionSettings.current();
      String model = model(function, model(named), settings);
      SoftPromptNames names = settings.softPrompts();
      checkPath(function, input, names);
      return new PromptCall(function, Seqs.of(List.of(input, struct(named))), "", model, names);
    } catch (IllegalArgumentException e) {
      return new PromptCall(
          function, arguments, String.valueOf(e.getMessage()), "", new SoftPromptNames(Map.of()));
    }
  }

  private static void checkPath(PromptFunction function, Expression input, SoftPromptNames names) {
    if (function.input() == PromptFunction.Input.PATH
        && input.foldable()
        && input.eval(null) instanceof UTF8String path) {
      var unused = names.locate(path.toString());
    }
  }

  private static Expression read(
      PromptFunction function, List<Expression> arguments, Map<String, Expression> named) {
    String parameter = function.input().parameter();
    boolean isVariadic = function.input().isVariadic();
    List<Expression> parts = new ArrayList<>();

    for (Expression argument : arguments) {
      if (argument != arguments.get(0) && argument instanceof CreateNamedStruct options) {
        OptionExpressions.byName(options)
            .forEach((name, value) -> put(named, function.options().require(name).key(), value));
        continue;
      }

      String name = parameter;
      Expression value = argument;

      if (argument instanceof NamedArgumentExpression pair) {
        name = pair.key().toLowerCase(Locale.ROOT);
        boolean isInput = name.equals(parameter) && !isVariadic;
        name = isInput ? name : function.options().require(name).key();
        value = pair.value();
      } else if (isVariadic) {
        parts.add(argument);
        continue;
      } else if (argument != arguments.get(0)) {
        throw new IllegalArgumentException(
            "%s takes one argument without a name; give the others by name"
                .formatted(function.sqlName()));
      }

      put(named, name, value);
    }

    Expression input = isVariadic ? struct(parts) : named.remove(parameter);
    if (input == null || (isVariadic && parts.isEmpty())) {
      throw new IllegalArgumentException(
          "the first argument is missing: %s(%s[, model => ...])"
              .formatted(function.sqlName(), isVariadic ? parameter + ", ..." : parameter));
    }

    return input;
  }

  private static void put(Map<String, Expression> named, String name, Expression value) {
    if (named.put(name, value) != null) {
      throw new IllegalArgumentException("argument '" + name + "' is given twice");
    }
  }

  /** The model's directory; empty if there is none and the function can do without. */
  private static String model(
      PromptFunction function, @Nullable String given, SparkOptions settings) {
    try {
      String model = settings.backend(given).model();
      PromptModel.requireFiles(model);
      return model;
    } catch (IllegalArgumentException e) {
      if (function.needsModel() || given != null) {
        throw e;
      }

      return "";
    }
  }

  private static @Nullable String model(Map<String, Expression> named) {
    Expression model = named.remove(MODEL);
    if (model == null) {
      return null;
    }

    if (!model.foldable() || !(model.eval(null) instanceof UTF8String name)) {
      throw new IllegalArgumentException("model must be a constant string");
    }

    return name.toString();
  }

  private static Expression struct(List<Expression> parts) {
    Map<String, Expression> named = new LinkedHashMap<>();
    for (Expression part : parts) {
      named.put("part" + (named.size() + 1), part);
    }

    return struct(named);
  }

  private static Expression struct(Map<String, Expression> named) {
    List<Expression> pairs = new ArrayList<>();
    named.forEach(
        (name, value) -> {
          pairs.add(Literal.create(name, DataTypes.StringType));
          pairs.add(value);
        });
    return new CreateNamedStruct(Seqs.of(pairs));
  }
}
