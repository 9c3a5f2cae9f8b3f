package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random damage to good requests. The system property {@code fuzz.iterations} makes a longer run,
 * {@code fuzz.seed} another one.
 */
class HttpDamageTest {
  private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 3_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final String TELLING = "\r\n :,0123456789abcdef{}[]\"\\%/;";

  @Test
  void everythingIsAnsweredAndNothingIsLeftBehind() {
    FuzzedConnection connection = new FuzzedConnection();
    List<byte[]> corpus = HttpCorpus.requests();
    for (byte[] request : corpus) {
      assertThat(connection.answers(request)).isPositive();
    }

    Random random = new Random(SEED);
    int answered = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      byte[] input = damaged(corpus.get(random.nextInt(corpus.size())), corpus, random);
      answered += connection.answers(input) > 0 ? 1 : 0;
    }

    // The others wait for more.
    assertThat(answered).isGreaterThan(ITERATIONS / 2);
  }

  private static byte[] damaged(byte[] original, List<byte[]> corpus, Random random) {
    byte[] bytes = original.clone();
    for (int damage = 1 + random.nextInt(3); damage > 0 && bytes.length > 0; damage--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] = (byte) TELLING.charAt(random.nextInt(TELLING.length()));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = spliced(bytes, at, corpus.get(random.nextInt(corpus.size())), random);
        default -> bytes = spliced(bytes, at, bytes, random);
      }
    }

    return bytes;
  }

  /** The bytes up to {@code at}, and those of {@code other} from somewhere on. */
  private static byte[] spliced(byte[] bytes, int at, byte[] other, Random random) {
    int from = random.nextInt(other.length);
    byte[] all = Arrays.copyOf(bytes, at + other.length - from);
    System.arraycopy(other, from, all, at, other.length - from);
    return all;
  }
}
