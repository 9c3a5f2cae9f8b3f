package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorFile.Entry;

/** An archive of {@code torch.save} whose pickle has been read. */
final class TorchArchive {
  private static final ByteBuffer LITTLE =
      ByteBuffer.wrap("little".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

  private final ByteSource source;
  private final ZipDirectory zip;
  private final String root;
  private final Object value;

  private TorchArchive(ByteSource source, ZipDirectory zip, String root, Object value) {
    this.source = source;
    this.zip = zip;
    this.root = root;
    this.value = value;
  }

  /**
   * Reads the directory and the pickle.
   *
   * @throws TensorFormatException if {@code torch.save} did not write them
   */
  static TorchArchive open(ByteSource source) throws IOException {
    ZipDirectory zip = ZipDirectory.read(source);
    List<String> pickles =
        zip.names().stream()
            .filter(name -> name.endsWith("/" + TorchFormat.PICKLE))
            .filter(name -> name.indexOf('/') == name.length() - TorchFormat.PICKLE.length() - 1)
            .toList();
    ZipDirectory.Member pickle = pickles.size() == 1 ? zip.find(pickles.get(0)) : null;
    if (pickle == null) {
      throw new TensorFormatException(
          source.name(),
          "a zip archive that torch.save did not write: it needs one */" + TorchFormat.PICKLE);
    }

    String root =
        pickles.get(0).substring(0, pickles.get(0).length() - TorchFormat.PICKLE.length());
    ZipDirectory.Member order = zip.find(root + "byteorder");
    if (order != null && !isLittle(source, order)) {
      throw new TensorFormatException(
          source.name(), "only tensors of little-endian machines are read");
    }

    TorchPickle.checkSize(source.name(), pickle.byteCount());
    ByteBuffer bytes = source.read(pickle.start(), (int) pickle.byteCount());
    return new TorchArchive(source, zip, root, TorchPickle.read(source.name(), bytes));
  }

  private static boolean isLittle(ByteSource source, ZipDirectory.Member order) throws IOException {
    return order.byteCount() == LITTLE.limit()
        && source.read(order.start(), LITTLE.limit()).equals(LITTLE);
  }

  /** What was saved. */
  Object value() {
    return value;
  }

  /** The elements of a storage, which are all there. */
  ZipDirectory.Member storage(TorchPickle.Storage storage) {
    ZipDirectory.Member data = zip.find(root + "data/" + storage.key());
    String name = "storage " + Shown.text(storage.key());
    if (data == null) {
      throw new TensorFormatException(source.name(), name + " is missing");
    }

    if (data.byteCount() / storage.dtype().bytes() != storage.elements()) {
      throw new TensorFormatException(
          source.name(),
          "%s should have %d elements of type %s, but has %d bytes"
              .formatted(name, storage.elements(), storage.dtype(), data.byteCount()));
    }

    return data;
  }

  /** A tensor whose elements lie one after another. */
  Entry entry(String name, @Nullable Object saved) {
    String tensor = "tensor \"%s\"".formatted(Shown.text(name));
    if (!(saved instanceof TorchPickle.View view)) {
      throw new TensorFormatException(source.name(), tensor + " is no tensor");
    }

    if (!view.isContiguous()) {
      throw new TensorFormatException(
          source.name(), tensor + " does not lie in one piece: save its contiguous() copy");
    }

    ZipDirectory.Member data = storage(view.storage());
    int itemBytes = view.storage().dtype().bytes();
    long elements = view.elements();
    if (view.offset() < 0 || elements < 0 || view.offset() > view.storage().elements() - elements) {
      throw new TensorFormatException(
          source.name(), tensor + " has elements that its storage has not");
    }

    return new Entry(
        name,
        view.storage().dtype().safetensorsName(),
        view.sizes(),
        data.start() + view.offset() * itemBytes,
        elements * itemBytes);
  }
}
