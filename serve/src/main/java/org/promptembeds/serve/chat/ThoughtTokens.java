package org.promptembeds.serve.chat;

import java.util.Arrays;
import org.promptembeds.model.PromptEncoder;

/** Counts the tokens of thoughts, their closing mark included. */
record ThoughtTokens(PromptEncoder encoder) {
  int count(int[] tokenIds, Thinking.Beginning beginning) {
    boolean begun =
        switch (beginning) {
          case ANSWER -> false;
          case THOUGHTS -> true;
          case EITHER -> text(tokenIds).stripLeading().startsWith(ThinkReader.OPEN);
        };
    return begun ? closed(tokenIds) : 0;
  }

  /** How many tokens there are up to the closing mark; all if it does not come. */
  private int closed(int[] tokenIds) {
    int[] mark = encoder.tokenIds(ThinkReader.CLOSE, false);
    if (mark.length == 1) {
      int at = 0;
      while (at < tokenIds.length && tokenIds[at] != mark[0]) {
        at++;
      }

      return Math.min(at + 1, tokenIds.length);
    }

    // A mark of several tokens may be written in other ones: the first length that has its text.
    int least = 0;
    int most = tokenIds.length;
    while (least < most) {
      int middle = (least + most) / 2;
      if (text(Arrays.copyOf(tokenIds, middle)).contains(ThinkReader.CLOSE)) {
        most = middle;
      } else {
        least = middle + 1;
      }
    }

    return most;
  }

  private String text(int[] tokenIds) {
    return encoder.textWithSpecialTokens(tokenIds);
  }
}
