package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.cuda.CopyFence;

class ReadAheadTest {
  private static final List<Integer> LENGTHS = List.of(7, 64, 200, 1, 0, 129, 63, 500, 65, 64);

  private final Path directory;
  private final LazyDevice device = new LazyDevice();

  ReadAheadTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A device that reads what it was given as late as it may: when somebody waits for that. */
  private static final class LazyDevice {
    private final Map<Integer, byte[]> received = new ConcurrentHashMap<>();
    private ByteBuffer given = ByteBuffer.allocate(0);
    private int copies;

    CopyFence fence() {
      return new CopyFence() {
        private @Nullable ByteBuffer source;
        private int number;

        @Override
        public void raise() {
          source = given;
          number = copies++;
        }

        @Override
        public void await() {
          if (source != null) {
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            received.put(number, bytes);
            source = null;
          }
        }

        @Override
        public void close() {
          assertThat(source).as("copy under way").isNull();
        }
      };
    }
  }

  private List<byte[]> write() throws IOException {
    Random random = new Random(5);
    List<byte[]> tensors = new ArrayList<>();
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      for (int length : LENGTHS) {
        byte[] bytes = new byte[2 * length];
        random.nextBytes(bytes);
        writer.add("t" + tensors.size(), Tensor.of(DType.BFLOAT16, ByteBuffer.wrap(bytes), length));
        tensors.add(bytes);
      }

      writer.commit();
    }

    return tensors;
  }

  private static List<Weight> weights(Weights opened) {
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < LENGTHS.size(); i++) {
      weights.add(opened.find("t" + i));
    }

    return weights;
  }

  private ReadAhead readAhead(List<Weight> weights, int threads) {
    return new ReadAhead(
        weights, new ReadAhead.Width(threads, 128), () -> new StagingBuffer(null), device::fence);
  }

  private void copyAll(List<Weight> weights, ReadAhead pieces) {
    for (Weight weight : weights) {
      for (long done = 0; done < weight.byteCount(); done += pieces.pieceBytes()) {
        int length = (int) Math.min(pieces.pieceBytes(), weight.byteCount() - done);
        device.given = pieces.next(weight, done, length);
        pieces.done();
      }
    }
  }

  @Test
  void noBufferIsFilledBeforeTheDeviceHasReadIt() throws IOException {
    List<byte[]> tensors = write();
    for (int threads : new int[] {1, 2, 40}) {
      device.received.clear();
      device.copies = 0;
      try (Weights opened = Weights.open(directory)) {
        List<Weight> weights = weights(opened);
        try (ReadAhead pieces = readAhead(weights, threads)) {
          copyAll(weights, pieces);
        }
      }

      ByteBuffer all = ByteBuffer.allocate(tensors.stream().mapToInt(t -> t.length).sum());
      for (int i = 0; i < device.copies; i++) {
        assertThat(device.received.get(i)).hasSizeLessThanOrEqualTo(128);
        all.put(device.received.get(i));
      }

      all.flip();
      for (byte[] tensor : tensors) {
        byte[] arrived = new byte[tensor.length];
        all.get(arrived);
        assertThat(arrived).containsExactly(tensor);
      }
    }
  }

  @Test
  void whatIsReadAheadIsBounded() {
    assertThat(ReadAhead.Width.of(64, 8L << 30)).isEqualTo(new ReadAhead.Width(16, 4 << 20));
    assertThat(ReadAhead.Width.of(16, 512L << 20)).isEqualTo(new ReadAhead.Width(16, 2 << 20));
    assertThat(ReadAhead.Width.of(2, 64L << 20)).isEqualTo(new ReadAhead.Width(2, 2 << 20));
    assertThat(ReadAhead.Width.of(16, 100_000_001L)).isEqualTo(new ReadAhead.Width(16, 1 << 20));
  }

  @Test
  void aFileThatBecameShorterIsNamed() throws IOException {
    write();
    try (Weights opened = Weights.open(directory)) {
      List<Weight> weights = weights(opened);
      Path file = directory.resolve("model.safetensors");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() - 100);
      }

      try (ReadAhead pieces = readAhead(weights, 2)) {
        assertThatThrownBy(() -> copyAll(weights, pieces))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("cannot be read: " + file + " became shorter while it was read");
      }
    }
  }

  @Test
  void endingEarlyWaitsForWhatIsUnderWay() throws IOException {
    List<byte[]> tensors = write();
    try (Weights opened = Weights.open(directory)) {
      List<Weight> weights = weights(opened);
      try (ReadAhead pieces = readAhead(weights, 3)) {
        device.given = pieces.next(weights.get(0), 0, 14);
        pieces.done();
        assertThatThrownBy(() -> pieces.next(weights.get(2), 0, 128))
            .hasMessage("128 bytes of t2 from 0 on are not the piece that comes next");
      }
    }

    assertThat(device.received.get(0)).containsExactly(tensors.get(0));
  }
}
