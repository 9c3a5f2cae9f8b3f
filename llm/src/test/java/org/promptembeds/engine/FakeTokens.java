package org.promptembeds.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.tensor.Tensor;

/** The arithmetic of the fake model: what a position leaves, and which token follows. */
final class FakeTokens {
  private FakeTokens() {}

  /** Depends on all that the row sees of its span. */
  static long inputOf(Tensor embeds, PromptExtras extras, int position) {
    ByteBuffer data = embeds.data();
    int bytes = data.limit() / (int) embeds.size(0);
    int last = position + extras.spans().ahead(position);
    long hash = 1;
    for (int i = position * bytes; i < (last + 1) * bytes; i++) {
      hash = CounterRandom.mix(hash * 31 + data.get(i));
    }

    return hash;
  }

  static long inputOf(int tokenId) {
    return CounterRandom.mix(tokenId + 7L);
  }

  static long keyValue(long input, int position) {
    return CounterRandom.mix(input + position);
  }

  static long hash(long[] values, int start, int length) {
    long hash = length;
    for (int i = start; i < start + length; i++) {
      hash = CounterRandom.mix(hash ^ values[i]);
    }

    return hash;
  }

  /** The most likely tokens behind what {@code hash} stands for, each as likely as none other. */
  static TokenLogprobs likely(long hash, int top, int vocabSize) {
    List<Integer> ids =
        IntStream.range(0, vocabSize)
            .boxed()
            .sorted(Comparator.comparing(id -> -logprob(hash, id)))
            .limit(top)
            .toList();
    float[] logprobs = new float[ids.size()];
    for (int i = 0; i < logprobs.length; i++) {
      logprobs[i] = logprob(hash, ids.get(i));
    }

    return new TokenLogprobs(
        logprobs[0], 1, ids.stream().mapToInt(Integer::intValue).toArray(), logprobs);
  }

  private static float logprob(long hash, int tokenId) {
    return -(1 + Math.floorMod(CounterRandom.mix(hash ^ (tokenId * 77L)), 1L << 20) / 300_000f);
  }

  /** What is told of a token of a prompt, behind what {@code hash} stands for. */
  static TokenLogprobs score(long hash, int tokenId) {
    float logprob = -(1 + Math.floorMod(hash ^ tokenId, 1000L));
    return new TokenLogprobs(logprob, 1, new int[] {tokenId}, new float[] {logprob});
  }

  /**
   * The token behind what {@code hash} stands for.
   *
   * @param counts how often the output has each of its tokens; 0 for those of the prompt alone
   */
  static int choose(
      long hash, TokenSampling sampling, Map<Integer, Integer> counts, int vocabSize) {
    long penalised = hash ^ hash(sampling.penalties(), counts);
    long key =
        sampling.temperature() == 0
            ? penalised
            : CounterRandom.mix(penalised ^ Double.doubleToLongBits(sampling.uniform()));
    int token = (int) Math.floorMod(key, (long) vocabSize);
    while (contains(sampling.bannedTokenIds(), token)
        || !isAllowed(sampling.allowed(), token)
        || !isAllowed(sampling.mask().bits(), token)) {
      token = (token + 1) % vocabSize;
    }

    return token;
  }

  private static boolean isAllowed(long[] bits, int token) {
    return bits.length == 0 || (bits[token >> 6] >>> token & 1) != 0;
  }

  /** 0 without penalties; the order of the tokens is without meaning. */
  private static long hash(TokenPenalties penalties, Map<Integer, Integer> counts) {
    double weight =
        3 * penalties.frequency() + 5 * penalties.presence() + Math.log(penalties.repetition());
    long hash = 0;
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      if (!penalties.isNone() && (entry.getValue() > 0 || penalties.countsPrompt())) {
        long token = CounterRandom.mix(31L * entry.getKey() + entry.getValue());
        hash += CounterRandom.mix(token ^ Double.doubleToLongBits(weight));
      }
    }

    return hash;
  }

  /** Counts of the tokens of a prompt, which have none, and of an output. */
  static Map<Integer, Integer> counts(PromptTokens prompt, List<Integer> output) {
    Map<Integer, Integer> counts = new TreeMap<>();
    IntStream.range(0, prompt.length())
        .map(prompt::id)
        .filter(id -> id != PromptTokens.NO_TOKEN)
        .forEach(id -> counts.put(id, 0));
    output.forEach(id -> counts.merge(id, 1, Integer::sum));
    return counts;
  }

  private static boolean contains(int[] values, int value) {
    return Arrays.stream(values).anyMatch(v -> v == value);
  }

  /** What this model generates for a row by itself, without an engine or stop strings. */
  static Output reference(CheckedRequest request, ModelLimits limits, int eosTokenId) {
    SamplingParams params = request.params();
    int promptLength = (int) request.embeds().size(0);
    int context = CheckedRequest.maxLength(limits);
    long[] values = new long[context];
    for (int i = 0; i < promptLength; i++) {
      values[i] = keyValue(inputOf(request.embeds(), request.extras(), i), i);
    }

    List<Integer> ending = new ArrayList<>(params.stopTokenIds());
    if (!params.ignoreEos()) {
      ending.add(eosTokenId);
    }

    List<Integer> tokens = new ArrayList<>();
    while (true) {
      int length = promptLength + tokens.size();
      int[] banned =
          tokens.size() < params.minTokens()
              ? ending.stream().mapToInt(Integer::intValue).toArray()
              : new int[0];
      double uniform = params.isGreedy() ? 0 : CounterRandom.uniform(request.seed(), tokens.size());
      TokenSampling sampling =
          new TokenSampling(
              params.temperature(),
              0,
              1,
              0,
              uniform,
              banned,
              TokenBias.NONE,
              new TokenPenalties(
                  params.repetitionPenalty(), params.frequencyPenalty(), params.presencePenalty()),
              -1);
      Map<Integer, Integer> counts = counts(request.extras().tokens(), tokens);
      int token = choose(hash(values, 0, length), sampling, counts, limits.vocabSize());
      tokens.add(token);
      int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
      if (ending.contains(token)) {
        return new Output(ids, FinishReason.STOP);
      }

      if (tokens.size() == params.maxTokens() || length + 1 == context) {
        return new Output(ids, FinishReason.LENGTH);
      }

      values[length] = keyValue(inputOf(token), length);
    }
  }

  /** An expected output. */
  record Output(int[] tokenIds, FinishReason reason) {}
}
