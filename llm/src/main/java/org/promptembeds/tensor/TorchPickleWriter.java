package org.promptembeds.tensor;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Writes the pickle of one tensor as {@code torch.save} does, protocol 2. */
final class TorchPickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private TorchPickleWriter() {}

  /** The pickle of a tensor that is all of storage {@code 0}. */
  static byte[] pickle(Tensor tensor) {
    TorchPickleWriter writer = new TorchPickleWriter();
    writer.opcodes(0x80, 2);
    writer.global("torch._utils", "_rebuild_tensor_v2");
    writer.opcodes('(', '(');
    writer.text("storage");
    writer.global("torch", TorchFormat.storageName(tensor.dtype()));
    writer.text("0");
    writer.text("cpu");
    writer.integer(tensor.elementCount());
    writer.opcodes('t', 'Q');
    writer.integer(0);
    writer.tuple(tensor.shape());
    writer.tuple(StridedView.rowMajor(tensor.shape()));
    writer.opcodes(0x89);
    writer.global("collections", "OrderedDict");
    writer.opcodes(')', 'R', 't', 'R', '.');
    return writer.bytes.toByteArray();
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
