package org.promptembeds.sql.call;

import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.promptembeds.options.Option;
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
        arguments(function.input()),
        examples(function),
        "",
        "misc_funcs",
        "0.1.0",
        "",
        "scala_udf");
  }

  private static String usage(GenerateFunction function) {
    GenerateInput input = function.input();
    String call =
        "_FUNC_(%s[, model => ..., max_tokens => ..., ...]) - ".formatted(input.parameter());
    String prompts =
        switch (input) {
          case EMBEDS -> "prompt embeddings";
          case TEXT -> "a text, or for a chat written by the model's chat template";
        };
    return ofOneOutput(function, call, prompts) + " A call that gives n returns an array of them.";
  }

  private static String ofOneOutput(GenerateFunction function, String call, String prompts) {
    return switch (function.fault()) {
      case FAILS ->
          call
              + "Returns the text that the model generates for %s. A row at fault fails the query."
                  .formatted(prompts);
      case GIVES_NULL ->
          call
              + "Returns the text that the model generates for %s, or NULL for a row at fault."
                  .formatted(prompts)
              + (function.input() == GenerateInput.EMBEDS
                  ? " An argument that fails, such as embed_chat of a bad chat, fails the query: its"
                      + " own try_ function gives NULL."
                  : "");
      case IS_TOLD ->
          call
              + "Returns a struct of text, token_ids, finish_reason, prompt_tokens,"
              + " completion_tokens, logprobs, prompt_logprobs and error. A row at fault has only error.";
    };
  }

  private static String arguments(GenerateInput input) {
    StringBuilder text = new StringBuilder("\n    Arguments:\n");
    text.append("      * %s - %s NULL gives NULL.%n".formatted(input.parameter(), prompt(input)));
    for (Option<?> option : input.arguments().options()) {
      String defaultText =
          option.defaultValue() == null ? "" : " Default " + option.defaultValue() + ".";
      text.append(
          "      * %s => %s - %s%s%n"
              .formatted(option.key(), option.type().name(), option.doc(), defaultText));
    }

    return text.append("  ").toString().replace("\r", "");
  }

  private static String prompt(GenerateInput input) {
    return switch (input) {
      case EMBEDS ->
          "prompt embeddings (sequence_length, hidden_size): array<array<float>>, a"
              + " flat array<float>, the same of double, binary or base64 string holding a serialised"
              + " tensor; or an array of parts, put one after the other: structs with some of the fields "
              + PromptPart.FIELDS
              + ", one of which has a value, or the one that type names.";
      case TEXT ->
          "a string, which gets the special tokens that the tokenizer adds and no chat template; or a"
              + " chat: an array of structs or maps with role and content.";
    };
  }

  private static String examples(GenerateFunction function) {
    String examples =
        switch (function.input()) {
          case EMBEDS ->
              """
              Examples:
                > SELECT id, _FUNC_(embeds)%1$s FROM prompts;
                > SELECT id, _FUNC_(embeds, model => '/models/tiny-chat', max_tokens => 64)%1$s FROM prompts;
                > SELECT id, _FUNC_(embeds, temperature => 0.7, top_p => 0.9, seed => id)%1$s FROM prompts;
                > SELECT id, _FUNC_(embeds, soft_prompt => '/adapters/pirate')%1$s FROM prompts;
                > SELECT _FUNC_(from_json('[{"text": "Hello"}, {"soft_prompt": "pirate"}]', 'array<struct<text string, soft_prompt string>>'))%1$s;
                > SELECT id, _FUNC_(embeds, map('max_tokens', '64', 'stop', 'END'))%1$s FROM prompts;
              """;
          case TEXT ->
              """
              Examples:
                > SELECT _FUNC_('Once upon a time')%1$s;
                > SELECT id, _FUNC_(messages, model => '/models/tiny-chat', max_tokens => 64)%1$s FROM chats;
                > SELECT id, _FUNC_(array(named_struct('role', 'user', 'content', question)), temperature => 0.7)%1$s FROM questions;
                > SELECT _FUNC_(messages, variables => named_struct('enable_thinking', false))%1$s FROM chats;
              """;
        };
    String field = function.isDetailed() ? ".text" : "";
    return "\n" + examples.formatted(field).indent(4) + "  ";
  }
}
