package org.promptembeds.tensor;

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

  /** Size of one element, in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloat() {
    return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
  }
}
