package org.promptembeds.options;

import java.util.List;
import java.util.stream.Stream;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.SettingType;

/** Arguments of the functions that make token ids and prompt embeddings. */
public final class PromptOptions {
  public static final Option<Boolean> ADD_GENERATION_PROMPT =
      new Option<>(
          "add_generation_prompt",
          ValueType.FLAG,
          "true",
          "Whether the prompt ends where the assistant begins to speak.");
  public static final Option<Object> TOOLS =
      new Option<>(
          "tools",
          OptionType.STRUCTURED,
          null,
          "What the chat template sees as `tools`: JSON text, or an array of structs or maps.");
  public static final Option<Object> DOCUMENTS =
      new Option<>(
          "documents",
          OptionType.STRUCTURED,
          null,
          "What the chat template sees as `documents`: JSON text, or an array of structs or maps.");
  public static final Option<Object> VARIABLES =
      new Option<>(
          "variables",
          OptionType.STRUCTURED,
          null,
          "Further variables of the chat template, such as `enable_thinking`: a JSON object, a"
              + " struct or a map.");

  public static final Option<String> DTYPE =
      new Option<>(
          "dtype",
          SettingType.oneOf("float32", "float16", "bfloat16"),
          "float32",
          "Type of the tensor's elements.");

  /** What can only be said of prompts that come as embeddings. */
  private static final List<Option<?>> OF_EMBEDS =
      Stream.concat(Stream.of(SamplingOptions.HIDDEN_SIZE), PromptInputs.OF_ROWS.stream()).toList();

  /** Arguments of functions over text and token ids. */
  public static final OptionSet TEXT = new OptionSet("argument", List.of(SamplingOptions.MODEL));

  /** Arguments of functions over chats. */
  public static final OptionSet CHAT =
      new OptionSet(
          "argument",
          List.of(SamplingOptions.MODEL, ADD_GENERATION_PROMPT, TOOLS, DOCUMENTS, VARIABLES));

  /** Arguments of the functions that serialise embeddings. */
  public static final OptionSet TENSOR =
      new OptionSet("argument", List.of(SamplingOptions.MODEL, SamplingOptions.HIDDEN_SIZE, DTYPE));

  /** Arguments of the generate functions over texts and chats. */
  public static final OptionSet GENERATE = new OptionSet("argument", generate());

  private PromptOptions() {}

  /** Those of functions over chats, then those of functions over embeddings that texts can have. */
  private static List<Option<?>> generate() {
    return Stream.concat(
            CHAT.options().stream(),
            SamplingOptions.ARGUMENTS.options().stream()
                .filter(option -> !CHAT.options().contains(option))
                .filter(option -> !OF_EMBEDS.contains(option)))
        .toList();
  }
}
