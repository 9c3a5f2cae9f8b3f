package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format: one array, in versions 1 to 3, little-endian, in row or column
 * order.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The
 *     format</a>
 */
public final class NpyFormat {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int MAX_HEADER_BYTES = 1 << 16;
  private static final int ALIGNMENT = 64;

  private static final Map<String, DType> DTYPES =
      new TreeMap<>(
          Map.of(
              "<f8", DType.FLOAT64,
              "<f4", DType.FLOAT32,
              "<f2", DType.FLOAT16,
              "<i8", DType.INT64,
              "<i4", DType.INT32,
              "<i2", DType.INT16,
              "|i1", DType.INT8,
              "|u1", DType.UINT8,
              "|b1", DType.BOOL));

  /** One {@code 'key': value} of the header, which is a Python dict of three. */
  private static final Pattern ITEM =
      Pattern.compile(
          "\\s*(?:'(descr)'\\s*:\\s*'([^']{1,16})'"
              + "|'(fortran_order)'\\s*:\\s*(True|False)"
              + "|'(shape)'\\s*:\\s*\\(([0-9,\\s]{0,200})\\))\\s*(?:,|(?=}))");

  private static final Pattern CLOSE = Pattern.compile("\\s*}\\s*");

  private NpyFormat() {}

  /**
   * The array.
   *
   * @param source what messages call the bytes
   * @throws TensorFormatException if the bytes are malformed or of a type that is not supported
   */
  public static Tensor read(String source, ByteBuffer bytes) {
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> header = header(source, text(source, data));
    DType dtype = DTYPES.get(header.getOrDefault("descr", ""));
    if (dtype == null) {
      throw new TensorFormatException(
          source,
          "the npy type %s is not supported, only %s"
              .formatted(Shown.text(header.getOrDefault("descr", "")), DTYPES.keySet()));
    }

    long[] shape = shape(source, header.getOrDefault("shape", ""));
    checkSize(source, dtype, shape, data.remaining());
    boolean columns = header.getOrDefault("fortran_order", "").equals("True");
    long[] strides = columns ? StridedView.columnMajor(shape) : StridedView.rowMajor(shape);
    ByteBuffer elements = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    return new StridedView(dtype, elements, 0, shape, strides).toTensor(source, copied -> {});
  }

  /**
   * The bytes of a version 1 file, as {@code numpy.save} writes it.
   *
   * @throws IllegalArgumentException if NumPy has no such type, which is so for bfloat16
   */
  public static byte[] write(Tensor tensor) {
    String descr =
        DTYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == tensor.dtype())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "npy has no type %s: convert to FLOAT32 first".formatted(tensor.dtype())));
    String sizes =
        Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String shape = "(" + sizes + (tensor.rank() == 1 ? ",)" : ")");
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
    int start = MAGIC.length + 4;
    int padded = (start + header.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String text = header + " ".repeat(padded - start - header.length() - 1) + "\n";
    return ByteBuffer.allocate(padded + tensor.byteCount())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.US_ASCII))
        .put(tensor.data())
        .array();
  }

  /** Reads up to the end of the header's text. */
  private static String text(String source, ByteBuffer data) {
    if (data.remaining() < MAGIC.length + 6
        || !data.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new TensorFormatException(source, "not an npy file, or a truncated one");
    }

    int version = data.get(MAGIC.length);
    data.position(MAGIC.length + 2);
    if (version < 1 || version > 3) {
      throw new TensorFormatException(
          source, "npy version %d is not supported, only 1 to 3".formatted(version));
    }

    long length =
        version == 1
            ? Short.toUnsignedLong(data.getShort())
            : Integer.toUnsignedLong(data.getInt());
    if (length > Math.min(MAX_HEADER_BYTES, data.remaining())) {
      throw new TensorFormatException(
          source,
          "the npy header has %d bytes, %d are left and at most %d are read"
              .formatted(length, data.remaining(), MAX_HEADER_BYTES));
    }

    byte[] text = new byte[(int) length];
    data.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> header(String source, String text) {
    Map<String, String> header = new TreeMap<>();
    Matcher item = ITEM.matcher(text);
    int position = text.indexOf('{') + 1;
    while (item.region(position, text.length()).lookingAt()) {
      for (int group = 1; group < 6; group += 2) {
        if (item.group(group) != null
            && header.put(item.group(group), item.group(group + 1)) != null) {
          throw new TensorFormatException(
              source, "the npy header gives %s twice".formatted(item.group(group)));
        }
      }

      position = item.end();
    }

    Matcher close = CLOSE.matcher(text).region(position, text.length());
    if (header.size() != 3 || !close.matches() || !text.startsWith("{")) {
      throw new TensorFormatException(
          source,
          "the npy header must give descr (a plain type), fortran_order and shape, got "
              + Shown.text(text.strip()));
    }

    return header;
  }

  private static long[] shape(String source, String sizes) {
    try {
      String list = sizes.strip();
      return list.isEmpty()
          ? new long[0]
          : Arrays.stream(list.replaceFirst(",$", "").split(",", -1))
              .mapToLong(size -> Long.parseLong(size.strip()))
              .toArray();
    } catch (NumberFormatException e) {
      throw new TensorFormatException(
          source, "the npy shape (%s) is not a list of sizes".formatted(Shown.text(sizes)), e);
    }
  }

  private static void checkSize(String source, DType dtype, long[] shape, int present) {
    long expected;
    try {
      expected = Math.multiplyExact(Tensor.elementCount(shape), (long) dtype.bytes());
    } catch (ArithmeticException e) {
      throw new TensorFormatException(
          source, "the npy shape %s is too large".formatted(Shown.text(Arrays.toString(shape))), e);
    }

    if (expected != present) {
      throw new TensorFormatException(
          source,
          "an npy array of shape %s and type %s has %d bytes, got %d"
              .formatted(Shown.text(Arrays.toString(shape)), dtype, expected, present));
    }
  }
}
