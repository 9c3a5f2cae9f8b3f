package org.promptembeds.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.to_json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.files.SqlText;
import org.promptembeds.jobs.options.FileOptions;

/**
 * The columns that a job writes, taken out of the one column of its call: a struct, or an array of
 * structs if prompts get several outputs.
 */
final class GeneratedColumns {
  /** The column of the call. */
  static final String CALL = "__generated";

  private static final String NUMBER = "output";

  private final FileOptions files;
  private final SamplingParams params;
  private final boolean several;

  GeneratedColumns(FileOptions files, SamplingParams params) {
    this.files = files;
    this.params = params;
    this.several = params.n() > 1;
  }

  /** Why a row has no outputs; NULL if it has them. */
  Column error() {
    Column told = field("error");
    return coalesce(col(Prompts.PROBLEM), several ? element_at(told, 1) : told);
  }

  /** Tokens of a row's outputs together. */
  Column tokens() {
    return several
        ? expr("aggregate(%s.completion_tokens, 0, (a, b) -> a + b)".formatted(CALL))
        : field("completion_tokens");
  }

  /** The rows that are written, of rows of prompts. */
  Dataset<Row> rows(Dataset<Row> generated, Optional<String> key) {
    List<Column> columns = new ArrayList<>();
    key.ifPresent(name -> columns.add(col(SqlText.identifier(name))));
    Dataset<Row> rows = generated;
    if (inRows()) {
      String one = CALL + "_one";
      rows =
          generated
              .withColumn("__error", error())
              .select(
                  col("*"), posexplode_outer(col(CALL)).as(new String[] {CALL + "_number", one}))
              .drop(CALL)
              .withColumnRenamed(one, CALL);
      columns.add(col(CALL + "_number").as(NUMBER));
    }

    columns.add(written("text"));
    if (files.isDetailed()) {
      columns.add(nested("token_ids"));
      columns.add(written("finish_reason"));
      columns.add(
          inArrays()
              ? element_at(field("prompt_tokens"), 1).as("prompt_tokens")
              : written("prompt_tokens"));
      columns.add(written("completion_tokens"));
      columns.add((inRows() ? col("__error") : error()).as("error"));
      if (params.logprobs() >= 0) {
        columns.add(nested("logprobs"));
      }

      if (params.promptLogprobs() >= 0) {
        columns.add(nested("prompt_logprobs"));
      }
    }

    return rows.select(columns.toArray(Column[]::new));
  }

  private boolean inRows() {
    return several && files.spreadsOutputs();
  }

  private boolean inArrays() {
    return several && !files.spreadsOutputs();
  }

  /** A field that is an array only if there are several outputs in a row. */
  private Column written(String name) {
    return inArrays() ? nested(name) : field(name).as(name);
  }

  private Column nested(String name) {
    return (files.format().isNested() ? field(name) : to_json(field(name))).as(name);
  }

  private static Column field(String name) {
    return col(CALL).getField(name);
  }
}
