package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.promptembeds.generation.TokenLogprobs;

/** The most likely tokens at one position, out of a map from {@code token_id:N} to numbers. */
final class TopLogprobs {
  private static final String PREFIX = "token_id:";

  private record Candidate(int tokenId, float logprob) {}

  private TopLogprobs() {}

  /**
   * Log-probabilities of one position.
   *
   * @param chosen the chosen token as the server names it; the map holds it even where it is not
   *     among the most likely
   * @param wanted most entries to keep
   */
  static TokenLogprobs read(String chosen, float logprob, JsonNode top, int wanted) {
    List<Candidate> candidates = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : top.properties()) {
      // Names that are text are ambiguous, and no use where ids are wanted.
      boolean surplus = top.size() > wanted && entry.getKey().equals(chosen);
      if (entry.getKey().startsWith(PREFIX) && !surplus) {
        candidates.add(
            new Candidate(
                Integer.parseInt(entry.getKey().substring(PREFIX.length())),
                (float) entry.getValue().asDouble()));
      }
    }

    candidates.sort(Comparator.comparingDouble(Candidate::logprob).reversed());
    int count = Math.min(wanted, candidates.size());
    int[] tokenIds = new int[count];
    float[] logprobs = new float[count];
    for (int i = 0; i < count; i++) {
      tokenIds[i] = candidates.get(i).tokenId();
      logprobs[i] = candidates.get(i).logprob();
    }

    return new TokenLogprobs(logprob, 0, tokenIds, logprobs);
  }
}
