package org.promptembeds.serve;

import java.util.List;
import org.promptembeds.generation.SamplingParams;

/** The sampling parameters that both APIs share, with vLLM's names for what OpenAI has not. */
final class SamplingFields {
  private SamplingFields() {}

  /**
   * Reads everything but the number of tokens and log-probabilities. Temperature is 1 unless given,
   * as the APIs have it.
   */
  static SamplingParams.Builder read(RequestFields fields) {
    // OpenAI's -1 and vLLM's 0 both mean all tokens.
    int topK = fields.integer("top_k", 0);
    List<Integer> stopTokenIds = fields.integers("stop_token_ids");
    return SamplingParams.builder()
        .temperature(fields.number("temperature", 1))
        .topP(fields.number("top_p", 1))
        .topK(topK == -1 ? 0 : topK)
        .minP(fields.number("min_p", 0))
        .presencePenalty(fields.number("presence_penalty", 0))
        .frequencyPenalty(fields.number("frequency_penalty", 0))
        .repetitionPenalty(fields.number("repetition_penalty", 1))
        .minTokens(fields.integer("min_tokens", 0))
        .logitBias(fields.numbersById("logit_bias"))
        .seed(fields.longInteger("seed"))
        .stop(fields.texts("stop"))
        .stopTokenIds(stopTokenIds == null ? List.of() : stopTokenIds)
        .ignoreEos(fields.flag("ignore_eos", false));
  }

  /**
   * Ends the reading.
   *
   * @throws ApiException naming every value out of bounds
   */
  static SamplingParams build(SamplingParams.Builder params) {
    try {
      return params.build();
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(null, String.valueOf(e.getMessage()));
    }
  }
}
