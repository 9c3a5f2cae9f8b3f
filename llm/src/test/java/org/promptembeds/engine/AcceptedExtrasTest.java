package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.tensor.Tensor;

class AcceptedExtrasTest {
  private static final AcceptedExtras ALL = new AcceptedExtras(true, true, 2, 50);

  private static PromptExtras extras(int layers, int width, int token) {
    return PromptExtras.NONE
        .withSpans(BidirectionalSpans.of(new int[][] {{0, 1}}))
        .withDeepstack(
            DeepstackEmbeds.of(Tensor.ofFloats(new float[layers * width], layers, 1, width)))
        .withTokens(PromptTokens.of(new int[] {token}));
  }

  @Test
  void aModelTakesWhatItSays() {
    assertThat(ALL.problems(extras(2, 4, 49), 1, 4)).isEmpty();
    assertThat(AcceptedExtras.NONE.problems(PromptExtras.NONE, 1, 4)).isEmpty();
    assertThat(AcceptedExtras.NONE.problems(extras(2, 4, 49), 1, 4))
        .containsExactly(
            "bidirectional_spans are given, but rows of this model see what came before alone:"
                + " leave them out",
            "deepstack_embeds are given, but this model adds nothing after its layers: leave them"
                + " out");
  }

  @Test
  void partsMustFitTheModel() {
    assertThat(ALL.problems(extras(3, 5, 50), 1, 4))
        .containsExactly(
            "deepstack_embeds are of 3 layers, the model has 2: pass at most one per layer",
            "deepstack_embeds have hidden size 5, the model's is 4: make them with this model's"
                + " vision tower",
            "token_ids have 50, the model's end at 49: pass ids below 50");
  }

  @Test
  void whatTheModelNeedsIsMissedUnlessThePromptGoesOnAsText() {
    assertThat(ALL.problems(PromptExtras.NONE, 1, 4))
        .containsExactly(
            "token_ids are missing, by which this model looks more up than embeddings: pass the id"
                + " of each row, -1 where it is no token, or say missing_inputs 'as_text' to take"
                + " all rows for padding");
    assertThat(ALL.problems(PromptExtras.NONE.asTextWhereMissing(), 1, 4)).isEmpty();
  }
}
