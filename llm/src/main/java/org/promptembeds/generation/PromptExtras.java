package org.promptembeds.generation;

import java.util.ArrayList;
import java.util.List;

/**
 * What a prompt carries besides its embeddings, for models that take more than plain text: each
 * part is absent unless given. Rows are counted from the start of the prompt.
 *
 * @param positions where rows stand (M-RoPE)
 * @param spans rows that see one another both ways
 * @param deepstack what is added to the stream after the first layers
 * @param tokens which rows are tokens
 * @param asText whether a prompt goes on as text where the model needs a part that is not given:
 *     its rows are then taken for what the library of the model takes padding for
 */
public record PromptExtras(
    PromptPositions positions,
    BidirectionalSpans spans,
    DeepstackEmbeds deepstack,
    PromptTokens tokens,
    boolean asText) {
  /** Nothing besides the embeddings. */
  public static final PromptExtras NONE =
      new PromptExtras(
          PromptPositions.NONE,
          BidirectionalSpans.NONE,
          DeepstackEmbeds.NONE,
          PromptTokens.NONE,
          false);

  public PromptExtras withPositions(PromptPositions newPositions) {
    return new PromptExtras(newPositions, spans, deepstack, tokens, asText);
  }

  public PromptExtras withSpans(BidirectionalSpans newSpans) {
    return new PromptExtras(positions, newSpans, deepstack, tokens, asText);
  }

  public PromptExtras withDeepstack(DeepstackEmbeds embeds) {
    return new PromptExtras(positions, spans, embeds, tokens, asText);
  }

  public PromptExtras withTokens(PromptTokens newTokens) {
    return new PromptExtras(positions, spans, deepstack, newTokens, asText);
  }

  /** The same, which goes on as text where the model needs a part that is not given. */
  public PromptExtras asTextWhereMissing() {
    return new PromptExtras(positions, spans, deepstack, tokens, true);
  }

  /** Whether no part is given. */
  public boolean isNone() {
    return names().isEmpty();
  }

  /** What the parts that are given are called. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (!positions.isNone()) {
      names.add("position_ids");
    }

    if (!spans.isNone()) {
      names.add("bidirectional_spans");
    }

    if (!deepstack.isNone()) {
      names.add("deepstack_embeds");
    }

    if (!tokens.isNone()) {
      names.add("token_ids");
    }

    return names;
  }

  /** What is wrong with the parts for a prompt of so many rows. */
  public List<String> problems(long rows) {
    List<String> problems = new ArrayList<>();
    if (!positions.isNone() && positions.length() != rows) {
      problems.add(
          "position_ids are %d per list, the prompt has %d positions: pass one for each"
              .formatted(positions.length(), rows));
    }

    if (spans.end() > rows) {
      problems.add(
          "bidirectional_spans end at row %d, the prompt has %d: count rows of this prompt from 0"
              .formatted(spans.end(), rows));
    }

    if (deepstack.isOfAllRows() && deepstack.count() != rows) {
      problems.add(
          "deepstack_embeds have %d rows per layer, the prompt has %d: pass one for each, or deepstack_rows that says which they are"
              .formatted(deepstack.count(), rows));
    } else if (!deepstack.isNone() && deepstack.row(deepstack.count() - 1) >= rows) {
      problems.add(
          "deepstack_rows has row %d, the prompt has %d: count rows of this prompt from 0"
              .formatted(deepstack.row(deepstack.count() - 1), rows));
    }

    if (!tokens.isNone() && tokens.length() != rows) {
      problems.add(
          "token_ids are %d, the prompt has %d positions: pass one for each, -1 where it is no token"
              .formatted(tokens.length(), rows));
    }

    return problems;
  }

  /**
   * How many of the first {@code rows} rows have the same parts as those of {@code other}, so that
   * a model makes the same of equal embeddings; no span is cut.
   */
  public int commonRows(PromptExtras other, int rows) {
    int common = deepstack.commonRows(other.deepstack, rows);
    if (!isNone() || !other.isNone()) {
      int row = 0;
      while (row < common && isSame(row, other)) {
        row++;
      }

      common = row;
    }

    return spans.cutBefore(common);
  }

  private boolean isSame(int row, PromptExtras other) {
    return positions.isSame(row, other.positions)
        && spans.ahead(row) == other.spans.ahead(row)
        && tokens.id(row) == other.tokens.id(row);
  }

  /** The same for the first rows of the prompt alone, which cut no span. */
  public PromptExtras first(int rows) {
    return isNone()
        ? this
        : new PromptExtras(
            positions.first(rows),
            spans.first(rows),
            deepstack.first(rows),
            tokens.first(rows),
            asText);
  }
}
