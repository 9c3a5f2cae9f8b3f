package org.promptembeds.model;

import java.util.Arrays;
import java.util.Optional;

/** The special tokens that a tokenizer puts around every text. */
record AddedIds(int[] before, int[] after) {
  private static final String PROBE = "a";

  /** What {@code tokenizer} adds, if it is the same around every text as around a short one. */
  static Optional<AddedIds> of(NativeTokenizer tokenizer) {
    int[] plain = tokenizer.encode(PROBE, false);
    int[] all = tokenizer.encode(PROBE, true);
    int at = plain.length == 0 ? -1 : indexOf(all, plain, 0);
    return at < 0 || indexOf(all, plain, at + 1) >= 0
        ? Optional.empty()
        : Optional.of(
            new AddedIds(
                Arrays.copyOf(all, at), Arrays.copyOfRange(all, at + plain.length, all.length)));
  }

  /** {@code ids} with what the tokenizer adds. */
  int[] around(int[] ids) {
    int[] all = Arrays.copyOf(before, before.length + ids.length + after.length);
    System.arraycopy(ids, 0, all, before.length, ids.length);
    System.arraycopy(after, 0, all, before.length + ids.length, after.length);
    return all;
  }

  private static int indexOf(int[] ids, int[] part, int from) {
    for (int i = from; i + part.length <= ids.length; i++) {
      if (Arrays.equals(ids, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }

    return -1;
  }
}
