package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class PromptExtrasTest {
  private static Tensor features(int layers, int rows, float first) {
    float[] values = new float[layers * rows * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i % (2 * rows);
    }

    return Tensor.ofFloats(values, layers, rows, 2);
  }

  private static PromptExtras all(int rows) {
    int[] positions = IntStream.range(0, rows).toArray();
    return PromptExtras.NONE
        .withPositions(PromptPositions.of(new int[][] {positions, positions, positions}))
        .withSpans(BidirectionalSpans.of(new int[][] {{1, rows}}))
        .withDeepstack(DeepstackEmbeds.of(features(3, rows, 0)))
        .withTokens(PromptTokens.of(positions));
  }

  @Test
  void partsMustBeOfTheRowsOfThePrompt() {
    assertThat(all(4).problems(4)).isEmpty();
    assertThat(all(4).names())
        .containsExactly("position_ids", "bidirectional_spans", "deepstack_embeds", "token_ids");
    assertThat(all(4).problems(3))
        .containsExactly(
            "position_ids are 4 per list, the prompt has 3 positions: pass one for each",
            "bidirectional_spans end at row 4, the prompt has 3: count rows of this prompt from 0",
            "deepstack_embeds have 4 rows per layer, the prompt has 3: pass one for each, or"
                + " deepstack_rows that says which they are",
            "token_ids are 4, the prompt has 3 positions: pass one for each, -1 where it is no"
                + " token");
    DeepstackEmbeds some = DeepstackEmbeds.of(features(1, 2, 0), new int[] {0, 5});
    assertThat(PromptExtras.NONE.withDeepstack(some).problems(6)).isEmpty();
    assertThat(PromptExtras.NONE.withDeepstack(some).problems(5))
        .containsExactly(
            "deepstack_rows has row 5, the prompt has 5: count rows of this prompt from 0");
  }

  @Test
  void deepstackMustBeFeaturesOfLayersAndRows() {
    assertThatThrownBy(() -> DeepstackEmbeds.of(Tensor.ofFloats(new float[4], 2, 2)))
        .hasMessage(
            "deepstack_embeds must be floating-point numbers of shape (layers, rows, hidden_size),"
                + " got Tensor[FLOAT32, [2, 2]]");
    assertThatThrownBy(() -> DeepstackEmbeds.of(features(1, 2, 0), new int[1]))
        .hasMessage(
            "deepstack_rows are 1, deepstack_embeds have 2 rows per layer: pass one for each");
    assertThatThrownBy(() -> DeepstackEmbeds.of(features(1, 2, 0), new int[] {3, 3}))
        .hasMessage("deepstack_rows must be at least 0 and ascend, got 3 at 1");
  }

  @Test
  void promptsAreAlikeUpToTheFirstRowThatDiffers() {
    PromptExtras plain = PromptExtras.NONE;
    assertThat(plain.commonRows(plain, 9)).isEqualTo(9);
    int[] text = {0, 1, 2, 3};
    PromptExtras placed =
        plain.withPositions(PromptPositions.of(new int[][] {text, {0, 1, 2, 2}, text}));
    assertThat(plain.commonRows(placed, 4)).isEqualTo(3);
    PromptExtras tokens = plain.withTokens(PromptTokens.of(new int[] {-1, -1, 4}));
    assertThat(tokens.commonRows(plain, 3)).isEqualTo(2);
  }

  @Test
  void whatIsSharedCutsNoSpan() {
    PromptExtras spans = PromptExtras.NONE.withSpans(BidirectionalSpans.of(new int[][] {{2, 6}}));
    PromptExtras longer = PromptExtras.NONE.withSpans(BidirectionalSpans.of(new int[][] {{2, 7}}));
    assertThat(spans.commonRows(spans, 5)).isEqualTo(2);
    assertThat(spans.commonRows(spans, 6)).isEqualTo(6);
    assertThat(spans.commonRows(PromptExtras.NONE, 9)).isEqualTo(2);
    assertThat(spans.commonRows(longer, 9)).isEqualTo(2);
    assertThat(spans.first(2).isNone()).isTrue();
    assertThat(spans.first(7).commonRows(spans, 7)).isEqualTo(7);
  }

  @Test
  void deepstackIsComparedRowByRow() {
    int[] rows = {1, 4};
    PromptExtras first =
        PromptExtras.NONE.withDeepstack(DeepstackEmbeds.of(features(2, 2, 0), rows));
    float[] changed = features(2, 2, 0).toFloats();
    changed[7] += 1; // the last row of the last layer
    PromptExtras second =
        PromptExtras.NONE.withDeepstack(
            DeepstackEmbeds.of(Tensor.ofFloats(changed, 2, 2, 2), rows));
    assertThat(first.commonRows(first, 9)).isEqualTo(9);
    assertThat(first.commonRows(second, 9)).isEqualTo(4);
    assertThat(first.commonRows(second, 3)).isEqualTo(3);
    assertThat(first.commonRows(PromptExtras.NONE, 9)).isEqualTo(1);
    PromptExtras half =
        PromptExtras.NONE.withDeepstack(
            DeepstackEmbeds.of(features(2, 2, 0).convert(DType.FLOAT16), rows));
    assertThat(first.commonRows(half, 9)).isEqualTo(1);
    assertThat(first.first(4).commonRows(second, 4)).isEqualTo(4);
    assertThat(first.first(4).deepstack().count()).isEqualTo(1);
  }

  @Test
  void firstRowsKeepTheirParts() {
    PromptExtras first = all(6).withSpans(BidirectionalSpans.NONE).first(4);
    assertThat(first.problems(4)).isEmpty();
    assertThat(first.commonRows(all(6).withSpans(BidirectionalSpans.NONE), 4)).isEqualTo(4);
  }
}
