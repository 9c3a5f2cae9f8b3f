package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random damage to good and hostile files. The system property {@code fuzz.iterations} makes a
 * longer run, {@code fuzz.seed} another one.
 */
class TensorFuzzTest {
  private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 3_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final int[] LIMITS = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fff, 256};

  @ParameterizedTest
  @EnumSource
  void damageIsRefusedCheaply(FuzzedParser parser) {
    List<byte[]> corpus = parser.corpus();
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      byte[] input = damaged(corpus.get(random.nextInt(corpus.size())), corpus, random);
      refused += parser.refuses(input) ? 1 : 0;
    }

    assertThat(refused).isBetween(ITERATIONS / 4, ITERATIONS);
  }

  private static byte[] damaged(byte[] original, List<byte[]> corpus, Random random) {
    byte[] bytes = original.clone();
    for (int damage = 1 + random.nextInt(3); damage > 0 && bytes.length > 8; damage--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 ->
            ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Math.min(at, bytes.length - 4), LIMITS[random.nextInt(LIMITS.length)]);
        case 5 -> {
          int from = random.nextInt(bytes.length);
          int length = random.nextInt(Math.min(64, bytes.length - Math.max(at, from)));
          System.arraycopy(bytes.clone(), from, bytes, at, length);
        }
        default -> {
          byte[] other = corpus.get(random.nextInt(corpus.size()));
          int length = Math.min(random.nextInt(200), Math.min(other.length, bytes.length) - 1);
          int from = random.nextInt(Math.min(other.length, bytes.length) - Math.max(length, 0));
          System.arraycopy(other, from, bytes, from, Math.max(length, 0));
        }
      }
    }

    return bytes;
  }
}
