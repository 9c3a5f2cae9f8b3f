package org.promptembeds.sql.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.promptembeds.generation.InvalidRequestException;

/**
 * Catalyst's values as chat templates see them. A field of a struct that is NULL is not there, save
 * {@code content}, since the columns of a table are the same for every message.
 */
final class TemplateValues {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CONTENT = "content";

  private TemplateValues() {}

  /** Strings, booleans, numbers, lists, maps and nulls. */
  static @Nullable Object toJava(@Nullable Object value, DataType type) {
    if (value == null || value instanceof Boolean || value instanceof Number) {
      return value;
    }

    if (value instanceof UTF8String text) {
      return text.toString();
    }

    if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal();
    }

    if (value instanceof ArrayData array && type instanceof ArrayType arrayType) {
      return list(array, arrayType.elementType());
    }

    if (value instanceof InternalRow row && type instanceof StructType struct) {
      return map(row, struct);
    }

    if (value instanceof MapData map && type instanceof MapType mapType) {
      return map(map, mapType);
    }

    throw new InvalidRequestException(
        "a chat template cannot see a value of type " + type.sql() + "; make it a string");
  }

  private static List<@Nullable Object> list(ArrayData array, DataType type) {
    List<@Nullable Object> list = new ArrayList<>(array.numElements());
    for (int i = 0; i < array.numElements(); i++) {
      list.add(array.isNullAt(i) ? null : toJava(array.get(i, type), type));
    }

    return list;
  }

  private static Map<String, @Nullable Object> map(InternalRow row, StructType struct) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    StructField[] fields = struct.fields();
    for (int i = 0; i < fields.length; i++) {
      DataType type = fields[i].dataType();
      if (!row.isNullAt(i)) {
        map.put(fields[i].name(), toJava(row.get(i, type), type));
      } else if (fields[i].name().equals(CONTENT)) {
        map.put(CONTENT, null);
      }
    }

    return map;
  }

  private static Map<String, @Nullable Object> map(MapData data, MapType type) {
    List<@Nullable Object> keys = list(data.keyArray(), type.keyType());
    List<@Nullable Object> values = list(data.valueArray(), type.valueType());
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      map.put(String.valueOf(keys.get(i)), values.get(i));
    }

    return map;
  }

  /** {@code value} as it is, or what it says in JSON if it is a string. */
  static @Nullable Object fromJson(String name, @Nullable Object value) {
    if (!(value instanceof String json)) {
      return value;
    }

    try {
      return MAPPER.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "%s is not JSON: %s".formatted(name, e.getOriginalMessage()), e);
    }
  }

  /** A value that must be a dictionary, of variables or of a message. */
  @SuppressWarnings("unchecked") // maps come from here or from JSON, so that keys are strings
  static Map<String, Object> dictionary(String name, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }

    throw new InvalidRequestException(
        "%s must be a dictionary, got %s"
            .formatted(name, value == null ? "NULL" : value.getClass().getSimpleName()));
  }

  /** The messages of a chat. */
  static List<Map<String, Object>> messages(@Nullable Object value) {
    if (!(fromJson("messages", value) instanceof List<?> list)) {
      throw new InvalidRequestException("messages must be a list of dictionaries");
    }

    List<Map<String, Object>> messages = new ArrayList<>(list.size());
    for (Object message : list) {
      messages.add(dictionary("message " + messages.size(), message));
    }

    return messages;
  }
}
