package org.promptembeds.jobs.files;

import java.util.Locale;
import org.promptembeds.tensor.DType;

/** Types of elements that {@code embed} writes to files of tensors. */
public enum EmbedType {
  FLOAT32,
  FLOAT16,
  BFLOAT16;

  /** The name by which the option {@code dtype} of the data source knows it. */
  String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of a checkpoint, or float32 where it is none of these. */
  public static EmbedType of(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> FLOAT16;
      case BFLOAT16 -> BFLOAT16;
      case FLOAT32, FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL -> FLOAT32;
    };
  }
}
