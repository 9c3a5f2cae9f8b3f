package org.promptembeds.sql.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Options as Catalyst holds them, turned into plain Java values. */
public final class OptionValues {
  private OptionValues() {}

  /** Options by lower-case name; those that are NULL are left out, as if they were not given. */
  public static Map<String, Object> toJava(@Nullable Object options, DataType type) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (options instanceof InternalRow row && type instanceof StructType struct) {
      StructField[] fields = struct.fields();
      for (int i = 0; i < fields.length; i++) {
        if (!row.isNullAt(i)) {
          put(
              values,
              fields[i].name(),
              scalar(row.get(i, fields[i].dataType()), fields[i].dataType()));
        }
      }
    } else if (options instanceof MapData map && type instanceof MapType mapType) {
      for (int i = 0; i < map.numElements(); i++) {
        if (!map.valueArray().isNullAt(i)) {
          Object value = map.valueArray().get(i, mapType.valueType());
          put(
              values,
              map.keyArray().getUTF8String(i).toString(),
              scalar(value, mapType.valueType()));
        }
      }
    }

    return values;
  }

  private static void put(Map<String, Object> values, String name, @Nullable Object value) {
    if (value != null && values.put(name.toLowerCase(Locale.ROOT), value) != null) {
      throw new IllegalArgumentException("option '" + name + "' is given twice");
    }
  }

  /**
   * One option's value: a string, a number, a boolean, or a list or map of those. A struct is a map
   * of its fields that are not NULL.
   */
  static @Nullable Object scalar(@Nullable Object value, DataType type) {
    if (value instanceof UTF8String text) {
      return text.toString();
    }

    if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal();
    }

    if (value instanceof ArrayData array && type instanceof ArrayType arrayType) {
      return elements("array", array, arrayType.elementType());
    }

    if (value instanceof MapData map && type instanceof MapType mapType) {
      List<Object> keys = elements("map", map.keyArray(), mapType.keyType());
      List<Object> members = elements("map", map.valueArray(), mapType.valueType());
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        entries.put(keys.get(i), members.get(i));
      }

      return entries;
    }

    if (value instanceof InternalRow row && type instanceof StructType struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < struct.length(); i++) {
        DataType field = struct.fields()[i].dataType();
        Object member = row.isNullAt(i) ? null : scalar(row.get(i, field), field);
        if (member != null) {
          fields.put(struct.fieldNames()[i], member);
        }
      }

      return fields;
    }

    return value;
  }

  private static List<Object> elements(String holder, ArrayData array, DataType type) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < array.numElements(); i++) {
      Object element = array.isNullAt(i) ? null : scalar(array.get(i, type), type);
      if (element == null) {
        throw new IllegalArgumentException("an option's %s must not hold NULL".formatted(holder));
      }

      elements.add(element);
    }

    return elements;
  }
}
