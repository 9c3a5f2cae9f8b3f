package org.promptembeds.sql.execution;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;

/**
 * What messages call the rows of a partition: their number, and the key by which a user finds them,
 * such as the name of a tensor, where the operator has such a column.
 *
 * @param keyColumn position of the key; -1 if there is none
 * @param keyName the column's name
 */
record RowNames(int partition, int keyColumn, String keyName, DataType keyType) {
  /** Columns that are taken for keys, the best first. */
  private static final List<String> KEYS = List.of("name", "id");

  private static final int LONGEST_KEY = 80;

  /** Names for rows of {@code columns}. */
  static RowNames of(int partition, List<Attribute> columns) {
    for (String key : KEYS) {
      for (int i = 0; i < columns.size(); i++) {
        Attribute column = columns.get(i);
        if (column.name().toLowerCase(Locale.ROOT).equals(key) && isKey(column.dataType())) {
          return new RowNames(partition, i, column.name(), column.dataType());
        }
      }
    }

    return numbered(partition);
  }

  /** Names without keys. */
  static RowNames numbered(int partition) {
    return new RowNames(partition, -1, "", DataTypes.NullType);
  }

  private static boolean isKey(DataType type) {
    return type instanceof StringType || type instanceof IntegralType;
  }

  /** The name of the {@code number}th row. */
  String of(long number, InternalRow row) {
    String name = number + " of partition " + partition;
    if (keyColumn < 0 || row.isNullAt(keyColumn)) {
      return name;
    }

    String key = String.valueOf(row.get(keyColumn, keyType));
    String head = key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "…";
    return "%s, %s %s".formatted(name, keyName, head.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD"));
  }
}
