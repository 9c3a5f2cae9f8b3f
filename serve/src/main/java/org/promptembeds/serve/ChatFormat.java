package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;

/**
 * Responses of {@code /v1/chat/completions}.
 *
 * @param names what log-probabilities call tokens
 * @param logprobs whether log-probabilities are asked for
 * @param tokenIds whether token ids are asked for
 */
record ChatFormat(TokenNames names, boolean logprobs, boolean tokenIds) implements ResponseFormat {
  @Override
  public String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  public String objectName(boolean streamed) {
    return streamed ? "chat.completion.chunk" : "chat.completion";
  }

  @Override
  public void complete(ObjectNode response, GenerationResult first) {
    PromptScores.add(response, first, names);
  }

  @Override
  public ChoiceWriter choice(int index, Prompt prompt) {
    return new Writer(index);
  }

  private final class Writer implements ChoiceWriter {
    private final int index;
    private boolean started;

    private Writer(int index) {
      this.index = index;
    }

    @Override
    public ObjectNode whole(GenerationResult result) {
      ObjectNode message = Json.object();
      message.put("role", "assistant");
      message.put("content", result.text());
      message.putNull("refusal");
      return choice(
          "message", message, result.tokenIds(), result.logprobs(), result.finishReason());
    }

    @Override
    public ObjectNode piece(
        String text, int[] ids, List<TokenLogprobs> entries, @Nullable FinishReason reason) {
      ObjectNode delta = Json.object();
      if (!started) {
        delta.put("role", "assistant");
      }

      if (!started || !text.isEmpty()) {
        delta.put("content", text);
      }

      started = true;
      return choice("delta", delta, ids, entries, reason);
    }

    @Override
    public boolean tellsTokens() {
      return logprobs || tokenIds;
    }

    private ObjectNode choice(
        String name,
        ObjectNode message,
        int[] ids,
        List<TokenLogprobs> entries,
        @Nullable FinishReason reason) {
      ObjectNode choice = Json.object();
      choice.put("index", index);
      choice.set(name, message);
      choice.set("logprobs", logprobs ? logprobs(ids, entries) : null);
      choice.put("finish_reason", reason == null ? null : reason.apiName());
      if (tokenIds) {
        ArrayNode node = choice.putArray("token_ids");
        for (int id : ids) {
          node.add(id);
        }
      }

      return choice;
    }

    private ObjectNode logprobs(int[] ids, List<TokenLogprobs> entries) {
      ObjectNode node = Json.object();
      ArrayNode content = node.putArray("content");
      for (int i = 0; i < entries.size(); i++) {
        TokenLogprobs entry = entries.get(i);
        ObjectNode token = token(ids[i], entry.logprob());
        ArrayNode top = token.putArray("top_logprobs");
        for (int k = 0; k < entry.topTokenIds().length; k++) {
          top.add(token(entry.topTokenIds()[k], entry.topLogprobs()[k]));
        }

        content.add(token);
      }

      node.putNull("refusal");
      return node;
    }

    private ObjectNode token(int id, float logprob) {
      String name = names.name(id);
      ObjectNode token = Json.object();
      token.put("token", name);
      token.put("logprob", TokenNames.finite(logprob));
      token.set("bytes", TokenNames.utf8(name));
      return token;
    }
  }
}
