package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorFile.Entry;

/**
 * The header of a safetensors file, checked as the reference implementation checks it: the byte
 * ranges of the tensors follow each other without hole or overlap and end where the file ends.
 *
 * @param entries tensors in the order of their bytes, offsets counted from the start of the file
 * @param metadata the free text of {@code __metadata__}
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  /** Longest header that is read, in bytes; the reference implementation's bound. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  /** The first 8 bytes of a Git LFS pointer, {@code "version "}. */
  private static final long LFS_POINTER = 0x206e6f6973726576L;

  private static final String METADATA = "__metadata__";

  /** Bits of an element of the types that safetensors has and {@link DType} has not. */
  private static final Map<String, Integer> UNREADABLE_BITS =
      Map.ofEntries(
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("U16", 16),
          Map.entry("U32", 32),
          Map.entry("U64", 64),
          Map.entry("C64", 64));

  /**
   * Length of the header's text.
   *
   * @param field the first 8 bytes of the file as a little-endian number
   * @param fileBytes size of the file
   */
  static int textLength(String source, long field, long fileBytes) {
    if (field == LFS_POINTER) {
      throw new TensorFormatException(
          source, "not a safetensors file but a Git LFS pointer to one: run git lfs pull");
    }

    if (field < 0 || field > MAX_HEADER_BYTES) {
      throw new TensorFormatException(
          source,
          "not a safetensors file: header length %s, at most %d is allowed"
              .formatted(Long.toUnsignedString(field), MAX_HEADER_BYTES));
    }

    if (field > fileBytes - Long.BYTES) {
      throw new TensorFormatException(
          source,
          "truncated safetensors file: the header needs %d bytes, the file has %d"
              .formatted(field + Long.BYTES, fileBytes));
    }

    return (int) field;
  }

  /**
   * Parses and checks the header's text.
   *
   * @throws TensorFormatException naming the source, the tensor, the value and the bound
   */
  static SafetensorsHeader parse(String source, ByteBuffer text, long fileBytes) {
    long dataStart = Long.BYTES + (long) text.remaining();
    String json;
    try {
      json = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new TensorFormatException(source, "the safetensors header is not valid UTF-8", e);
    }

    if (!(StrictJson.parse(source, json) instanceof Map<?, ?> members)) {
      throw new TensorFormatException(source, "the safetensors header is not a JSON object");
    }

    Map<String, String> metadata = Map.of();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String name = (String) member.getKey();
      if (name.equals(METADATA)) {
        metadata = metadata(source, member.getValue());
      } else {
        entries.add(entry(source, name, member.getValue(), dataStart));
      }
    }

    entries.sort(
        Comparator.comparingLong(Entry::offset).thenComparingLong(e -> e.offset() + e.byteCount()));
    checkLayout(source, entries, dataStart, fileBytes);
    return new SafetensorsHeader(List.copyOf(entries), metadata);
  }

  private static Map<String, String> metadata(String source, @Nullable Object value) {
    if (value == null) {
      return Map.of();
    }

    Map<String, String> metadata = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> members) {
      members.forEach(
          (key, text) -> {
            if (!(text instanceof String string)) {
              throw new TensorFormatException(
                  source, "__metadata__ maps \"" + Shown.text((String) key) + "\" to no string");
            }

            metadata.put((String) key, string);
          });
      return Collections.unmodifiableMap(metadata);
    }

    throw new TensorFormatException(source, "__metadata__ is not a JSON object");
  }

  private static Entry entry(String source, String name, @Nullable Object value, long dataStart) {
    String tensor = "tensor \"" + Shown.text(name) + "\": ";
    if (!(value instanceof Map<?, ?> members)) {
      throw new TensorFormatException(source, tensor + "its description is not a JSON object");
    }

    if (!(members.get("dtype") instanceof String dtype)) {
      throw new TensorFormatException(source, tensor + "dtype is missing or not a string");
    }

    long[] shape = sizes(source, tensor + "shape", members.get("shape"));
    long[] range = sizes(source, tensor + "data_offsets", members.get("data_offsets"));
    if (range.length != 2 || range[1] < range[0]) {
      throw new TensorFormatException(
          source,
          tensor + "data_offsets must be a begin and an end, got " + Arrays.toString(range));
    }

    if (range[1] > Long.MAX_VALUE - dataStart) {
      throw new TensorFormatException(
          source, tensor + "data_offsets are out of range: " + Arrays.toString(range));
    }

    checkSize(source, tensor, dtype, shape, range[1] - range[0]);
    return new Entry(name, dtype, shape, dataStart + range[0], range[1] - range[0]);
  }

  private static long[] sizes(String source, String field, @Nullable Object value) {
    if (!(value instanceof List<?> elements)) {
      throw new TensorFormatException(source, field + " is missing or not a list");
    }

    long[] sizes = new long[elements.size()];
    for (int i = 0; i < sizes.length; i++) {
      if (!(elements.get(i) instanceof Long size) || size < 0) {
        throw new TensorFormatException(
            source, field + " must hold integers of at least 0, got " + Shown.text("" + value));
      }

      sizes[i] = size;
    }

    return sizes;
  }

  private static void checkSize(
      String source, String tensor, String dtype, long[] shape, long byteCount) {
    Integer bits =
        DType.ofSafetensors(dtype)
            .map(known -> known.bytes() * 8)
            .orElse(UNREADABLE_BITS.get(dtype));
    if (bits == null) {
      return; // of unknown width: listed, and refused when read
    }

    long expectedBits;
    try {
      expectedBits = Math.multiplyExact(Tensor.elementCount(shape), (long) bits);
    } catch (ArithmeticException e) {
      throw new TensorFormatException(
          source, tensor + "shape " + Arrays.toString(shape) + " is too large", e);
    }

    if (expectedBits % 8 != 0 || expectedBits / 8 != byteCount) {
      throw new TensorFormatException(
          source,
          tensor
              + "shape %s of type %s needs %d bytes, data_offsets give it %d"
                  .formatted(Arrays.toString(shape), dtype, (expectedBits + 7) / 8, byteCount));
    }
  }

  private static void checkLayout(
      String source, List<Entry> entries, long dataStart, long fileBytes) {
    long end = dataStart;
    for (Entry entry : entries) {
      String tensor = "tensor \"" + Shown.text(entry.name()) + "\"";
      if (entry.offset() != end) {
        throw new TensorFormatException(
            source,
            "%s begins at byte %d of the data, %s: the tensor before it ends at %d"
                .formatted(
                    tensor,
                    entry.offset() - dataStart,
                    entry.offset() < end ? "an overlap" : "a hole",
                    end - dataStart));
      }

      end += entry.byteCount();
      if (end > fileBytes) {
        throw new TensorFormatException(
            source,
            "truncated safetensors file: %s needs bytes %d to %d, the file has %d bytes"
                .formatted(tensor, entry.offset(), end, fileBytes));
      }
    }

    if (end != fileBytes) {
      throw new TensorFormatException(
          source,
          "the tensors end at byte %d, but the file has %d bytes".formatted(end, fileBytes));
    }
  }
}
