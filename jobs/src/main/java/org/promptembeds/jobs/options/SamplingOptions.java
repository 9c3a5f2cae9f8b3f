package org.promptembeds.jobs.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.SqlText;
import picocli.CommandLine.Option;

/** Options on how tokens are chosen and when a generation stops, with vLLM's names. */
public final class SamplingOptions {
  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens to generate per row; default 256.")
  private int maxTokens = 256;

  @Option(
      names = "--min-tokens",
      paramLabel = "N",
      description = "Fewest tokens before the end may be chosen; default 0.")
  private int minTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Default 0: the most likely token; otherwise logits are divided by it.")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Smallest set of tokens whose probability reaches P; default 1: all.")
  private double topP = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Only the K most likely tokens; default 0: all.")
  private int topK;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Least probability relative to the most likely token; default 0.")
  private double minP;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Taken from the logits of tokens in the output, -2 to 2; default 0.")
  private double presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Taken from them for each occurrence, -2 to 2; default 0.")
  private double frequencyPenalty;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Divides their logits if positive, else multiplies them; default 1.")
  private double repetitionPenalty = 1;

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=X",
      split = ",",
      description = "Added to the logits of token ids, comma-separated, -100 to 100.")
  private Map<Integer, Double> logitBias = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random numbers; without one, derived from each row's content.")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Text that ends a generation and is cut off; repeatable.")
  private List<String> stop = new ArrayList<>();

  @Option(
      names = "--stop-token-ids",
      paramLabel = "ID",
      split = ",",
      description = "Token ids that end a generation, comma-separated.")
  private List<Integer> stopTokenIds = new ArrayList<>();

  @Option(
      names = "--ignore-eos",
      description = "Treat the model's end-of-sequence tokens as ordinary ones.")
  private boolean ignoreEos;

  @Option(
      names = "--logprobs",
      paramLabel = "N",
      description = "With --detail: log-probabilities of the chosen and the N most likely tokens.")
  private int logprobs = -1;

  /**
   * The parameters.
   *
   * @throws IllegalArgumentException naming every value out of bounds
   */
  public SamplingParams params() {
    return SamplingParams.builder()
        .maxTokens(maxTokens)
        .minTokens(minTokens)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .minP(minP)
        .presencePenalty(presencePenalty)
        .frequencyPenalty(frequencyPenalty)
        .repetitionPenalty(repetitionPenalty)
        .logitBias(logitBias)
        .seed(seed)
        .stop(stop)
        .stopTokenIds(stopTokenIds)
        .ignoreEos(ignoreEos)
        .logprobs(logprobs)
        .build();
  }

  /** The parameters that are not the defaults, as named arguments of a SQL function. */
  public static Map<String, String> sqlArguments(SamplingParams params) {
    SamplingParams defaults = SamplingParams.builder().build();
    Map<String, String> arguments = new LinkedHashMap<>();
    put(arguments, "max_tokens", params.maxTokens(), defaults.maxTokens());
    put(arguments, "min_tokens", params.minTokens(), defaults.minTokens());
    put(arguments, "temperature", params.temperature(), defaults.temperature());
    put(arguments, "top_p", params.topP(), defaults.topP());
    put(arguments, "top_k", params.topK(), defaults.topK());
    put(arguments, "min_p", params.minP(), defaults.minP());
    put(arguments, "presence_penalty", params.presencePenalty(), defaults.presencePenalty());
    put(arguments, "frequency_penalty", params.frequencyPenalty(), defaults.frequencyPenalty());
    put(arguments, "repetition_penalty", params.repetitionPenalty(), defaults.repetitionPenalty());
    put(arguments, "ignore_eos", params.ignoreEos(), defaults.ignoreEos());
    put(arguments, "logprobs", params.logprobs(), defaults.logprobs());
    if (params.seed() != null) {
      arguments.put("seed", params.seed() + "L");
    }

    if (!params.logitBias().isEmpty()) {
      arguments.put(
          "logit_bias",
          params.logitBias().entrySet().stream()
              .map(entry -> entry.getKey() + ", " + entry.getValue() + "D")
              .collect(Collectors.joining(", ", "map(", ")")));
    }

    if (!params.stop().isEmpty()) {
      arguments.put(
          "stop",
          params.stop().stream()
              .map(SqlText::string)
              .collect(Collectors.joining(", ", "array(", ")")));
    }

    if (!params.stopTokenIds().isEmpty()) {
      arguments.put(
          "stop_token_ids",
          params.stopTokenIds().stream()
              .map(String::valueOf)
              .collect(Collectors.joining(", ", "array(", ")")));
    }

    return arguments;
  }

  private static void put(
      Map<String, String> arguments, String name, Object value, Object defaultValue) {
    if (!value.equals(defaultValue)) {
      arguments.put(name, value instanceof Double number ? number + "D" : value.toString());
    }
  }
}
