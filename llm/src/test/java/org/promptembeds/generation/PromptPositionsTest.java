package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PromptPositionsTest {
  @Test
  void tokensGoOnFromTheLargestPosition() {
    PromptPositions positions = PromptPositions.of(new int[][] {{0, 1, 1}, {0, 1, 1}, {0, 1, 4}});
    assertThat(positions.isNone()).isFalse();
    assertThat(positions.length()).isEqualTo(3);
    assertThat(positions.position(2, 0)).isEqualTo(1);
    assertThat(positions.position(2, 2)).isEqualTo(4);
    for (int axis = 0; axis < PromptPositions.AXES; axis++) {
      assertThat(positions.position(3, axis)).isEqualTo(5);
      assertThat(positions.position(7, axis)).isEqualTo(9);
    }
  }

  @Test
  void plainRowsStandWhereTheyCome() {
    assertThat(PromptPositions.NONE.isNone()).isTrue();
    assertThat(PromptPositions.NONE.position(5, 1)).isEqualTo(5);
  }

  @Test
  void refusesWhatIsNotThreeListsOfPositions() {
    assertRefused(
        "position_ids are 1 lists, not 3: pass those of frames, rows and columns", new int[] {0});
    assertRefused(
        "position_ids have 2 positions in the first list and 1 in list 3: pass one per row of the"
            + " prompt in each",
        new int[] {0, 1},
        new int[] {0, 1},
        new int[] {0});
    assertRefused(
        "position_ids[1][0] must be in [0, 16777215], got -1",
        new int[] {0},
        new int[] {-1},
        new int[] {0});
  }

  private static void assertRefused(String message, int[]... positionIds) {
    assertThatThrownBy(() -> PromptPositions.of(positionIds))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
