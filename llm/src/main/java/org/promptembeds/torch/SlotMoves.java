package org.promptembeds.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.engine.KvMove;

/** Folds copies that are to be done one after another into one that reads before it writes. */
final class SlotMoves {
  private SlotMoves() {}

  /** For every slot that ends up with other content: the slot that holds it at the beginning. */
  static Map<Integer, Integer> sourceByTarget(List<KvMove> moves) {
    Map<Integer, Integer> sources = new LinkedHashMap<>();
    for (KvMove move : moves) {
      int[] origins = new int[move.length()];
      for (int i = 0; i < origins.length; i++) {
        origins[i] = sources.getOrDefault(move.from() + i, move.from() + i);
      }

      for (int i = 0; i < origins.length; i++) {
        sources.put(move.to() + i, origins[i]);
      }
    }

    return sources;
  }
}
