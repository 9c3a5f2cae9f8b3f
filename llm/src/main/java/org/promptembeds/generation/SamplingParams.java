package org.promptembeds.generation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen and when a generation stops. Names, meanings and bounds are those of vLLM's
 * {@code SamplingParams}; defaults are greedy and 256 tokens.
 *
 * @param maxTokens most tokens to generate, at least 1
 * @param minTokens fewest tokens before an end-of-sequence or stop token may be chosen
 * @param temperature 0 is greedy; otherwise logits are divided by it
 * @param topP smallest set of tokens whose probability reaches this, in (0, 1]
 * @param topK only the k most likely tokens; 0 keeps all
 * @param minP least probability relative to the most likely token, in [0, 1]
 * @param presencePenalty taken from the logit of every token of the output so far, in [-2, 2]
 * @param frequencyPenalty taken from a token's logit for each time the output has it, in [-2, 2]
 * @param repetitionPenalty what the logits of tokens of the output so far are divided by if
 *     positive and multiplied by if negative, above 0; a prompt of embeddings has no tokens that
 *     would count
 * @param logitBias what is added to the logits of token ids, each in [-100, 100]; at most {@value
 *     #MAX_BIASES} of them
 * @param seed seed of the row's random numbers; null derives it from the row's content
 * @param stop strings that end the generation and are cut from the text
 * @param stopTokenIds token ids that end the generation
 * @param ignoreEos whether the model's end-of-sequence tokens are ordinary tokens
 * @param logprobs log-probabilities returned per token, besides the chosen one's; -1 returns none
 */
public record SamplingParams(
    int maxTokens,
    int minTokens,
    double temperature,
    double topP,
    int topK,
    double minP,
    double presencePenalty,
    double frequencyPenalty,
    double repetitionPenalty,
    Map<Integer, Double> logitBias,
    @Nullable Long seed,
    List<String> stop,
    List<Integer> stopTokenIds,
    boolean ignoreEos,
    int logprobs) {

  /** Most alternatives a row may ask log-probabilities for, as vLLM's {@code max_logprobs}. */
  public static final int MAX_LOGPROBS = 20;

  /** Most tokens with a bias, as OpenAI's API has it. */
  public static final int MAX_BIASES = 300;

  private static final double MAX_PENALTY = 2;
  private static final double MAX_BIAS = 100;

  public SamplingParams {
    stop = List.copyOf(stop);
    stopTokenIds = List.copyOf(stopTokenIds);
    logitBias = Collections.unmodifiableMap(new TreeMap<>(logitBias));
    List<String> problems = new ArrayList<>();
    require(maxTokens >= 1, "max_tokens must be at least 1, got " + maxTokens, problems);
    require(minTokens >= 0, "min_tokens must be at least 0, got " + minTokens, problems);
    require(
        minTokens <= maxTokens,
        "min_tokens must not exceed max_tokens (" + maxTokens + "), got " + minTokens,
        problems);
    require(
        temperature >= 0 && temperature <= Float.MAX_VALUE,
        "temperature must be a finite number of at least 0, got " + temperature,
        problems);
    require(topP > 0 && topP <= 1, "top_p must be in (0, 1], got " + topP, problems);
    require(topK >= 0, "top_k must be at least 0 (0 keeps all tokens), got " + topK, problems);
    require(minP >= 0 && minP <= 1, "min_p must be in [0, 1], got " + minP, problems);
    require(
        Math.abs(presencePenalty) <= MAX_PENALTY,
        "presence_penalty must be in [-2, 2], got " + presencePenalty,
        problems);
    require(
        Math.abs(frequencyPenalty) <= MAX_PENALTY,
        "frequency_penalty must be in [-2, 2], got " + frequencyPenalty,
        problems);
    require(
        repetitionPenalty > 0 && repetitionPenalty <= Float.MAX_VALUE,
        "repetition_penalty must be a finite number above 0, got " + repetitionPenalty,
        problems);
    checkBias(logitBias, problems);
    require(
        stop.stream().noneMatch(String::isEmpty), "stop must not hold an empty string", problems);
    require(
        stopTokenIds.stream().allMatch(id -> id >= 0),
        "stop_token_ids must not be negative, got " + stopTokenIds,
        problems);
    require(
        logprobs >= -1 && logprobs <= MAX_LOGPROBS,
        "logprobs must be in [0, " + MAX_LOGPROBS + "], got " + logprobs,
        problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void checkBias(Map<Integer, Double> logitBias, List<String> problems) {
    require(
        logitBias.size() <= MAX_BIASES,
        "logit_bias must have at most " + MAX_BIASES + " tokens, got " + logitBias.size(),
        problems);
    logitBias.forEach(
        (id, bias) -> {
          require(id >= 0, "logit_bias must not have negative token ids, got " + id, problems);
          require(
              Math.abs(bias) <= MAX_BIAS,
              "logit_bias of token " + id + " must be in [-100, 100], got " + bias,
              problems);
        });
  }

  private static void require(boolean condition, String problem, List<String> problems) {
    if (!condition) {
      problems.add(problem);
    }
  }

  /**
   * Whether the most likely token is always chosen: the temperature is 0, or so near to it that a
   * device, which computes with normal floats, takes it for 0.
   */
  public boolean isGreedy() {
    return temperature < Float.MIN_NORMAL;
  }

  /** Whether the next token depends on which tokens the output has, apart from the model. */
  public boolean hasPenalties() {
    return presencePenalty != 0 || frequencyPenalty != 0 || repetitionPenalty != 1;
  }

  /** The same parameters with another seed. */
  public SamplingParams withSeed(long value) {
    return new SamplingParams(
        maxTokens,
        minTokens,
        temperature,
        topP,
        topK,
        minP,
        presencePenalty,
        frequencyPenalty,
        repetitionPenalty,
        logitBias,
        value,
        stop,
        stopTokenIds,
        ignoreEos,
        logprobs);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects parameters; what is not set keeps its default. */
  public static final class Builder {
    private int maxTokens = 256;
    private int minTokens;
    private double temperature;
    private double topP = 1;
    private int topK;
    private double minP;
    private double presencePenalty;
    private double frequencyPenalty;
    private double repetitionPenalty = 1;
    private Map<Integer, Double> logitBias = Map.of();
    private @Nullable Long seed;
    private List<String> stop = List.of();
    private List<Integer> stopTokenIds = List.of();
    private boolean ignoreEos;
    private int logprobs = -1;

    private Builder() {}

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder minTokens(int value) {
      minTokens = value;
      return this;
    }

    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    public Builder topP(double value) {
      topP = value;
      return this;
    }

    public Builder topK(int value) {
      topK = value;
      return this;
    }

    public Builder minP(double value) {
      minP = value;
      return this;
    }

    public Builder presencePenalty(double value) {
      presencePenalty = value;
      return this;
    }

    public Builder frequencyPenalty(double value) {
      frequencyPenalty = value;
      return this;
    }

    public Builder repetitionPenalty(double value) {
      repetitionPenalty = value;
      return this;
    }

    public Builder logitBias(Map<Integer, Double> value) {
      logitBias = value;
      return this;
    }

    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    public Builder stop(List<String> value) {
      stop = value;
      return this;
    }

    public Builder stopTokenIds(List<Integer> value) {
      stopTokenIds = value;
      return this;
    }

    public Builder ignoreEos(boolean value) {
      ignoreEos = value;
      return this;
    }

    public Builder logprobs(int value) {
      logprobs = value;
      return this;
    }

    /**
     * The parameters.
     *
     * @throws IllegalArgumentException naming every value out of bounds
     */
    public SamplingParams build() {
      return new SamplingParams(
          maxTokens,
          minTokens,
          temperature,
          topP,
          topK,
          minP,
          presencePenalty,
          frequencyPenalty,
          repetitionPenalty,
          logitBias,
          seed,
          stop,
          stopTokenIds,
          ignoreEos,
          logprobs);
    }
  }
}
