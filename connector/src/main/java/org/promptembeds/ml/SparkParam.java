package org.promptembeds.ml;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.promptembeds.generation.parameter.Parameter;

/** Sampling parameters as parameters of Spark ML, and their values as those that it can save. */
final class SparkParam {
  private SparkParam() {}

  /** The parameter of {@code owner} that stands for {@code parameter}. */
  static Param<?> of(Params owner, Parameter<?> parameter) {
    String name = parameter.camelName();
    String doc = parameter.doc();
    return switch (parameter.type().kind()) {
      case INTEGER -> new IntParam(owner, name, doc);
      case LONG -> new LongParam(owner, name, doc);
      case NUMBER -> new DoubleParam(owner, name, doc);
      case FLAG -> new BooleanParam(owner, name, doc);
      case TEXT, NUMBERS_BY_ID, INTEGERS_BY_NAME -> new Param<String>(owner, name, doc);
      case TEXTS -> new StringArrayParam(owner, name, doc);
      case INTEGERS -> new IntArrayParam(owner, name, doc);
    };
  }

  /** A value of a sampling parameter as Spark's holds it: arrays for lists, JSON for maps. */
  static <T> Object toSpark(Parameter<T> parameter, T value) {
    return switch (parameter.type().kind()) {
      case INTEGER, LONG, NUMBER, FLAG, TEXT -> value;
      case TEXTS -> ((List<?>) value).stream().map(String::valueOf).toArray(String[]::new);
      case INTEGERS -> ((List<?>) value).stream().mapToInt(Integer.class::cast).toArray();
      case NUMBERS_BY_ID, INTEGERS_BY_NAME ->
          ((Map<?, ?>) value)
              .entrySet().stream()
                  .map(entry -> "\"%s\": %s".formatted(entry.getKey(), entry.getValue()))
                  .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  /** A value of Spark's parameter as the options know it. */
  static Object fromSpark(Object value) {
    if (value instanceof String[] texts) {
      return List.of(texts);
    }

    return value instanceof int[] ints ? Arrays.stream(ints).boxed().toList() : value;
  }
}
