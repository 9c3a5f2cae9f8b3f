package org.promptembeds.sql.prompt;

import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.promptembeds.generation.InvalidRequestException;

/** Token ids as Catalyst holds them. */
final class TokenIds {
  private TokenIds() {}

  /**
   * The token ids of an array of integers.
   *
   * @throws InvalidRequestException if one is NULL, negative or too large
   */
  static int[] read(ArrayData array, DataType type) {
    List<?> values = (List<?>) Objects.requireNonNull(TemplateValues.toJava(array, type));
    int[] tokenIds = new int[values.size()];
    for (int i = 0; i < tokenIds.length; i++) {
      Object value = values.get(i);
      long tokenId = value instanceof Number number ? number.longValue() : -1;
      if (tokenId < 0 || tokenId > Integer.MAX_VALUE) {
        throw new InvalidRequestException(
            "token id %s at position %d is not one: ids are whole numbers of at least 0"
                .formatted(value, i));
      }

      tokenIds[i] = (int) tokenId;
    }

    return tokenIds;
  }
}
