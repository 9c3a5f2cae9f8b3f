package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.ScoredToken;
import org.promptembeds.generation.TokenLogprobs;

/** The field {@code prompt_logprobs} of an answer, as vLLM has it. */
final class PromptScores {
  private static final String FIELD = "prompt_logprobs";

  private PromptScores() {}

  /** Adds it, if it was asked for: per position an object by token id, or null. */
  static void add(ObjectNode answer, GenerationResult result, TokenNames names) {
    if (result.promptLogprobs().isEmpty()) {
      return;
    }

    ArrayNode positions = answer.putArray(FIELD);
    for (ScoredToken scored : result.promptLogprobs()) {
      if (scored == null) {
        positions.addNull();
        continue;
      }

      ObjectNode position = positions.addObject();
      TokenLogprobs told = scored.logprobs();
      put(position, scored.tokenId(), told.logprob(), told.rank(), names);
      for (int i = 0; i < told.topTokenIds().length; i++) {
        int id = told.topTokenIds()[i];
        if (id != scored.tokenId()) {
          put(position, id, told.topLogprobs()[i], i + 1, names);
        }
      }
    }
  }

  private static void put(
      ObjectNode position, int tokenId, float logprob, int rank, TokenNames names) {
    position
        .putObject(String.valueOf(tokenId))
        .put("logprob", TokenNames.finite(logprob))
        .put("rank", rank)
        .put("decoded_token", names.encoder().text(new int[] {tokenId}));
  }

  /** Refuses to stream an answer that has it. */
  static void check(RequestFields fields, boolean stream) {
    if (stream && fields.find(FIELD) != null) {
      throw ApiException.invalid(FIELD, FIELD + " is not told in a stream: leave out stream");
    }
  }
}
