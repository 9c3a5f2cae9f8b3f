package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.serve.chat.MessageReader;

/**
 * Responses of {@code /v1/chat/completions}.
 *
 * @param names what log-probabilities call tokens
 * @param logprobs whether log-probabilities are asked for
 * @param tokenIds whether token ids are asked for
 * @param output how messages are read
 */
record ChatFormat(TokenNames names, boolean logprobs, boolean tokenIds, ChatOutput output)
    implements ResponseFormat {
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

  @Override
  public boolean countsReasoning() {
    return output.manner().readsThoughts();
  }

  @Override
  public int reasoningTokens(GenerationResult result) {
    return output.reasoningTokens(result.tokenIds());
  }

  private final class Writer implements ChoiceWriter {
    private final int index;
    private final MessageReader reader = output.reader();
    private boolean started;
    private boolean calls;

    private Writer(int index) {
      this.index = index;
    }

    @Override
    public ObjectNode whole(GenerationResult result) {
      MessageParts parts = parts(result.text() == null ? "" : result.text());
      end(parts);
      ObjectNode message = parts.whole(output.tellsThoughts());
      if (result.text() == null) {
        message.putNull("content");
      }

      return choice(
          "message", message, result.tokenIds(), result.logprobs(), result.finishReason());
    }

    @Override
    public @Nullable ObjectNode piece(String text, int[] ids, List<TokenLogprobs> entries) {
      MessageParts parts = parts(text);
      calls |= parts.hasCalls();
      ObjectNode delta = parts.delta(output.tellsThoughts());
      boolean says = !delta.isEmpty() || logprobs || tokenIds;
      return says ? choice("delta", begun(delta), ids, entries, null) : null;
    }

    @Override
    public ObjectNode last(
        String text, int[] ids, List<TokenLogprobs> entries, FinishReason reason) {
      MessageParts parts = parts(text);
      end(parts);
      return choice("delta", begun(parts.delta(output.tellsThoughts())), ids, entries, reason);
    }

    private MessageParts parts(String text) {
      MessageParts parts = new MessageParts(output.manner()::newCallId);
      reader.read(text, parts);
      return parts;
    }

    private void end(MessageParts parts) {
      reader.end(parts);
      calls |= parts.hasCalls();
    }

    /** A piece as it is sent: the first one tells the role. */
    private ObjectNode begun(ObjectNode delta) {
      if (started) {
        return delta;
      }

      started = true;
      ObjectNode first = Json.object().put("role", "assistant");
      return delta.isEmpty() ? first.put("content", "") : first.setAll(delta);
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
      choice.put("finish_reason", reason == null ? null : finishReason(reason));
      if (tokenIds) {
        ArrayNode node = choice.putArray("token_ids");
        for (int id : ids) {
          node.add(id);
        }
      }

      return choice;
    }

    private String finishReason(FinishReason reason) {
      return calls && reason == FinishReason.STOP ? "tool_calls" : reason.apiName();
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
