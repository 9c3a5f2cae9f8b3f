package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import org.promptembeds.model.PromptEncoder;

/**
 * What log-probabilities call a token: its text, or {@code token_id:N}, which is unambiguous.
 *
 * @param encoder turns tokens into text
 * @param asIds whether to name tokens by their ids
 */
record TokenNames(PromptEncoder encoder, boolean asIds) {
  /** Least number that stands for a log-probability of minus infinity, which JSON has not. */
  private static final double LEAST = -9999;

  String name(int tokenId) {
    return asIds ? "token_id:" + tokenId : encoder.text(new int[] {tokenId});
  }

  static double finite(float logprob) {
    return Math.max(logprob, LEAST);
  }

  static ArrayNode utf8(String name) {
    ArrayNode bytes = Json.array();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }

    return bytes;
  }
}
