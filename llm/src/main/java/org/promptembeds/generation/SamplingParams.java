package org.promptembeds.generation;

import static org.promptembeds.generation.parameter.ChoiceParameters.FREQUENCY_PENALTY;
import static org.promptembeds.generation.parameter.ChoiceParameters.LOGIT_BIAS;
import static org.promptembeds.generation.parameter.ChoiceParameters.MIN_P;
import static org.promptembeds.generation.parameter.ChoiceParameters.PRESENCE_PENALTY;
import static org.promptembeds.generation.parameter.ChoiceParameters.REPETITION_PENALTY;
import static org.promptembeds.generation.parameter.ChoiceParameters.SEED;
import static org.promptembeds.generation.parameter.ChoiceParameters.TEMPERATURE;
import static org.promptembeds.generation.parameter.ChoiceParameters.TOP_K;
import static org.promptembeds.generation.parameter.ChoiceParameters.TOP_P;
import static org.promptembeds.generation.parameter.OutputParameters.DETOKENIZE;
import static org.promptembeds.generation.parameter.OutputParameters.LOGPROBS;
import static org.promptembeds.generation.parameter.OutputParameters.LOGPROB_TOKEN_IDS;
import static org.promptembeds.generation.parameter.OutputParameters.PROMPT_LOGPROBS;
import static org.promptembeds.generation.parameter.SearchParameters.BEAM_WIDTH;
import static org.promptembeds.generation.parameter.SearchParameters.N;
import static org.promptembeds.generation.parameter.StopParameters.IGNORE_EOS;
import static org.promptembeds.generation.parameter.StopParameters.MAX_TOKENS;
import static org.promptembeds.generation.parameter.StopParameters.MIN_TOKENS;
import static org.promptembeds.generation.parameter.StopParameters.STOP;
import static org.promptembeds.generation.parameter.StopParameters.STOP_TOKEN_IDS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.parameter.Surface;

/**
 * How tokens are chosen and when a generation stops: values of the {@link Parameters}. Names,
 * meanings and bounds are those of vLLM's {@code SamplingParams}; defaults are greedy and 256
 * tokens.
 *
 * @param values what differs from the defaults, in the order of the table
 */
public record SamplingParams(Map<Parameter<?>, Object> values) {
  public SamplingParams {
    Map<Parameter<?>, Object> checked = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Parameter<?> parameter : Parameters.all()) {
      if (values.containsKey(parameter)) {
        keep(parameter, values.get(parameter), checked, problems);
      }
    }

    values = Collections.unmodifiableMap(checked);
    int maxTokens = valueIn(values, MAX_TOKENS);
    int minTokens = valueIn(values, MIN_TOKENS);
    if (minTokens > maxTokens) {
      problems.add(
          "min_tokens must not exceed max_tokens (%d), got %d".formatted(maxTokens, minTokens));
    }

    if (!valueIn(values, STOP).isEmpty() && !valueIn(values, DETOKENIZE)) {
      problems.add("stop strings are found in text: leave out stop, or detokenize");
    }

    problems.addAll(FormParameters.problems(values));
    problems.addAll(OutputParameters.problems(values));
    problems.addAll(SearchParameters.problems(values));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** Keeps a value that is not the default. */
  private static <T> void keep(
      Parameter<T> parameter,
      @Nullable Object value,
      Map<Parameter<?>, Object> kept,
      List<String> problems) {
    if (value == null) {
      return;
    }

    try {
      T typed = parameter.parse(value);
      if (!parameter.absent().equals(Optional.of(typed))) {
        kept.put(parameter, typed);
        problems.addAll(parameter.problems(typed));
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /** The value of {@code parameter}: what was given, or else its default; empty without either. */
  public <T> Optional<T> find(Parameter<T> parameter) {
    return findIn(values, parameter);
  }

  /** The value of {@code parameter}, which has a default. */
  public <T> T value(Parameter<T> parameter) {
    return valueIn(values, parameter);
  }

  @SuppressWarnings("unchecked") // the constructor parsed the value of each parameter
  private static <T> Optional<T> findIn(Map<Parameter<?>, Object> values, Parameter<T> parameter) {
    Object value = values.get(parameter);
    return value == null ? parameter.absent() : Optional.of((T) value);
  }

  private static <T> T valueIn(Map<Parameter<?>, Object> values, Parameter<T> parameter) {
    return findIn(values, parameter)
        .orElseThrow(() -> new IllegalStateException(parameter + " has no default"));
  }

  /**
   * Refuses what was given and no server takes.
   *
   * @throws IllegalArgumentException naming each such parameter, and why it is not taken
   */
  public void requireRemote() {
    List<String> problems =
        values.keySet().stream()
            .flatMap(
                parameter ->
                    parameter.hole(Surface.REMOTE).map(why -> parameter + ": " + why).stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "parameters that do not go to servers: %s; leave them out, or run the model in Spark"
              .formatted(String.join("; ", problems)));
    }
  }

  /** The same parameters, but for one. */
  public <T> SamplingParams with(Parameter<T> parameter, T value) {
    return new Builder(values).set(parameter, value).build();
  }

  public int maxTokens() {
    return value(MAX_TOKENS);
  }

  public int minTokens() {
    return value(MIN_TOKENS);
  }

  public double temperature() {
    return value(TEMPERATURE);
  }

  public double topP() {
    return value(TOP_P);
  }

  /** How many of the most likely tokens are sampled from; 0 is all of them. */
  public int topK() {
    return value(TOP_K);
  }

  public double minP() {
    return value(MIN_P);
  }

  public double presencePenalty() {
    return value(PRESENCE_PENALTY);
  }

  public double frequencyPenalty() {
    return value(FREQUENCY_PENALTY);
  }

  public double repetitionPenalty() {
    return value(REPETITION_PENALTY);
  }

  public Map<Integer, Double> logitBias() {
    return value(LOGIT_BIAS);
  }

  /** The seed; null derives it from the row's content. */
  public @Nullable Long seed() {
    return find(SEED).orElse(null);
  }

  public List<String> stop() {
    return value(STOP);
  }

  public List<Integer> stopTokenIds() {
    return value(STOP_TOKEN_IDS);
  }

  public boolean ignoreEos() {
    return value(IGNORE_EOS);
  }

  /** How many outputs the prompt gets. */
  public int n() {
    return value(N);
  }

  /** How many beams are searched; 1 if no search is asked for. */
  public int beamWidth() {
    return value(BEAM_WIDTH);
  }

  /**
   * Log-probabilities returned per token, besides the chosen one's; -1 returns none, {@link
   * Integer#MAX_VALUE} all.
   */
  public int logprobs() {
    int listed = value(LOGPROB_TOKEN_IDS).size();
    return listed > 0 ? listed : count(LOGPROBS);
  }

  /**
   * Log-probabilities returned per token of the prompt, besides its own; -1 returns none, {@link
   * Integer#MAX_VALUE} all.
   */
  public int promptLogprobs() {
    return count(PROMPT_LOGPROBS);
  }

  private int count(Parameter<Integer> parameter) {
    return find(parameter).map(count -> count < 0 ? Integer.MAX_VALUE : count).orElse(-1);
  }

  /**
   * Whether the most likely token is always chosen: the temperature is 0, or so near to it that a
   * device, which computes with normal floats, takes it for 0.
   */
  public boolean isGreedy() {
    return temperature() < Float.MIN_NORMAL;
  }

  /** Whether the next token depends on which tokens the output has, apart from the model. */
  public boolean hasPenalties() {
    return presencePenalty() != 0 || frequencyPenalty() != 0 || repetitionPenalty() != 1;
  }

  /** The same parameters with another seed. */
  public SamplingParams withSeed(long value) {
    return with(SEED, value);
  }

  public static Builder builder() {
    return new Builder(Map.of());
  }

  /** Collects parameters; what is not set keeps its default. */
  public static final class Builder {
    private final Map<Parameter<?>, Object> values;

    private Builder(Map<Parameter<?>, Object> values) {
      this.values = new LinkedHashMap<>(values);
    }

    /** Sets {@code parameter}; null is its default. */
    public <T> Builder set(Parameter<T> parameter, @Nullable T value) {
      if (value == null) {
        values.remove(parameter);
      } else {
        values.put(parameter, value);
      }

      return this;
    }

    /**
     * Sets {@code parameter} to a text, or to a value of its type.
     *
     * @throws IllegalArgumentException naming the parameter, the value and what is expected
     */
    public <T> Builder parse(Parameter<T> parameter, Object value) {
      return set(parameter, parameter.parse(value));
    }

    public Builder maxTokens(int value) {
      return set(MAX_TOKENS, value);
    }

    public Builder minTokens(int value) {
      return set(MIN_TOKENS, value);
    }

    public Builder temperature(double value) {
      return set(TEMPERATURE, value);
    }

    public Builder topP(double value) {
      return set(TOP_P, value);
    }

    public Builder topK(int value) {
      return set(TOP_K, value);
    }

    public Builder minP(double value) {
      return set(MIN_P, value);
    }

    public Builder presencePenalty(double value) {
      return set(PRESENCE_PENALTY, value);
    }

    public Builder frequencyPenalty(double value) {
      return set(FREQUENCY_PENALTY, value);
    }

    public Builder repetitionPenalty(double value) {
      return set(REPETITION_PENALTY, value);
    }

    public Builder logitBias(Map<Integer, Double> value) {
      return set(LOGIT_BIAS, value);
    }

    public Builder seed(@Nullable Long value) {
      return set(SEED, value);
    }

    public Builder stop(List<String> value) {
      return set(STOP, value);
    }

    public Builder stopTokenIds(List<Integer> value) {
      return set(STOP_TOKEN_IDS, value);
    }

    public Builder ignoreEos(boolean value) {
      return set(IGNORE_EOS, value);
    }

    /** Sets how many log-probabilities are returned besides the chosen one's; -1 is none. */
    public Builder logprobs(int value) {
      return set(LOGPROBS, value == -1 ? null : Integer.valueOf(value));
    }

    /**
     * The parameters.
     *
     * @throws IllegalArgumentException naming every value out of bounds
     */
    public SamplingParams build() {
      return new SamplingParams(values);
    }
  }
}
