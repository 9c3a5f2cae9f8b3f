package org.promptembeds.sql;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;

/** Puts the embeddings of several parts one after the other. */
final class PromptParts {
  private final List<PromptPart> parts;

  /**
   * Parts of a struct.
   *
   * @param type a struct whose fields are all parts
   */
  PromptParts(StructType type) {
    parts =
        Arrays.stream(type.fields())
            .map(StructField::dataType)
            .map(part -> PromptPart.of(part).orElseThrow())
            .toList();
  }

  /** The embeddings {@code (positions, hidden_size)}; null if a part is NULL. */
  float @Nullable [] concat(InternalRow row, PromptModel model) {
    if (row.anyNull()) {
      return null;
    }

    float[][] embeds = new float[parts.size()][];
    long count = 0;
    for (int i = 0; i < embeds.length; i++) {
      embeds[i] = parts.get(i).embeds(row, i, model);
      count += embeds[i].length;
    }

    if (count > Integer.MAX_VALUE / Float.BYTES) {
      throw new InvalidRequestException("embeddings of %d values need 2 GiB".formatted(count));
    }

    float[] all = new float[(int) count];
    int offset = 0;
    for (float[] part : embeds) {
      System.arraycopy(part, 0, all, offset, part.length);
      offset += part.length;
    }

    return all;
  }
}
