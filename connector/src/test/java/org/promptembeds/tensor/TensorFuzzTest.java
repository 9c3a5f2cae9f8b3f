package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random damage to good and hostile files: a parser makes a tensor or throws {@link
 * TensorFormatException}, and allocates no more than a multiple of its input. The system property
 * {@code fuzz.iterations} makes a longer run, {@code fuzz.seed} another one.
 */
class TensorFuzzTest {
  private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 3_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final long ALLOWED_BYTES = 1 << 20;
  private static final int ALLOWED_FACTOR = 64;
  private static final int[] LIMITS = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fff, 256};

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(strings = {".pt", ".npy", ".safetensors"})
  void damageIsRefusedCheaply(String extension) {
    List<byte[]> corpus = corpus(extension);
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      byte[] input = damaged(corpus.get(random.nextInt(corpus.size())), corpus, random);
      refused += refuses(input) ? 1 : 0;
    }

    assertThat(refused).isBetween(ITERATIONS / 4, ITERATIONS);
  }

  private static List<byte[]> corpus(String extension) {
    return List.of("tensors", "hostile").stream()
        .flatMap(
            folder ->
                Arrays.stream(Resources.path(folder).toFile().list())
                    .sorted()
                    .map(name -> folder + "/" + name))
        .filter(name -> name.endsWith(extension))
        .map(name -> Resources.bytes(name))
        .filter(bytes -> bytes.length < 10_000)
        .toList();
  }

  private static boolean refuses(byte[] input) {
    long allowed = ALLOWED_BYTES + (long) ALLOWED_FACTOR * input.length;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean refused = run(input);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > allowed) { // the count is coarse and includes first uses: look again
      before = THREADS.getCurrentThreadAllocatedBytes();
      run(input);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).as("bytes allocated for %s", base64(input)).isLessThan(allowed);
    }

    return refused;
  }

  private static boolean run(byte[] input) {
    try {
      Tensor tensor = TensorBytes.read(input);
      assertThat(tensor.byteCount()).isLessThanOrEqualTo(input.length);
      return false;
    } catch (TensorFormatException e) {
      assertThat(e.getMessage()).hasSizeLessThan(1_000);
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("not a refusal of " + base64(input), e);
    }
  }

  private static String base64(byte[] input) {
    return Base64.getEncoder().encodeToString(input);
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
