package org.promptembeds.generation;

import java.util.Arrays;

/**
 * Which rows of a prompt are tokens, for models that look more up by a token's id than its row of
 * the embedding table. The embeddings of such a row are still those of the prompt.
 */
public final class PromptTokens {
  /** Nothing is known of the rows. */
  public static final PromptTokens NONE = new PromptTokens(new int[0]);

  /** Stands for a row that is no token, such as one of an image. */
  public static final int NO_TOKEN = -1;

  private final int[] ids;

  private PromptTokens(int[] ids) {
    this.ids = ids;
  }

  /**
   * The tokens of all rows.
   *
   * @param ids for each row the id of its token, or {@link #NO_TOKEN}
   * @throws IllegalArgumentException if an id is below that
   */
  public static PromptTokens of(int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < NO_TOKEN) {
        throw new IllegalArgumentException(
            "token_ids[%d] must be a token, or -1 where the row is none, got %d"
                .formatted(i, ids[i]));
      }
    }

    return new PromptTokens(ids.clone());
  }

  /**
   * The tokens of all rows.
   *
   * @param ids for each row the id of its token; without meaning where it is none
   * @param isToken for each row whether it is a token
   * @throws IllegalArgumentException if the two are of different lengths, or an id is negative
   */
  public static PromptTokens of(int[] ids, boolean[] isToken) {
    if (ids.length != isToken.length) {
      throw new IllegalArgumentException(
          "token_ids are %d, their mask has %d values: pass one per row of the prompt in each"
              .formatted(ids.length, isToken.length));
    }

    int[] masked = ids.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] = isToken[i] ? masked[i] : NO_TOKEN;
      if (isToken[i] && masked[i] < 0) {
        throw new IllegalArgumentException(
            "token_ids[%d] must be at least 0 where the mask says token, got %d"
                .formatted(i, masked[i]));
      }
    }

    return new PromptTokens(masked);
  }

  public boolean isNone() {
    return ids.length == 0;
  }

  /** Rows of the prompt; 0 if nothing is known of them. */
  public int length() {
    return ids.length;
  }

  /** The token of a row; {@link #NO_TOKEN} if it is none or nothing is known of it. */
  public int id(int row) {
    return row < ids.length ? ids[row] : NO_TOKEN;
  }

  /** The largest id. */
  public int largest() {
    return Arrays.stream(ids).max().orElse(NO_TOKEN);
  }

  /** The same for the last rows alone. */
  PromptTokens last(int rows) {
    return new PromptTokens(Arrays.copyOfRange(ids, ids.length - rows, ids.length));
  }

  /** The same for the first rows alone. */
  PromptTokens first(int rows) {
    return isNone() ? NONE : new PromptTokens(Arrays.copyOf(ids, rows));
  }
}
