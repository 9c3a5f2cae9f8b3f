package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;

/**
 * What a model takes, and needs, besides embeddings.
 *
 * @param positions whether tokens turn with three positions
 * @param spans whether rows may see one another both ways
 * @param deepstackLayers layers after which features may be added; 0 if none
 * @param tokenIds ids that tokens of a prompt may have, counted from 0, which must then be given; 0
 *     if the model asks for none
 */
public record AcceptedExtras(boolean positions, boolean spans, int deepstackLayers, int tokenIds) {
  /** Embeddings alone. */
  public static final AcceptedExtras NONE = new AcceptedExtras(false, false, 0, 0);

  /** What is wrong with the extras of a prompt of {@code rows} rows of a model so wide. */
  List<String> problems(PromptExtras extras, long rows, int hiddenSize) {
    List<String> problems = new ArrayList<>();
    if (!positions && !extras.positions().isNone()) {
      problems.add(
          "position_ids are given, but tokens of this model turn with one position: leave them out");
    }

    if (!spans && !extras.spans().isNone()) {
      problems.add(
          "bidirectional_spans are given, but rows of this model see what came before alone: leave them out");
    }

    checkDeepstack(extras, hiddenSize, problems);
    checkTokens(extras, problems);
    if (problems.isEmpty()) {
      problems.addAll(extras.problems(rows));
    }

    return problems;
  }

  private void checkDeepstack(PromptExtras extras, int hiddenSize, List<String> problems) {
    if (extras.deepstack().isNone()) {
      return;
    }

    if (deepstackLayers == 0) {
      problems.add(
          "deepstack_embeds are given, but this model adds nothing after its layers: leave them out");
    } else if (extras.deepstack().layers() > deepstackLayers) {
      problems.add(
          "deepstack_embeds are of %d layers, the model has %d: pass at most one per layer"
              .formatted(extras.deepstack().layers(), deepstackLayers));
    }

    if (deepstackLayers > 0 && extras.deepstack().width() != hiddenSize) {
      problems.add(
          "deepstack_embeds have hidden size %d, the model's is %d: make them with this model's vision tower"
              .formatted(extras.deepstack().width(), hiddenSize));
    }
  }

  private void checkTokens(PromptExtras extras, List<String> problems) {
    PromptTokens tokens = extras.tokens();
    if (tokenIds > 0 && tokens.isNone() && !extras.asText()) {
      problems.add(
          "token_ids are missing, by which this model looks more up than embeddings: pass the id of each row, -1 where it is no token, or say missing_inputs 'as_text' to take all rows for padding");
    } else if (tokenIds > 0 && tokens.largest() >= tokenIds) {
      problems.add(
          "token_ids have %d, the model's end at %d: pass ids below %d"
              .formatted(tokens.largest(), tokenIds - 1, tokenIds));
    }
  }
}
