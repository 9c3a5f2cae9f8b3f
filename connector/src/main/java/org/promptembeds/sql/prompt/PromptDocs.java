package org.promptembeds.sql.prompt;

import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.promptembeds.options.Option;

/** What {@code DESCRIBE FUNCTION EXTENDED} says of the prompt functions. */
final class PromptDocs {
  private PromptDocs() {}

  static ExpressionInfo of(PromptFunction function) {
    return new ExpressionInfo(
        PromptCall.class.getName(),
        null,
        function.sqlName(),
        usage(function),
        arguments(function),
        examples(function),
        "",
        "misc_funcs",
        "0.1.0",
        "",
        "scala_udf");
  }

  private static String usage(PromptFunction function) {
    String what =
        switch (function.input()) {
          case TEXT -> "text, with the special tokens that the model's tokenizer adds";
          case TOKENS -> "token ids";
          case CHAT -> "a chat, written by the model's chat template";
          case PATH -> "a soft prompt: a prompt-tuning or p-tuning adapter of PEFT";
          case EMBEDS -> "embeddings, as vLLM and others take them in prompt_embeds";
          case PARTS ->
              "its parts, one after the other; text gets no special tokens from the tokenizer";
        };
    String value =
        switch (function) {
          case TOKEN_IDS -> "the token ids of ";
          case DETOKENIZE -> "the text, without special tokens, of ";
          case TO_TORCH -> "the bytes that torch.save writes for ";
          case TO_BASE64_TENSOR -> "the base64 of the bytes that torch.save writes for ";
          default ->
              "the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of ";
        };
    return "_FUNC_(%s[, model => ...]) - Returns %s%s. NULL gives NULL. A row at fault %s."
        .formatted(
            function.input().parameter() + (function.input().isVariadic() ? ", ..." : ""),
            value,
            what,
            function.isLenient() ? "gives NULL" : "fails the query");
  }

  private static String arguments(PromptFunction function) {
    StringBuilder text = new StringBuilder("\n    Arguments:\n");
    text.append(
        "      * %s - %s%n"
            .formatted(function.input().parameter(), function.input().expectation()));
    for (Option<?> option : function.options().options()) {
      text.append(
          "      * %s => %s - %s%n".formatted(option.key(), option.type().name(), option.doc()));
    }

    return text.append("  ").toString().replace("\r", "");
  }

  private static String examples(PromptFunction function) {
    String example =
        switch (function.input()) {
          case TEXT -> "_FUNC_('Please tell me about the capital of France.')";
          case TOKENS -> "_FUNC_(array(1, 2, 3), model => '/models/tiny-chat')";
          case CHAT ->
              "_FUNC_(array(named_struct('role', 'user', 'content', 'Hello')), variables =>"
                  + " named_struct('enable_thinking', false))";
          case PATH -> "_FUNC_('/adapters/pirate')";
          case EMBEDS -> "_FUNC_(embed_prompt('Hello'), dtype => 'bfloat16')";
          case PARTS -> "_FUNC_(soft_prompt('/adapters/pirate'), embed_prompt('Hello'))";
        };
    return "\n    Examples:\n      > SELECT " + example + ";\n  ";
  }
}
