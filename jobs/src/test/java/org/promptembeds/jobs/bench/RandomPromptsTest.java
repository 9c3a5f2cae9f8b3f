package org.promptembeds.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.promptembeds.tensor.Tensor;

class RandomPromptsTest {
  private static FloatBuffer floats(Tensor tensor) {
    FloatBuffer floats = FloatBuffer.allocate((int) (tensor.size(0) * tensor.size(1)));
    tensor.writeFloats(floats);
    return floats.flip();
  }

  @Test
  void noTwoOfThousandsBeginAlike() {
    RandomPrompts prompts = new RandomPrompts(3, 9, 1);
    Set<FloatBuffer> beginnings = new HashSet<>();
    for (int i = 0; i < 4_096; i++) {
      assertThat(beginnings.add(floats(prompts.of(i, 1)))).isTrue();
    }
  }

  @Test
  void aRowHasTheSameEmbeddingsWhenAskedAgain() {
    Tensor row = new RandomPrompts(3, 9, 1).of(77, 9);

    assertThat(row.size(0)).isEqualTo(9);
    assertThat(row.size(1)).isEqualTo(3);
    assertThat(floats(row)).isEqualTo(floats(new RandomPrompts(3, 9, 1).of(77, 9)));
    assertThat(floats(row)).isNotEqualTo(floats(new RandomPrompts(3, 9, 2).of(77, 9)));
  }
}
