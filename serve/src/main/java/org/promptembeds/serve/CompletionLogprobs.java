package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.ScoredToken;
import org.promptembeds.generation.TokenLogprobs;

/** The field {@code logprobs} of a choice of {@code /v1/completions}, or of each of its pieces. */
final class CompletionLogprobs {
  private final TokenNames names;
  private int offset;
  private ObjectNode node = empty();

  CompletionLogprobs(TokenNames names) {
    this.names = names;
  }

  /** Begins with the tokens of an echoed prompt; of the first one, nothing is told. */
  void prompt(int @Nullable [] ids, List<@Nullable ScoredToken> scores) {
    for (int i = 0; ids != null && i < ids.length; i++) {
      ScoredToken scored = scores.get(i);
      add(ids[i], scored == null ? null : scored.logprobs());
    }
  }

  /** The field, with these tokens at its end; what follows begins another. */
  ObjectNode output(int[] ids, List<TokenLogprobs> entries) {
    for (int i = 0; i < entries.size(); i++) {
      add(ids[i], entries.get(i));
    }

    ObjectNode field = node;
    node = empty();
    return field;
  }

  private void add(int id, @Nullable TokenLogprobs entry) {
    String name = names.name(id);
    list("tokens").add(name);
    list("text_offset").add(offset);
    offset += name.length();
    if (entry == null) {
      list("token_logprobs").addNull();
      list("top_logprobs").addNull();
      return;
    }

    list("token_logprobs").add(TokenNames.finite(entry.logprob()));
    ObjectNode top = list("top_logprobs").addObject();
    for (int k = 0; k < entry.topTokenIds().length; k++) {
      String other = names.name(entry.topTokenIds()[k]);
      if (!top.has(other)) {
        top.put(other, TokenNames.finite(entry.topLogprobs()[k]));
      }
    }

    if (!top.has(name)) {
      top.put(name, TokenNames.finite(entry.logprob()));
    }
  }

  private ArrayNode list(String field) {
    return (ArrayNode) node.get(field);
  }

  private static ObjectNode empty() {
    ObjectNode node = Json.object();
    for (String field : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
      node.putArray(field);
    }

    return node;
  }
}
