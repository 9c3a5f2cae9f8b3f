package org.promptembeds.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Element type of a tensor, named as safetensors names it. */
public enum DType {
  FLOAT64("F64", 8),
  FLOAT32("F32", 4),
  FLOAT16("F16", 2),
  BFLOAT16("BF16", 2),
  INT64("I64", 8),
  INT32("I32", 4),
  INT16("I16", 2),
  INT8("I8", 1),
  UINT8("U8", 1),
  BOOL("BOOL", 1);

  private static final Map<String, DType> BY_SAFETENSORS_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(DType::safetensorsName, Function.identity()));

  private final String safetensorsName;
  private final int bytes;

  DType(String safetensorsName, int bytes) {
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
  }

  /** The name used in safetensors headers, for instance {@code BF16}. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** The type of that name in safetensors headers, unless there is none here. */
  static Optional<DType> ofSafetensors(String name) {
    return Optional.ofNullable(BY_SAFETENSORS_NAME.get(name));
  }

  /** All names, for messages. */
  static String safetensorsNames() {
    return Arrays.stream(values()).map(DType::safetensorsName).collect(Collectors.joining(", "));
  }

  /** Size of one element, in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloat() {
    return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
  }
}
