package org.promptembeds.generation;

import java.util.List;
import java.util.stream.IntStream;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.tensor.Tensor;

/**
 * One row to generate for.
 *
 * @param row what messages call this row, for instance a row number or a tensor's name
 * @param embeds prompt embeddings {@code (sequence_length, hidden_size)} of a floating-point type
 * @param prefixLength positions at the start of {@code embeds} that other rows begin with too, such
 *     as a soft prompt: a backend may compute their keys and values once for all of them. 0 if
 *     nothing is known to be shared. Without influence on the result
 * @param params how to sample and when to stop
 * @param client who asks, with whom others share the backend. Without influence on the result
 * @param extras what the prompt carries besides {@code embeds}
 */
public record GenerationRequest(
    String row,
    Tensor embeds,
    int prefixLength,
    SamplingParams params,
    Client client,
    PromptExtras extras) {

  public GenerationRequest {
    if (prefixLength < 0) {
      throw new IllegalArgumentException(
          "row '%s': the shared prefix must have at least 0 positions, got %d"
              .formatted(row, prefixLength));
    }
  }

  /** A row of embeddings alone. */
  public GenerationRequest(
      String row, Tensor embeds, int prefixLength, SamplingParams params, Client client) {
    this(row, embeds, prefixLength, params, client, PromptExtras.NONE);
  }

  /** A row that is not known to share anything, asked for by nobody in particular. */
  public GenerationRequest(String row, Tensor embeds, SamplingParams params) {
    this(row, embeds, 0, params);
  }

  /** A row asked for by nobody in particular. */
  public GenerationRequest(String row, Tensor embeds, int prefixLength, SamplingParams params) {
    this(row, embeds, prefixLength, params, Client.ANONYMOUS);
  }

  /**
   * The row's outputs as rows that have one each: the first samples with the row's own seed, the
   * others with those that follow it.
   */
  public List<GenerationRequest> ofOneOutput() {
    SamplingParams one = params.with(SearchParameters.N, 1);
    Long seed = params.seed();
    boolean needsSeed = params.n() > 1 && !params.isGreedy();
    long first = seed != null ? seed : needsSeed ? ContentSeed.of(embeds) : 0;
    return IntStream.range(0, params.n())
        .mapToObj(i -> i == 0 || !needsSeed ? one : one.withSeed(first + i))
        .map(this::with)
        .toList();
  }

  /** The same row, asked for by {@code asking}. */
  public GenerationRequest from(Client asking) {
    return new GenerationRequest(row, embeds, prefixLength, params, asking, extras);
  }

  /** The same row, with other parameters. */
  public GenerationRequest with(SamplingParams newParams) {
    return new GenerationRequest(row, embeds, prefixLength, newParams, client, extras);
  }

  /** The same row, its prompt with {@code newExtras} besides the embeddings. */
  public GenerationRequest with(PromptExtras newExtras) {
    return new GenerationRequest(row, embeds, prefixLength, params, client, newExtras);
  }
}
