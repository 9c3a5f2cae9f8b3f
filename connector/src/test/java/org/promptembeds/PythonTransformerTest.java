package org.promptembeds;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.ml.EmbedsTextGenerator;

/** Holds the transformer of the Python package to the parameters that the Java one has. */
class PythonTransformerTest {
  private static final String MADE =
      "\"\"\"%s Made from the code by PythonTransformerTest; do not edit.\"\"\"%n%n"
          .formatted("%s");
  private static final EmbedsTextGenerator GENERATOR = new EmbedsTextGenerator();
  private static final List<Param<?>> PARAMS = List.of(GENERATOR.params());

  /** Texts that may be given as what JSON writes: template variables, types, maps and schemas. */
  private static final Set<String> JSON =
      Stream.concat(
              Stream.of("schema", "variables"), Parameters.all().stream().map(Parameter::camelName))
          .collect(Collectors.toUnmodifiableSet());

  @Test
  void theParametersAreThoseOfJava() throws IOException {
    String head =
        MADE.formatted("The parameters of the transformer.")
            + """
            from typing import List

            from pyspark.ml.param import Param, Params, TypeConverters

            from prompt_embeds.ml._java import to_text


            class GeneratorParams(Params):
                \"""The parameters of :py:class:`EmbedsTextGenerator`, and what they are set to.\"""
            """;
    String declarations = each(PythonTransformerTest::declaration);
    String defaults =
        """

            def __init__(self) -> None:
                super().__init__()
                self._setDefault(
        %s        )
        """
            .formatted(
                PARAMS.stream()
                    .filter(GENERATOR::hasDefault)
                    .map(
                        param ->
                            "            %s=%s,\n"
                                .formatted(param.name(), python(GENERATOR.getDefault(param).get())))
                    .collect(Collectors.joining()));
    PythonText.assertCurrent(
        "ml/_params.py", head + declarations + defaults + each(PythonTransformerTest::getter));
  }

  @Test
  void theSettersAreThoseOfTheParameters() throws IOException {
    String head =
        MADE.formatted("The transformer.")
            + """
            from typing import Any, List, Optional

            from pyspark import keyword_only
            from pyspark.ml.util import JavaMLReadable, JavaMLWritable
            from pyspark.ml.wrapper import JavaTransformer

            from prompt_embeds.ml._java import JAVA_CLASS, GeneratorReader, Text
            from prompt_embeds.ml._params import GeneratorParams


            class EmbedsTextGenerator(
                JavaTransformer,
                GeneratorParams,
                JavaMLReadable["EmbedsTextGenerator"],
                JavaMLWritable,
            ):
                \"""A transformer that adds the text generated from a column of embeddings, texts or chats.

                It stands for a call of ``generate_from_embeds`` or ``generate_text`` with the same options;
                ``save`` keeps its parameters, not the model. The session needs the bundle jar::

                    generator = EmbedsTextGenerator(promptCol="messages", outputCol="answer", maxTokens=64)
                    answers = generator.transform(chats)
                \"""

                _input_kwargs: Any

            """;
    String keywords =
        each(param -> "        %s: Optional[%s] = None,\n".formatted(param.name(), type(param)));
    String methods =
        """
            @keyword_only
            def __init__(
                self,
                *,
        %1$s    ) -> None:
                \"""A transformer with the parameters that are given.\"""
                super().__init__()
                self._java_obj = self._new_java_obj(JAVA_CLASS, self.uid)
                self.setParams(**self._input_kwargs)

            @keyword_only
            def setParams(
                self,
                *,
        %1$s    ) -> "EmbedsTextGenerator":
                \"""Sets the parameters that are given.\"""
                return self._set(**self._input_kwargs)

            @classmethod
            def read(cls) -> GeneratorReader:
                \"""Reads a transformer that ``save`` wrote, in Python, Java or Scala.\"""
                return GeneratorReader(cls)
        """
            .formatted(keywords);
    PythonText.assertCurrent(
        "ml/generator.py", head + methods + each(PythonTransformerTest::setter));
  }

  private static String each(Function<Param<?>, String> text) {
    return PARAMS.stream().map(text).collect(Collectors.joining());
  }

  private static String declaration(Param<?> param) {
    String margin = " ".repeat(12); // and quotes
    String escaped = param.doc().replace("\\", "\\\\").replace("\"", "\\\"");
    String doc =
        PythonText.wrap(margin, margin, escaped).stream()
            .map(String::strip)
            .collect(Collectors.joining(" \"\n        \"", "        \"", "\","));
    return """

            %1$s: "Param[%2$s]" = Param(
                Params._dummy(),
                "%1$s",
        %3$s
                typeConverter=%4$s,
            )
        """
        .formatted(param.name(), valueType(param), doc, converter(param));
  }

  private static String getter(Param<?> param) {
    return """

            def get%s(self) -> %s:
                \"""What :py:attr:`%s` is set to, or its default.\"""
                return self.getOrDefault(self.%3$s)
        """
        .formatted(capital(param.name()), valueType(param), param.name());
  }

  private static String setter(Param<?> param) {
    return """

            def set%s(self, value: %s) -> "EmbedsTextGenerator":
                \"""Sets :py:attr:`%s`.\"""
                return self._set(%3$s=value)
        """
        .formatted(capital(param.name()), type(param), param.name());
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static boolean isJson(Param<?> param) {
    return param.getClass() == Param.class && JSON.contains(param.name());
  }

  /** What setters take. */
  private static String type(Param<?> param) {
    return isJson(param) ? "Text" : valueType(param);
  }

  private static String valueType(Param<?> param) {
    return converterAndType(param)[1];
  }

  private static String converter(Param<?> param) {
    return isJson(param) ? "to_text" : "TypeConverters." + converterAndType(param)[0];
  }

  private static String[] converterAndType(Param<?> param) {
    if (param instanceof IntParam || param instanceof LongParam) {
      return new String[] {"toInt", "int"};
    } else if (param instanceof DoubleParam) {
      return new String[] {"toFloat", "float"};
    } else if (param instanceof BooleanParam) {
      return new String[] {"toBoolean", "bool"};
    } else if (param instanceof StringArrayParam) {
      return new String[] {"toListString", "List[str]"};
    } else if (param instanceof IntArrayParam) {
      return new String[] {"toListInt", "List[int]"};
    }

    return new String[] {"toString", "str"};
  }

  /** A default as Python writes it. */
  private static String python(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    } else if (value instanceof Number number) {
      return number.toString();
    } else if (value instanceof int[] ints) {
      return Arrays.toString(ints);
    } else if (value instanceof String[] texts) {
      return Arrays.stream(texts).map(PythonTransformerTest::python).toList().toString();
    }

    return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
