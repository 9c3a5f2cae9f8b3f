package org.promptembeds.sql.call;

import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.promptembeds.options.Option;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.prompt.PromptPart;

/** What {@code DESCRIBE FUNCTION EXTENDED} says. */
final class FunctionDocs {
  private FunctionDocs() {}

  static ExpressionInfo of(GenerateFunction function) {
    return new ExpressionInfo(
        GenerateFromEmbeds.class.getName(),
        null,
        function.sqlName(),
        usage(function),
        arguments(),
        examples(function),
        "",
        "misc_funcs",
        "0.1.0",
        "",
        "scala_udf");
  }

  private static String usage(GenerateFunction function) {
    String call = "_FUNC_(embeds[, model => ..., max_tokens => ..., ...]) - ";
    return switch (function) {
      case GENERATE ->
          call
              + "Returns the text that the model generates for prompt embeddings. A row at fault"
              + " fails the query.";
      case TRY_GENERATE ->
          call
              + "Returns the text that the model generates for prompt embeddings, or NULL for a row"
              + " at fault. An argument that fails, such as embed_chat of a bad chat, fails the query:"
              + " its own try_ function gives NULL.";
      case GENERATE_DETAIL ->
          call
              + "Returns a struct of text, token_ids, finish_reason, prompt_tokens,"
              + " completion_tokens, logprobs and error. A row at fault has only error.";
    };
  }

  private static String arguments() {
    StringBuilder text = new StringBuilder("\n    Arguments:\n");
    text.append(
        "      * embeds - prompt embeddings (sequence_length, hidden_size): array<array<float>>, a"
            + " flat array<float>, the same of double, binary or base64 string holding a serialised"
            + " tensor; or an array of parts, put one after the other: structs with some of the fields "
            + PromptPart.FIELDS
            + ", one of which has a value, or the one that type names. NULL gives NULL.\n");
    for (Option<?> option : SamplingOptions.ARGUMENTS.options()) {
      String defaultText =
          option.defaultValue() == null ? "" : " Default " + option.defaultValue() + ".";
      text.append(
          "      * %s => %s - %s%s%n"
              .formatted(option.key(), option.type().name(), option.doc(), defaultText)
              .replace("\r", ""));
    }

    return text.append("  ").toString();
  }

  private static String examples(GenerateFunction function) {
    String field = function == GenerateFunction.GENERATE_DETAIL ? ".text" : "";
    String examples =
        """
        Examples:
          > SELECT id, _FUNC_(embeds)%1$s FROM prompts;
          > SELECT id, _FUNC_(embeds, model => '/models/tiny-chat', max_tokens => 64)%1$s FROM prompts;
          > SELECT id, _FUNC_(embeds, temperature => 0.7, top_p => 0.9, seed => id)%1$s FROM prompts;
          > SELECT id, _FUNC_(embeds, soft_prompt => '/adapters/pirate')%1$s FROM prompts;
          > SELECT _FUNC_(from_json('[{"text": "Hello"}, {"soft_prompt": "pirate"}]', 'array<struct<text string, soft_prompt string>>'))%1$s;
          > SELECT id, _FUNC_(embeds, map('max_tokens', '64', 'stop', 'END'))%1$s FROM prompts;
        """;
    return "\n" + examples.formatted(field).indent(4) + "  ";
  }
}
