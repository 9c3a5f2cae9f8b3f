package org.promptembeds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.promptembeds.sql.SessionRegistration;

/**
 * The functions of this connector for DataFrames, and their registration in a running session.
 *
 * <p>Options are those of the SQL functions, such as {@code max_tokens}; a value may be a column.
 */
public final class PromptEmbeds {
  private PromptEmbeds() {}

  /**
   * Adds the SQL functions to a session that was started without the extension. Sessions that have
   * it are left alone.
   *
   * <p>The extension plans better: a common table expression used twice, for instance, is generated
   * for once.
   *
   * @throws IllegalArgumentException if the session runs elsewhere, through Spark Connect
   */
  public static void register(SparkSession session) {
    SessionRegistration.register(session);
  }

  /** Text generated for {@code embeds}; a row at fault fails the query. */
  public static Column generateFromEmbeds(Column embeds) {
    return generateFromEmbeds(embeds, Map.of());
  }

  /** Text generated for {@code embeds}; a row at fault fails the query. */
  public static Column generateFromEmbeds(Column embeds, Map<String, ?> options) {
    return call("generate_from_embeds", embeds, options);
  }

  /** Text generated for {@code embeds}; NULL for a row at fault. */
  public static Column tryGenerateFromEmbeds(Column embeds, Map<String, ?> options) {
    return call("try_generate_from_embeds", embeds, options);
  }

  /** A struct of text, tokens and counts; only {@code error} for a row at fault. */
  public static Column generateFromEmbedsDetail(Column embeds, Map<String, ?> options) {
    return call("generate_from_embeds_detail", embeds, options);
  }

  /** Text generated for a text or a chat; a row at fault fails the query. */
  public static Column generateText(Column prompt) {
    return generateText(prompt, Map.of());
  }

  /** Text generated for a text or a chat; a row at fault fails the query. */
  public static Column generateText(Column prompt, Map<String, ?> options) {
    return call("generate_text", prompt, options);
  }

  /** Text generated for a text or a chat; NULL for a row at fault. */
  public static Column tryGenerateText(Column prompt, Map<String, ?> options) {
    return call("try_generate_text", prompt, options);
  }

  /** A struct of text, tokens and counts; only {@code error} for a row at fault. */
  public static Column generateTextDetail(Column prompt, Map<String, ?> options) {
    return call("generate_text_detail", prompt, options);
  }

  private static Column call(String function, Column prompt, Map<String, ?> options) {
    if (options.isEmpty()) {
      return functions.call_function(function, prompt);
    }

    List<Column> fields = new ArrayList<>();
    options.forEach((name, value) -> fields.add(column(value).as(name)));
    return functions.call_function(
        function, prompt, functions.struct(fields.toArray(Column[]::new)));
  }

  private static Column column(Object value) {
    return value instanceof Iterable<?> elements
        ? functions.array(columns(elements).toArray(Column[]::new))
        : functions.lit(value);
  }

  private static List<Column> columns(Iterable<?> elements) {
    List<Column> columns = new ArrayList<>();
    elements.forEach(element -> columns.add(functions.lit(element)));
    return columns;
  }
}
