package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.ContentSeed;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.PromptTruncation;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.NonFinite;
import org.promptembeds.tensor.Overflow;
import org.promptembeds.tensor.Tensor;

/**
 * A row that the model can generate for.
 *
 * @param row what messages call the row
 * @param embeds prompt embeddings {@code (prompt_length, hidden_size)}, all finite
 * @param prefixLength positions at the start of {@code embeds} that are said to be shared
 * @param params how to sample and when to stop
 * @param seed seed of the row's random numbers; without meaning if the row is greedy
 * @param client who asks
 * @param extras what the prompt carries besides {@code embeds}
 * @param adapter that changes the model for the row; null for none
 * @param badWords words that must not be generated, in tokens
 */
record CheckedRequest(
    String row,
    Tensor embeds,
    int prefixLength,
    SamplingParams params,
    long seed,
    Client client,
    PromptExtras extras,
    @Nullable Adapter adapter,
    List<int[]> badWords) {

  private static final int MOST_SHOWN = 200;

  /**
   * Checks a row against what the model takes; safe for use by many threads.
   *
   * @param inputType the type that the model converts embeddings to
   * @param rowLimits what a row may ask for
   * @param decoder turns tokens into text; null if there is no tokenizer
   * @throws InvalidRequestException naming the row and everything that is wrong with it
   */
  static CheckedRequest of(
      GenerationRequest request,
      ModelLimits limits,
      DType inputType,
      RowLimits rowLimits,
      @Nullable TokenDecoder decoder) {
    List<String> problems = new ArrayList<>();
    checkParams(request.params(), limits, decoder != null, problems);
    List<int[]> badWords = badWords(request.params(), limits, decoder, problems);
    rowLimits.check(request.params(), problems);
    Tensor whole = squeeze(request.embeds());
    PromptTruncation truncation = PromptTruncation.of(request.params(), maxLength(limits));
    Tensor embeds = truncation.cut(whole);
    checkShape(embeds, limits, problems);
    if (problems.isEmpty() && request.prefixLength() > whole.size(0)) {
      problems.add(
          "the shared prefix has %d positions, the prompt only %d"
              .formatted(request.prefixLength(), whole.size(0)));
    }

    PromptExtras extras = truncated(request.extras(), truncation, whole, problems);
    checkTokens(request, limits, problems);
    if (embeds.rank() == 2) {
      problems.addAll(limits.extras().problems(extras, embeds.size(0), limits.hiddenSize()));
    }

    if (problems.isEmpty()) {
      checkElements("embeddings hold", embeds, inputType, problems);
      checkElements("deepstack_embeds hold", extras.deepstack().embeds(), inputType, problems);
    }

    if (!problems.isEmpty()) {
      throw new InvalidRequestException(
          "row '" + request.row() + "': " + String.join("; ", problems));
    }

    return new CheckedRequest(
        request.row(),
        embeds,
        embeds == whole ? request.prefixLength() : 0,
        request.params(),
        seedOf(request, embeds),
        request.client(),
        extras,
        null,
        badWords);
  }

  /** The same row with an adapter. */
  CheckedRequest with(@Nullable Adapter other) {
    return new CheckedRequest(
        row, embeds, prefixLength, params, seed, client, extras, other, badWords);
  }

  /** The row as that of its output {@code i} alone: each has a seed of its own. */
  CheckedRequest output(int i) {
    return new CheckedRequest(
        row, embeds, prefixLength, params, seed + i, client, extras, adapter, badWords);
  }

  /** Longest prompt and output together, in tokens. */
  static int maxLength(ModelLimits limits) {
    return Math.min(limits.maxModelLen(), limits.kvSlots());
  }

  private static long seedOf(GenerationRequest request, Tensor embeds) {
    SamplingParams params = request.params();
    if (params.isGreedy()) {
      return 0;
    }

    Long seed = params.seed();
    return seed == null ? ContentSeed.of(embeds) : seed;
  }

  private static PromptExtras truncated(
      PromptExtras extras, PromptTruncation truncation, Tensor whole, List<String> problems) {
    try {
      return truncation.cut(extras, whole);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return PromptExtras.NONE;
    }
  }

  /** Drops a leading dimension of 1 from {@code (1, sequence_length, hidden_size)}. */
  private static Tensor squeeze(Tensor embeds) {
    if (embeds.rank() != 3 || embeds.size(0) != 1) {
      return embeds;
    }

    return Tensor.of(embeds.dtype(), embeds.data(), embeds.size(1), embeds.size(2));
  }

  private static void checkShape(Tensor embeds, ModelLimits limits, List<String> problems) {
    if (!embeds.dtype().isFloat()) {
      problems.add(
          "embeddings are of type %s, not floating-point: pass F32, F16, BF16 or F64"
              .formatted(embeds.dtype().safetensorsName()));
    }

    if (embeds.rank() != 2) {
      problems.add(
          "embeddings have shape %s, not (sequence_length, %d): pass one 2-dimensional tensor"
              .formatted(Arrays.toString(embeds.shape()), limits.hiddenSize()));
      return;
    }

    if (embeds.size(1) != limits.hiddenSize()) {
      problems.add(
          "embeddings have hidden size %d, the model's is %d: make them with this model's embedding layer"
              .formatted(embeds.size(1), limits.hiddenSize()));
    }

    if (embeds.size(0) == 0) {
      problems.add("embeddings are empty: pass at least 1 position");
    }

    checkLength(embeds.size(0), limits, problems);
  }

  private static void checkLength(long length, ModelLimits limits, List<String> problems) {
    if (length + 1 > limits.maxModelLen()) {
      problems.add(
          "the prompt has %d positions and leaves no room for an output token in the context of %d: pass at most %d"
              .formatted(length, limits.maxModelLen(), limits.maxModelLen() - 1));
    } else if (length + 1 > limits.kvSlots()) {
      problems.add(
          "the prompt has %d positions and leaves no room for an output token in the KV cache of %d tokens: pass at most %d, or give the KV cache more memory"
              .formatted(length, limits.kvSlots(), limits.kvSlots() - 1));
    }
  }

  private static void checkElements(
      String what, Tensor elements, DType inputType, List<String> problems) {
    long index = NonFinite.firstIndex(elements);
    if (index >= 0) {
      problems.add(
          "%s NaN or infinity, first at %s: pass finite numbers"
              .formatted(what, place(index, elements)));
      return;
    }

    long large = Overflow.firstIndex(elements, inputType);
    if (large >= 0) {
      problems.add(
          "%s a number that is infinite in the model's type %s, first at %s: pass smaller numbers, or load the model in another dtype"
              .formatted(what, inputType.name().toLowerCase(Locale.ROOT), place(large, elements)));
    }
  }

  /** Where in its dimensions an element is. */
  private static String place(long index, Tensor elements) {
    long[] place = new long[elements.rank()];
    long rest = index;
    for (int axis = place.length - 1; axis >= 0; axis--) {
      place[axis] = rest % elements.size(axis);
      rest /= elements.size(axis);
    }

    return Arrays.toString(place);
  }

  private static void checkParams(
      SamplingParams params, ModelLimits limits, boolean hasDecoder, List<String> problems) {
    if (!params.stop().isEmpty() && !hasDecoder) {
      problems.add(
          "stop strings %s cannot be found, the model has no tokenizer: use stop_token_ids"
              .formatted(shown(params.stop())));
    }

    checkIds("stop_token_ids", params.stopTokenIds(), limits, problems);
    checkIds("logit_bias", params.logitBias().keySet(), limits, problems);
    params
        .find(ChoiceParameters.ALLOWED_TOKEN_IDS)
        .ifPresent(ids -> checkIds("allowed_token_ids", ids, limits, problems));
    checkIds(
        "logprob_token_ids", params.value(OutputParameters.LOGPROB_TOKEN_IDS), limits, problems);
  }

  private static void checkTokens(
      GenerationRequest request, ModelLimits limits, List<String> problems) {
    PromptTokens tokens = request.extras().tokens();
    if (request.params().promptLogprobs() >= 0 && tokens.isNone()) {
      problems.add(
          "prompt_logprobs needs the tokens of the prompt, and embeddings alone have none: pass token_ids with them, or leave it out");
    }

    if (limits.extras().tokenIds() == 0 && tokens.largest() >= limits.vocabSize()) {
      problems.add(
          "token_ids have %d, the model's vocabulary ends at %d: pass ids below %d"
              .formatted(tokens.largest(), limits.vocabSize() - 1, limits.vocabSize()));
    }
  }

  /** The bad words in tokens, those left out that the model cannot generate. */
  private static List<int[]> badWords(
      SamplingParams params,
      ModelLimits limits,
      @Nullable TokenDecoder decoder,
      List<String> problems) {
    List<String> words = params.value(ChoiceParameters.BAD_WORDS);
    if (words.isEmpty()) {
      return List.of();
    }

    if (decoder == null) {
      problems.add(
          "bad_words %s have no tokens, the model has no tokenizer: use logit_bias"
              .formatted(shown(words)));
      return List.of();
    }

    try {
      return BadWords.tokens(words, decoder).stream()
          .filter(word -> Arrays.stream(word).allMatch(id -> id < limits.vocabSize()))
          .toList();
    } catch (InvalidRequestException e) {
      problems.add("bad_words: " + e.getMessage());
      return List.of();
    }
  }

  private static String shown(List<String> stops) {
    String text = stops.toString();
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }

  private static void checkIds(
      String name, Collection<Integer> ids, ModelLimits limits, List<String> problems) {
    for (int id : ids) {
      if (id >= limits.vocabSize()) {
        problems.add(
            "%s has %d, the model's vocabulary ends at %d: pass ids below %d"
                .formatted(name, id, limits.vocabSize() - 1, limits.vocabSize()));
      }
    }
  }
}
