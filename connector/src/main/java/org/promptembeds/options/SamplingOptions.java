package org.promptembeds.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.SamplingParams;

/** Arguments of the generate functions, and how they become {@link SamplingParams}. */
public final class SamplingOptions {
  public static final Option<String> MODEL =
      new Option<>(
          "model",
          OptionType.STRING,
          null,
          "Model directory (path or URI), to generate also a server (`http://host:8000/v1#name`),"
              + " or a name configured as `spark.promptembeds.models.<name>`; without it"
              + " `spark.promptembeds.model` is used.");
  public static final Option<String> SOFT_PROMPT =
      new Option<>(
          "soft_prompt",
          OptionType.STRING,
          null,
          "Soft prompt to put before the embeddings: directory (path or URI) of a prompt-tuning or"
              + " p-tuning adapter of PEFT, or a name configured as"
              + " `spark.promptembeds.softPrompts.<name>`; NULL is none.");
  public static final Option<Integer> HIDDEN_SIZE =
      new Option<>(
          "hidden_size",
          OptionType.atLeast(1),
          null,
          "Length of the embedding vectors, such as the column of that name that tensor files have;"
              + " without it flat embeddings are cut by the model's.");
  public static final Option<List<List<Integer>>> POSITION_IDS =
      new Option<>(
          "position_ids",
          OptionType.POSITIONS,
          null,
          "Positions of the prompt's rows for models with M-RoPE, such as Qwen-VL and GLM-4V, as"
              + " their own `get_rope_index` computes them: three lists, of frames, rows and"
              + " columns. What is generated goes on from the largest. Without them rows are taken"
              + " for text. Rows share what begins at the same positions. They go to no server.");
  public static final Option<Integer> MAX_TOKENS =
      new Option<>("max_tokens", OptionType.INTEGER, "256", "Most tokens to generate.");
  public static final Option<Integer> MIN_TOKENS =
      new Option<>(
          "min_tokens",
          OptionType.INTEGER,
          "0",
          "Fewest tokens before an end-of-sequence or stop token may be chosen.");
  public static final Option<Double> TEMPERATURE =
      new Option<>(
          "temperature",
          OptionType.DOUBLE,
          "0",
          "0 is greedy; otherwise logits are divided by it.");
  public static final Option<Double> TOP_P =
      new Option<>(
          "top_p",
          OptionType.DOUBLE,
          "1",
          "Samples from the smallest set of tokens whose probability reaches this, in (0, 1].");
  public static final Option<Integer> TOP_K =
      new Option<>(
          "top_k", OptionType.INTEGER, "0", "Samples from the k most likely tokens; 0 keeps all.");
  public static final Option<Double> MIN_P =
      new Option<>(
          "min_p",
          OptionType.DOUBLE,
          "0",
          "Drops tokens less likely than this share of the most likely one, in [0, 1].");
  public static final Option<Double> PRESENCE_PENALTY =
      new Option<>(
          "presence_penalty",
          OptionType.DOUBLE,
          "0",
          "Taken from the logit of every token that the output has so far, in [-2, 2].");
  public static final Option<Double> FREQUENCY_PENALTY =
      new Option<>(
          "frequency_penalty",
          OptionType.DOUBLE,
          "0",
          "Taken from a token's logit for each time that the output has it so far, in [-2, 2].");
  public static final Option<Double> REPETITION_PENALTY =
      new Option<>(
          "repetition_penalty",
          OptionType.DOUBLE,
          "1",
          "Divides the positive and multiplies the negative logits of tokens that the output has so"
              + " far, above 0; a prompt of embeddings has no tokens that would count.");
  public static final Option<Map<Integer, Double>> LOGIT_BIAS =
      new Option<>(
          "logit_bias",
          OptionType.BIASES,
          null,
          "Added to the logits of tokens, -100 to 100 for each of at most 300 token ids; -100 bans"
              + " a token, 100 all others.");
  public static final Option<Long> SEED =
      new Option<>(
          "seed",
          OptionType.LONG,
          null,
          "Seed of the row's random numbers; without it one is derived from the row's content.");
  public static final Option<List<String>> STOP =
      new Option<>(
          "stop",
          OptionType.STRINGS,
          null,
          "Strings that end the generation and are cut from the text.");
  public static final Option<List<Integer>> STOP_TOKEN_IDS =
      new Option<>(
          "stop_token_ids", OptionType.INTEGERS, null, "Token ids that end the generation.");
  public static final Option<Boolean> IGNORE_EOS =
      new Option<>(
          "ignore_eos",
          OptionType.BOOLEAN,
          "false",
          "Treats the model's end-of-sequence tokens as ordinary tokens.");
  public static final Option<Integer> LOGPROBS =
      new Option<>(
          "logprobs",
          OptionType.INTEGER,
          null,
          "Log-probabilities returned per token besides the chosen one's, 0 to 20; none without"
              + " it.");

  /** Every argument, in the order of the reference. */
  public static final OptionSet ARGUMENTS =
      new OptionSet(
          "argument",
          List.of(
              MODEL,
              SOFT_PROMPT,
              HIDDEN_SIZE,
              POSITION_IDS,
              MAX_TOKENS,
              MIN_TOKENS,
              TEMPERATURE,
              TOP_P,
              TOP_K,
              MIN_P,
              PRESENCE_PENALTY,
              FREQUENCY_PENALTY,
              REPETITION_PENALTY,
              LOGIT_BIAS,
              SEED,
              STOP,
              STOP_TOKEN_IDS,
              IGNORE_EOS,
              LOGPROBS));

  private SamplingOptions() {}

  /**
   * Sampling parameters of named values; {@code model}, {@code soft_prompt}, {@code hidden_size}
   * and {@code position_ids} among them are checked, and left to their readers.
   *
   * @throws IllegalArgumentException naming every unknown name and every bad value
   */
  public static SamplingParams parse(Map<String, ?> values) {
    SamplingParams.Builder builder = SamplingParams.builder();
    List<String> problems = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          try {
            apply(builder, ARGUMENTS.require(key), value);
          } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
          }
        });
    if (problems.isEmpty()) {
      return builder.build();
    }

    throw new IllegalArgumentException(String.join("; ", problems));
  }

  private static void apply(SamplingParams.Builder builder, Option<?> option, Object value) {
    switch (option.key()) {
      case "model" -> MODEL.parse(value);
      case "soft_prompt" -> SOFT_PROMPT.parse(value);
      case "hidden_size" -> HIDDEN_SIZE.parse(value);
      case "position_ids" -> positions(value);
      case "max_tokens" -> builder.maxTokens(MAX_TOKENS.parse(value));
      case "min_tokens" -> builder.minTokens(MIN_TOKENS.parse(value));
      case "temperature" -> builder.temperature(TEMPERATURE.parse(value));
      case "top_p" -> builder.topP(TOP_P.parse(value));
      case "top_k" -> builder.topK(TOP_K.parse(value));
      case "min_p" -> builder.minP(MIN_P.parse(value));
      case "presence_penalty" -> builder.presencePenalty(PRESENCE_PENALTY.parse(value));
      case "frequency_penalty" -> builder.frequencyPenalty(FREQUENCY_PENALTY.parse(value));
      case "repetition_penalty" -> builder.repetitionPenalty(REPETITION_PENALTY.parse(value));
      case "logit_bias" -> builder.logitBias(LOGIT_BIAS.parse(value));
      case "seed" -> builder.seed(SEED.parse(value));
      case "stop" -> builder.stop(STOP.parse(value));
      case "stop_token_ids" -> builder.stopTokenIds(STOP_TOKEN_IDS.parse(value));
      case "ignore_eos" -> builder.ignoreEos(IGNORE_EOS.parse(value));
      case "logprobs" -> builder.logprobs(requireLogprobs(LOGPROBS.parse(value)));
      default -> throw new IllegalStateException("no reader for argument " + option.key());
    }
  }

  /**
   * Where {@code position_ids} place the rows of a prompt.
   *
   * @throws IllegalArgumentException if they are not three lists of one length
   */
  public static PromptPositions positions(Object value) {
    return PromptPositions.of(
        POSITION_IDS.parse(value).stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new));
  }

  private static int requireLogprobs(int logprobs) {
    if (logprobs < 0) {
      throw new IllegalArgumentException("logprobs must be at least 0, got " + logprobs);
    }

    return logprobs;
  }
}
