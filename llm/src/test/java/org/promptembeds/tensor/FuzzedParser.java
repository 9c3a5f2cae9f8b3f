package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A parser that takes bytes of strangers: it makes something of them or throws {@link
 * TensorFormatException}, and allocates no more than a multiple of its input, besides the tensor.
 */
enum FuzzedParser {
  TORCH(".pt") {
    @Override
    Tensor parse(byte[] input) {
      return TorchFormat.read("fuzz", ByteBuffer.wrap(input));
    }
  },
  NPY(".npy") {
    @Override
    Tensor parse(byte[] input) {
      return NpyFormat.read("fuzz", ByteBuffer.wrap(input));
    }
  },
  SAFETENSORS(".safetensors") {
    @Override
    Tensor parse(byte[] input) {
      return TensorBytes.read(input);
    }
  },
  BASE64(".pt") {
    @Override
    Tensor parse(byte[] input) {
      return TensorBytes.readBase64("fuzz", new String(input, StandardCharsets.ISO_8859_1));
    }

    @Override
    List<byte[]> corpus() {
      return super.corpus().stream().map(Base64.getEncoder()::encode).toList();
    }
  };

  private static final long ALLOWED_BYTES = 1 << 20;
  private static final int ALLOWED_FACTOR = 64;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String extension;

  FuzzedParser(String extension) {
    this.extension = extension;
  }

  abstract Tensor parse(byte[] input);

  /** Good and hostile files of the format. */
  List<byte[]> corpus() {
    return List.of("tensors", "hostile").stream()
        .flatMap(
            folder ->
                Arrays.stream(Resources.path(folder).toFile().list())
                    .sorted()
                    .map(name -> folder + "/" + name))
        .filter(name -> name.endsWith(extension))
        .map(Resources::bytes)
        .filter(bytes -> bytes.length < 10_000)
        .toList();
  }

  /** Whether the parser refuses {@code input}; fails if it does worse than that. */
  boolean refuses(byte[] input) {
    long allowed = ALLOWED_BYTES + (long) ALLOWED_FACTOR * input.length;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long made = run(input);
    allowed += Math.max(made, 0);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > allowed) { // the count is coarse and includes first uses: look again
      before = THREADS.getCurrentThreadAllocatedBytes();
      run(input);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).as("bytes allocated for %s", base64(input)).isLessThan(allowed);
    }

    return made < 0;
  }

  /** Bytes of the tensor that is made; -1 if it is refused. */
  private long run(byte[] input) {
    try {
      Tensor tensor = parse(input);
      assertThat((long) tensor.byteCount())
          .isLessThanOrEqualTo(Math.max(input.length, TorchReader.MAX_COPIED_BYTES));
      return tensor.byteCount();
    } catch (TensorFormatException e) {
      assertThat(e.getMessage()).hasSizeLessThan(1_000);
      return -1;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("not a refusal of " + base64(input), e);
    }
  }

  private static String base64(byte[] input) {
    return Base64.getEncoder().encodeToString(input);
  }
}
