package org.promptembeds.engine;

import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;

/** Why a row that was computed has no result. */
final class RowFailures {
  private RowFailures() {}

  /** Tokens that do not become text. */
  static BackendException undecodable(String row, int tokens, RuntimeException cause) {
    return new BackendException(
        "row '%s': decoding %d tokens to text failed: %s"
            .formatted(row, tokens, cause.getMessage()),
        cause);
  }

  /** A form of the output that the vocabulary cannot go on with. */
  static BackendException stuck(String row, int tokens) {
    return new BackendException(
        "row '%s': after %d tokens no token of the vocabulary goes on with the output as its form asks: allow characters that the model has tokens for"
            .formatted(row, tokens));
  }

  /** Bounds that contradict one another. */
  static InvalidRequestException noneAllowed(String row, int tokens) {
    return new InvalidRequestException(
        "row '%s': after %d tokens no token may be chosen: allowed_token_ids, bad_words, min_tokens and the form of the output leave none together, loosen one of them"
            .formatted(row, tokens));
  }

  /** An adapter that cannot be used. */
  static InvalidRequestException withoutAdapter(String row, RuntimeException cause) {
    return new InvalidRequestException("row '%s': %s".formatted(row, cause.getMessage()), cause);
  }

  /** Logits that no token can be chosen from. */
  static InvalidRequestException notFinite(String row, int position) {
    return new InvalidRequestException(
        "row '%s': the logits at position %d are NaN or infinite, no token can be chosen: the model's numbers overflow their type for this prompt, load it in another dtype"
            .formatted(row, position));
  }
}
