package org.promptembeds.tensor;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes the pickles of tensors as {@code torch.save} does, protocol 2. */
final class TorchPickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private TorchPickleWriter() {}

  /** A tensor that is all of a storage. */
  record Stored(DType dtype, long[] shape) {
    static Stored of(Tensor tensor) {
      return new Stored(tensor.dtype(), tensor.shape());
    }
  }

  /** The pickle of a tensor that is all of storage {@code 0}. */
  static byte[] pickle(Tensor tensor) {
    TorchPickleWriter writer = new TorchPickleWriter();
    writer.opcodes(0x80, 2);
    writer.tensor(0, Stored.of(tensor));
    writer.opcodes('.');
    return writer.bytes.toByteArray();
  }

  /** The pickle of a dict of tensors, the first of which is all of storage {@code 0}, and so on. */
  static byte[] pickle(Map<String, Stored> tensors) {
    TorchPickleWriter writer = new TorchPickleWriter();
    writer.opcodes(0x80, 2, '}', '(');
    int storage = 0;
    for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
      writer.text(entry.getKey());
      writer.tensor(storage++, entry.getValue());
    }

    writer.opcodes('u', '.');
    return writer.bytes.toByteArray();
  }

  private void tensor(int storage, Stored tensor) {
    global("torch._utils", "_rebuild_tensor_v2");
    opcodes('(', '(');
    text("storage");
    global("torch", TorchFormat.storageName(tensor.dtype()));
    text(Integer.toString(storage));
    text("cpu");
    integer(Tensor.elementCount(tensor.shape()));
    opcodes('t', 'Q');
    integer(0);
    tuple(tensor.shape());
    tuple(StridedView.rowMajor(tensor.shape()));
    opcodes(0x89);
    global("collections", "OrderedDict");
    opcodes(')', 'R', 't', 'R');
  }

  private void opcodes(int... opcodes) {
    for (int opcode : opcodes) {
      bytes.write(opcode);
    }
  }

  private void global(String module, String name) {
    bytes.write('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes.write('X');
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.write(utf8.length >>> shift);
    }

    bytes.writeBytes(utf8);
  }

  private void tuple(long[] values) {
    bytes.write('(');
    for (long value : values) {
      integer(value);
    }

    bytes.write('t');
  }

  /** LONG1: a length and the little-endian bytes of the two's complement. */
  private void integer(long value) {
    byte[] bigEndian = BigInteger.valueOf(value).toByteArray();
    opcodes(0x8a, bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      bytes.write(bigEndian[i]);
    }
  }
}
