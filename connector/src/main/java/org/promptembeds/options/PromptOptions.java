package org.promptembeds.options;

import java.util.List;

/** Arguments of the functions that make token ids and prompt embeddings. */
public final class PromptOptions {
  public static final Option<Boolean> ADD_GENERATION_PROMPT =
      new Option<>(
          "add_generation_prompt",
          OptionType.BOOLEAN,
          "true",
          "Whether the prompt ends where the assistant begins to speak.");
  public static final Option<String> TOOLS =
      new Option<>(
          "tools",
          OptionType.STRING,
          null,
          "What the chat template sees as `tools`: JSON text, or an array of structs or maps.");
  public static final Option<String> DOCUMENTS =
      new Option<>(
          "documents",
          OptionType.STRING,
          null,
          "What the chat template sees as `documents`: JSON text, or an array of structs or maps.");
  public static final Option<String> VARIABLES =
      new Option<>(
          "variables",
          OptionType.STRING,
          null,
          "Further variables of the chat template, such as `enable_thinking`: a JSON object, a"
              + " struct or a map.");

  /** Arguments of functions over text and token ids. */
  public static final OptionSet TEXT = new OptionSet("argument", List.of(SamplingOptions.MODEL));

  /** Arguments of functions over chats. */
  public static final OptionSet CHAT =
      new OptionSet(
          "argument",
          List.of(SamplingOptions.MODEL, ADD_GENERATION_PROMPT, TOOLS, DOCUMENTS, VARIABLES));

  private PromptOptions() {}
}
