package org.promptembeds.serve.chat;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.promptembeds.model.PromptEncoder;

/**
 * By which names, which are vLLM's, calls and thoughts are found in what a model writes.
 *
 * @param toolCalls {@code auto}, {@code none}, or a manner of calls
 * @param reasoning {@code auto}, {@code none}, or a manner of thoughts
 */
public record ChatParsers(String toolCalls, String reasoning) implements Serializable {
  private static final String AUTO_NAME = "auto";
  private static final String NONE = "none";
  private static final String HARMONY_CALLS = "openai";
  private static final String HARMONY_THOUGHTS = "openai_gptoss";
  private static final Map<String, Supplier<ToolCallManner>> CALLS =
      Map.of(
          "hermes", HermesCalls::new,
          "llama3_json", LlamaCalls::new,
          "llama4_json", LlamaCalls::new,
          "mistral", MistralCalls::new);
  private static final Map<String, Thinking> THOUGHTS =
      Map.of("qwen3", Thinking.MARKED, "deepseek_r1", Thinking.ALWAYS, NONE, Thinking.NEVER);

  /** Both by the model's chat template. */
  public static final ChatParsers AUTO = new ChatParsers(AUTO_NAME, AUTO_NAME);

  public ChatParsers {
    check("--tool-call-parser", toolCalls, toolCallNames());
    check("--reasoning-parser", reasoning, reasoningNames());
  }

  private static void check(String option, String value, List<String> names) {
    if (!names.contains(value)) {
      throw new IllegalArgumentException(
          "%s must be one of %s, got '%s'".formatted(option, String.join(", ", names), value));
    }
  }

  /** What {@link #toolCalls} may be. */
  public static List<String> toolCallNames() {
    return names(CALLS, NONE, HARMONY_CALLS);
  }

  /** What {@link #reasoning} may be. */
  public static List<String> reasoningNames() {
    return names(THOUGHTS, HARMONY_THOUGHTS);
  }

  private static List<String> names(Map<String, ?> known, String... others) {
    TreeMap<String, Object> names = new TreeMap<>(known);
    List.of(others).forEach(name -> names.put(name, name));
    return Stream.concat(Stream.of(AUTO_NAME), names.keySet().stream()).toList();
  }

  /** The manner of a model. */
  public OutputManner manner(PromptEncoder encoder) {
    TemplateManner template = new TemplateManner(encoder.chatTemplate());
    String calls = toolCalls.equals(AUTO_NAME) ? template.toolCalls() : toolCalls;
    String thoughts = reasoning.equals(AUTO_NAME) ? template.reasoning() : reasoning;
    MarkForms marks = new MarkForms(encoder);
    if (calls.equals(HARMONY_CALLS) || thoughts.equals(HARMONY_THOUGHTS)) {
      return new HarmonyManner(marks);
    }

    Supplier<ToolCallManner> manner = CALLS.get(calls);
    return new TaggedManner(
        manner == null ? null : manner.get(),
        THOUGHTS.getOrDefault(thoughts, Thinking.NEVER),
        marks);
  }
}
