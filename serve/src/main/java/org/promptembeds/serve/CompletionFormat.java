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
 * @param echo whether the prompt comes before the completion, in text and log-probabilities
 * @param promptScores whether the prompt's log-probabilities are asked for in a field of their own
 */
record CompletionFormat(
    TokenNames names, boolean logprobs, boolean tokenIds, boolean echo, boolean promptScores)
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
    private final CompletionLogprobs told = new CompletionLogprobs(names);
    private boolean started;

    private Writer(int index, Prompt prompt) {
      this.index = index;
      this.prompt = prompt;
    }

    @Override
    public ObjectNode whole(GenerationResult result) {
      if (echo && logprobs) {
        told.prompt(prompt.tokenIds(), result.promptLogprobs());
      }

      ObjectNode choice =
          choice(result.text(), result.tokenIds(), result.logprobs(), result.finishReason());
      if (promptScores) {
        PromptScores.add(choice, result, names);
      }

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
      choice.set("logprobs", logprobs ? told.output(ids, entries) : null);
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
  }
}
