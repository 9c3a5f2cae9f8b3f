package org.promptembeds.serve;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.generation.ContentSeed;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;

/**
 * What one request asks for.
 *
 * @param prompts in the order of their choices
 * @param params how to sample
 * @param n choices for each prompt
 * @param bestOf outputs for each prompt, of which the n most likely ones are the choices
 * @param stream whether choices are sent while they grow
 * @param includeUsage whether a stream ends with the counts of tokens
 * @param format the shape of the response
 */
record GenerationCall(
    List<Prompt> prompts,
    SamplingParams params,
    int n,
    int bestOf,
    boolean stream,
    boolean includeUsage,
    ResponseFormat format) {
  /** Most outputs of one request. */
  static final int MAX_OUTPUTS = 256;

  GenerationCall {
    prompts = List.copyOf(prompts);
    if (n < 1) {
      throw ApiException.invalid("n", "n must be at least 1, got " + n);
    }

    if (bestOf < n) {
      throw ApiException.invalid(
          "best_of", "best_of must be at least n (%d), got %d".formatted(n, bestOf));
    }

    if ((long) bestOf * prompts.size() > MAX_OUTPUTS) {
      throw ApiException.invalid(
          bestOf > 1 ? "n" : "prompt",
          "a request may have %d outputs, %d prompts with %d each are more: send several requests"
              .formatted(MAX_OUTPUTS, prompts.size(), bestOf));
    }

    if (stream && bestOf > n) {
      throw ApiException.invalid(
          "best_of", "best_of %d cannot be streamed: it must be n (%d)".formatted(bestOf, n));
    }
  }

  /** What the backend is to generate: the outputs of the first prompt, then those of the second. */
  List<GenerationRequest> requests() {
    List<GenerationRequest> requests = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (int i = 0; i < bestOf; i++) {
        requests.add(new GenerationRequest(prompt.label(), prompt.embeds(), params(prompt, i)));
      }
    }

    return requests;
  }

  /** The parameters of a prompt's output {@code i}: each has a seed of its own. */
  private SamplingParams params(Prompt prompt, int i) {
    if (i == 0 || params.isGreedy()) {
      return params;
    }

    Long seed = params.seed();
    return params.withSeed((seed == null ? ContentSeed.of(prompt.embeds()) : seed) + i);
  }

  /** Positions of all prompts, each counted once. */
  int promptTokens() {
    return prompts.stream().mapToInt(Prompt::length).sum();
  }
}
