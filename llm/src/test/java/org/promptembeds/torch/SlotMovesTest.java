package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.engine.KvMove;

class SlotMovesTest {
  @Test
  void oneCopyDoesWhatTheMovesDoInOrder() {
    Random random = new Random(11);
    for (int trial = 0; trial < 500; trial++) {
      List<KvMove> moves = new ArrayList<>();
      int[] stepwise = IntStream.range(0, 40).toArray();
      for (int i = 0; i < random.nextInt(5); i++) {
        int length = 1 + random.nextInt(12);
        KvMove move = new KvMove(random.nextInt(40 - length), random.nextInt(40 - length), length);
        moves.add(move);
        System.arraycopy(stepwise, move.from(), stepwise, move.to(), length);
      }

      int[] once = IntStream.range(0, 40).toArray();
      SlotMoves.sourceByTarget(moves).forEach((target, source) -> once[target] = source);

      assertThat(once).as("%s", moves).isEqualTo(stepwise);
    }
  }
}
