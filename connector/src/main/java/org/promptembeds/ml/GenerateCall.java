package org.promptembeds.ml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.call.GenerateFunction.Fault;
import org.promptembeds.sql.call.GenerateInput;
import org.promptembeds.sql.call.ResultShape;
import org.promptembeds.sql.call.TypedOutput;

/**
 * The call of a SQL function that a transformer's parameters, which were checked, stand for.
 *
 * @param options by the names that SQL knows them by
 * @param columns of options that differ from row to row, by the same names
 */
record GenerateCall(
    String function,
    String inputCol,
    String outputCol,
    Map<String, Object> options,
    Map<String, String> columns,
    DataType dataType) {

  /**
   * The call for columns of {@code schema}.
   *
   * @throws IllegalArgumentException naming everything that is wrong
   */
  static GenerateCall of(GeneratorParams params, StructType schema) {
    List<String> problems = new ArrayList<>();
    checkEngine(params.value(params.engine()), problems);
    checkBatchSize((Integer) params.value(params.batchSize()), problems);
    String mode = word(params, params.outputMode(), List.of("text", "detail"), problems);
    String invalid = word(params, params.handleInvalid(), List.of("error", "keep"), problems);
    GenerateInput kind = params.input();
    String input = checkInput(params, kind, schema, problems);
    String output = checkOutput(params.value(params.outputCol()), schema, problems);
    boolean isDetail = mode.equals("detail");
    Map<String, Object> options = options(params, kind, problems);
    Map<String, String> columns = columns(params, kind, schema, problems);
    if (!isDetail) {
      OutputParameters.besideText(options.keySet())
          .forEach(problem -> problems.add(problem + ": set outputMode to detail or clear it"));
    }

    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(params.uid() + ": " + String.join("; ", problems));
    }

    Object typeName = options.get(SamplingOptions.SCHEMA.key());
    boolean several = options.containsKey(SearchParameters.N.name());
    Fault keptOrFails = invalid.equals("keep") ? Fault.GIVES_NULL : Fault.FAILS;
    GenerateFunction function = GenerateFunction.of(kind, isDetail ? Fault.IS_TOLD : keptOrFails);
    ResultShape shape = new ResultShape(function, several);
    return new GenerateCall(
        function.sqlName(),
        input,
        output,
        options,
        columns,
        typeName == null ? shape.dataType() : TypedOutput.type(typeName.toString(), shape));
  }

  /** The call as a column expression. */
  Column column() {
    List<Column> fields = new ArrayList<>();
    options.forEach((name, value) -> fields.add(literal(value).as(name)));
    columns.forEach((name, column) -> fields.add(quoted(column).as(name)));
    return functions.call_function(
        function, quoted(inputCol), functions.struct(fields.toArray(Column[]::new)));
  }

  private static Column quoted(String column) {
    return functions.col("`" + column.replace("`", "``") + "`");
  }

  private static Column literal(Object value) {
    return value instanceof List<?> several
        ? functions.array(several.stream().map(functions::lit).toArray(Column[]::new))
        : functions.lit(value);
  }

  /**
   * Checks the name of an engine.
   *
   * @throws IllegalArgumentException if it is not PyTorch
   */
  static void requireEngine(String engine) {
    List<String> problems = new ArrayList<>();
    checkEngine(engine, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.get(0));
    }
  }

  private static void checkEngine(@Nullable String engine, List<String> problems) {
    if (!"PyTorch".equalsIgnoreCase(engine)) {
      problems.add("engine must be PyTorch, the only one that models run on here, got " + engine);
    }
  }

  private static void checkBatchSize(@Nullable Integer batchSize, List<String> problems) {
    if (batchSize != null && batchSize < 1) {
      problems.add("batchSize must be at least 1, got " + batchSize);
    }
  }

  private static String word(
      GeneratorParams params, Param<String> param, List<String> allowed, List<String> problems) {
    String word = String.valueOf(params.value(param));
    if (!allowed.contains(word)) {
      problems.add(
          "%s must be %s, got '%s'".formatted(param.name(), String.join(" or ", allowed), word));
    }

    return word;
  }

  private static String checkInput(
      GeneratorParams params, GenerateInput kind, StructType schema, List<String> problems) {
    Param<String> param = kind == GenerateInput.TEXT ? params.promptCol() : params.inputCol();
    String column = params.value(param);
    if (column == null) {
      problems.add(
          "inputCol is not set: name the column of embeddings, or that of texts or chats as promptCol");
      return "";
    }

    if (kind == GenerateInput.TEXT && params.value(params.inputCol()) != null) {
      problems.add("inputCol and promptCol are two prompts: clear one of them");
    }

    String name = "%s '%s'".formatted(param.name(), column);
    List<String> columns = Arrays.asList(schema.fieldNames());
    if (!columns.contains(column)) {
      problems.add("%s is not among the columns %s".formatted(name, columns));
      return column;
    }

    try {
      var unused = kind.prompt(name, schema.apply(column).dataType());
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    return column;
  }

  private static String checkOutput(
      @Nullable String column, StructType schema, List<String> problems) {
    if (column == null) {
      problems.add("outputCol is not set: name the column to add");
      return "";
    }

    if (Arrays.asList(schema.fieldNames()).contains(column)) {
      problems.add("outputCol '%s' exists already: choose another name".formatted(column));
    }

    return column;
  }

  private static Map<String, Object> options(
      GeneratorParams params, GenerateInput kind, List<String> problems) {
    Map<String, Object> options = new LinkedHashMap<>();
    params
        .optionParams()
        .forEach(
            (option, param) -> {
              Object value = params.value(param);
              if (value != null && !GeneratorParams.isColumn(option)) {
                options.put(option, SparkParam.fromSpark(value));
              }
            });
    options.values().removeIf(List.of()::equals);
    options.remove(SearchParameters.N.name(), 1); // a column of texts, not of arrays of one
    try {
      var unused = SamplingOptions.parse(kind.sampling(options));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    return options;
  }

  /** Options by the columns that have their values. */
  private static Map<String, String> columns(
      GeneratorParams params, GenerateInput kind, StructType schema, List<String> problems) {
    Map<String, String> columns = new LinkedHashMap<>();
    params
        .optionParams()
        .forEach(
            (option, param) -> {
              if (GeneratorParams.isColumn(option) && params.value(param) instanceof String name) {
                columns.put(option, name);
                if (kind.arguments().find(option).isEmpty()) {
                  problems.add(
                      "%s has no place beside %s"
                          .formatted(
                              param.name(), kind == GenerateInput.TEXT ? "promptCol" : "inputCol"));
                }

                if (!Arrays.asList(schema.fieldNames()).contains(name)) {
                  problems.add(
                      "%s '%s' is not among the columns %s"
                          .formatted(param.name(), name, Arrays.asList(schema.fieldNames())));
                }
              }
            });
    return columns;
  }
}
