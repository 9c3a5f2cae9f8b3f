package org.promptembeds.jobs.options;

import org.jspecify.annotations.Nullable;
import org.promptembeds.serve.chat.ChatParsers;
import picocli.CommandLine.Option;

/** Options of a model that requests name. */
public final class ServedModelOptions extends ModelOptions {
  @Option(
      names = "--served-model-name",
      paramLabel = "NAME",
      description = "What requests call the model; default: the directory's name.")
  private @Nullable String name;

  @Option(
      names = "--tool-call-parser",
      paramLabel = "NAME",
      description =
          "How the model writes calls of functions: auto (by its chat template), hermes,"
              + " llama3_json, llama4_json, mistral, openai or none; default ${DEFAULT-VALUE}.")
  private String toolCallParser = ChatParsers.AUTO.toolCalls();

  @Option(
      names = "--reasoning-parser",
      paramLabel = "NAME",
      description =
          "How the model writes thoughts: auto (by its chat template), qwen3, deepseek_r1,"
              + " openai_gptoss or none; default ${DEFAULT-VALUE}.")
  private String reasoningParser = ChatParsers.AUTO.reasoning();

  /**
   * How calls and thoughts are found.
   *
   * @throws IllegalArgumentException naming an option whose value cannot be
   */
  public ChatParsers parsers() {
    return new ChatParsers(toolCallParser, reasoningParser);
  }

  /** What requests call the model. */
  public String servedName() {
    if (name != null) {
      return name;
    }

    String model = spec().model().replaceFirst("/+$", "");
    String last = model.substring(model.lastIndexOf('/') + 1);
    return last.isEmpty() ? "model" : last;
  }
}
