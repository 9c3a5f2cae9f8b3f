package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
  private static final int END_BYTES = 22;
  private static final int CENTRAL_BYTES = 46;

  private final Path directory;

  TorchFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static byte[] shard() throws IOException {
    String name = "/golden/llama-bin-shards/pytorch_model-00001-of-00002.bin";
    try {
      return Files.readAllBytes(
          Path.of(Objects.requireNonNull(TorchFileTest.class.getResource(name)).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("model.bin"), bytes);
  }

  private static void assertHoldsAll(Path path, Map<String, Tensor> expected) throws IOException {
    try (TorchFile file = TorchFile.open(path)) {
      assertThat(file.entries()).hasSize(expected.size()).hasSizeGreaterThan(3);
      for (TensorFile.Entry entry : file.entries()) {
        Tensor tensor = Objects.requireNonNull(expected.get(entry.name()));
        assertThat(entry.shape()).as(entry.name()).isEqualTo(tensor.shape());
        assertThat(file.read(entry).toFloats()).isEqualTo(tensor.toFloats());
        assertThat(file.map(entry, 0, (int) entry.byteCount())).isEqualTo(tensor.data());
        assertThat(file.find(entry.name())).containsSame(entry);
      }
    }
  }

  @Test
  void mapsTheTensorsWhereTheyLie() throws IOException {
    byte[] bytes = shard();
    assertHoldsAll(write(bytes), TorchFormat.readAll("shard", ByteBuffer.wrap(bytes)));
  }

  @Test
  void readsTheDirectoryOfALargeArchive() throws IOException {
    byte[] bytes = shard();
    assertHoldsAll(write(wide(bytes)), TorchFormat.readAll("shard", ByteBuffer.wrap(bytes)));
  }

  /** The same archive with all numbers of its directory in 64 bits, as one above 4 GiB has them. */
  private static byte[] wide(byte[] archive) {
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int end = archive.length - END_BYTES;
    int start = bytes.getInt(end + 16);
    int count = Short.toUnsignedInt(bytes.getShort(end + 10));
    ByteBuffer result =
        ByteBuffer.allocate(2 * archive.length + 64 * count).order(ByteOrder.LITTLE_ENDIAN);
    result.put(archive, 0, start);
    int at = start;
    for (int i = 0; i < count; i++) {
      int nameBytes = bytes.getShort(at + 28);
      int extraBytes = bytes.getShort(at + 30);
      int entry = result.position();
      result.put(archive, at, CENTRAL_BYTES + nameBytes);
      result.putShort(entry + 30, (short) 28).putShort(entry + 32, (short) 0);
      result.putShort((short) 1).putShort((short) 24);
      result.putLong(bytes.getInt(at + 24)).putLong(bytes.getInt(at + 20));
      result.putLong(bytes.getInt(at + 42));
      result.putInt(entry + 20, -1).putInt(entry + 24, -1).putInt(entry + 42, -1);
      at += CENTRAL_BYTES + nameBytes + extraBytes + bytes.getShort(at + 32);
    }

    int directoryEnd = result.position();
    result.putInt(0x06064b50).putLong(44).putInt(45 << 16 | 45).putInt(0).putInt(0);
    result.putLong(count).putLong(count).putLong(directoryEnd - start).putLong(start);
    result.putInt(0x07064b50).putInt(0).putLong(directoryEnd).putInt(1);
    result.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
    byte[] written = new byte[result.position()];
    result.flip().get(written);
    return written;
  }

  @Test
  void refusesATensorThatIsNotInOnePiece() {
    TorchPickle.Storage storage = new TorchPickle.Storage(DType.FLOAT32, "0", 6);
    assertThat(new TorchPickle.View(storage, 0, new long[] {2, 3}, new long[] {3, 1}))
        .returns(true, TorchPickle.View::isContiguous)
        .returns(6L, TorchPickle.View::elements);
    assertThat(new TorchPickle.View(storage, 0, new long[] {3, 2}, new long[] {1, 3}))
        .returns(false, TorchPickle.View::isContiguous);
    assertThat(new TorchPickle.View(storage, 0, new long[] {1L << 40, 1L << 40}, new long[] {1, 1}))
        .returns(-1L, TorchPickle.View::elements);
  }

  @Test
  void versionsOfModulesBesideTheDictAreDropped() {
    String attributes = "}X\t\0\0\0_metadata}s";
    assertThat(TorchPickle.read("p", pickle("}" + attributes + "b."))).isEqualTo(Map.of());
    assertThatThrownBy(() -> TorchPickle.read("p", pickle("}}X\4\0\0\0moreK\1sb.")))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("sets attributes of what is not the dict of a model");
  }

  private static ByteBuffer pickle(String opcodes) {
    byte[] bytes = ("\u0080\2" + opcodes).getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void refusesWhatIsNoDictOfTensors() throws IOException {
    Path one = write(TorchFormat.write(Tensor.ofFloats(new float[] {1}, 1)));
    assertThatThrownBy(() -> TorchFile.open(one))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("holds no dict of tensors");
    Path none = write(new byte[] {1, 2, 3});
    assertThatThrownBy(() -> TorchFile.open(none))
        .hasMessageContaining("not a file of torch.save: 3 bytes");
  }
}
