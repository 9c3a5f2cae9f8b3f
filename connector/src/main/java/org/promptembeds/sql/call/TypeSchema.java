package org.promptembeds.sql.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A SQL type as the JSON schema of what {@code from_json} reads as it. */
final class TypeSchema {
  private static final String TIMESTAMP =
      "^(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d";

  private TypeSchema() {}

  /**
   * The type that a text names: a list of fields as {@code CREATE TABLE} has it, a type, or the
   * JSON of a {@code StructType}.
   *
   * @throws IllegalArgumentException if it names none that an output can have
   */
  static DataType parse(String text) {
    DataType type;
    try {
      type = text.strip().startsWith("{") ? DataType.fromJson(text) : DataType.fromDDL(text);
    } catch (Exception e) { // Scala declares nothing: ParseException and many others
      throw new IllegalArgumentException(
          "schema must be fields such as 'name STRING, age INT', a type, or the JSON of a StructType, got '%s'"
              .formatted(text),
          e);
    }

    if (!(type instanceof StructType || type instanceof ArrayType || type instanceof MapType)) {
      throw new IllegalArgumentException(
          "schema must be of fields, an array or a map, got %s: give it a field"
              .formatted(type.sql()));
    }

    return type;
  }

  /**
   * The JSON schema.
   *
   * @throws IllegalArgumentException naming a type that has none
   */
  static ObjectNode of(DataType type) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (type instanceof StructType struct) {
      return ofFields(struct, schema);
    }

    if (type instanceof ArrayType array) {
      schema.put("type", "array");
      schema.set("items", of(array.elementType()));
      return schema;
    }

    if (type instanceof MapType map && map.keyType() instanceof StringType) {
      schema.put("type", "object");
      schema.set("additionalProperties", of(map.valueType()));
      return schema;
    }

    if (type instanceof StringType) {
      return schema.put("type", "string");
    }

    if (type instanceof DecimalType decimal) {
      return ofDecimal(decimal, schema);
    }

    return ofScalar(type, schema);
  }

  private static ObjectNode ofFields(StructType struct, ObjectNode schema) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (StructField field : struct.fields()) {
      properties.set(field.name(), of(field.dataType()));
      required.add(field.name());
    }

    return schema.put("additionalProperties", false);
  }

  private static ObjectNode ofDecimal(DecimalType decimal, ObjectNode schema) {
    BigDecimal step = BigDecimal.ONE.movePointLeft(decimal.scale());
    BigDecimal most =
        new BigDecimal(BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE))
            .movePointLeft(decimal.scale());
    return schema
        .put("type", "number")
        .put("minimum", most.negate())
        .put("maximum", most)
        .put("multipleOf", step);
  }

  private static ObjectNode ofScalar(DataType type, ObjectNode schema) {
    if (type.equals(DataTypes.BooleanType)) {
      return schema.put("type", "boolean");
    }

    if (type.equals(DataTypes.ByteType)) {
      return whole(schema, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    if (type.equals(DataTypes.ShortType)) {
      return whole(schema, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    if (type.equals(DataTypes.IntegerType)) {
      return whole(schema, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    if (type.equals(DataTypes.LongType)) {
      return whole(schema, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    if (type.equals(DataTypes.FloatType)) {
      return schema.put("type", "number").put("minimum", -1e38).put("maximum", 1e38);
    }

    if (type.equals(DataTypes.DoubleType)) {
      return schema.put("type", "number");
    }

    if (type.equals(DataTypes.DateType)) {
      return schema.put("type", "string").put("format", "date").put("pattern", "^(?:19|20)");
    }

    if (type.equals(DataTypes.TimestampType)) {
      return schema.put("type", "string").put("pattern", TIMESTAMP + "Z$");
    }

    if (type.equals(DataTypes.TimestampNTZType)) {
      return schema.put("type", "string").put("pattern", TIMESTAMP + "$");
    }

    throw new IllegalArgumentException(
        "schema has the type %s, which outputs cannot have: use STRING and cast"
            .formatted(type.sql()));
  }

  private static ObjectNode whole(ObjectNode schema, long least, long most) {
    return schema.put("type", "integer").put("minimum", least).put("maximum", most);
  }
}
