package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;

/**
 * Responses of {@code /v1/completions}.
 *
 * @param names what log-probabilities call tokens
 * @param logprobs whether log-probabilities are asked for
 * @param tokenIds whether token ids are asked for
 * @param echo whether the prompt's text comes before the completion's
 */
record CompletionFormat(TokenNames names, boolean logprobs, boolean tokenIds, boolean echo)
    implements ResponseFormat {
  @Override
  public String idPrefix() {
    return "cmpl-";
  }

  @Override
  public String objectName(boolean streamed) {
    return "text_completion";
  }

  @Override
  public ChoiceWriter choice(int index, Prompt prompt) {
    return new Writer(index, prompt);
  }

  private final class Writer implements ChoiceWriter {
    private final int index;
    private final Prompt prompt;
    private boolean started;
    private int offset;

    private Writer(int index, Prompt prompt) {
      this.index = index;
      this.prompt = prompt;
    }

    @Override
    public ObjectNode whole(GenerationResult result) {
      ObjectNode choice =
          choice(result.text(), result.tokenIds(), result.logprobs(), result.finishReason());
      PromptScores.add(choice, result, names);
      return choice;
    }

    @Override
    public @Nullable ObjectNode piece(String text, int[] ids, List<TokenLogprobs> entries) {
      return text.isEmpty() && !logprobs && !tokenIds ? null : choice(text, ids, entries, null);
    }

    @Override
    public ObjectNode last(
        String text, int[] ids, List<TokenLogprobs> entries, FinishReason reason) {
      return choice(text, ids, entries, reason);
    }

    private ObjectNode choice(
        @Nullable String text,
        int[] ids,
        List<TokenLogprobs> entries,
        @Nullable FinishReason reason) {
      ObjectNode choice = Json.object();
      choice.put("index", index);
      choice.put("text", started || text == null ? text : echoed() + text);
      choice.set("logprobs", logprobs ? logprobs(ids, entries) : null);
      choice.put("finish_reason", reason == null ? null : reason.apiName());
      if (tokenIds) {
        ArrayNode node = choice.putArray("token_ids");
        for (int id : ids) {
          node.add(id);
        }

        int[] promptIds = prompt.tokenIds();
        if (!started && promptIds != null) {
          ArrayNode promptNode = choice.putArray("prompt_token_ids");
          for (int id : promptIds) {
            promptNode.add(id);
          }
        }
      }

      started = true;
      return choice;
    }

    private String echoed() {
      int[] promptIds = prompt.tokenIds();
      return echo && promptIds != null ? names.encoder().text(promptIds) : "";
    }

    private ObjectNode logprobs(int[] ids, List<TokenLogprobs> entries) {
      ObjectNode node = Json.object();
      ArrayNode tokens = node.putArray("tokens");
      ArrayNode chosen = node.putArray("token_logprobs");
      ArrayNode tops = node.putArray("top_logprobs");
      ArrayNode offsets = node.putArray("text_offset");
      for (int i = 0; i < entries.size(); i++) {
        TokenLogprobs entry = entries.get(i);
        String name = names.name(ids[i]);
        tokens.add(name);
        chosen.add(TokenNames.finite(entry.logprob()));
        offsets.add(offset);
        offset += name.length();
        ObjectNode top = tops.addObject();
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

      return node;
    }
  }
}
