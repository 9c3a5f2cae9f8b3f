package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Schemas and values at random, of few names and small numbers, so that they often meet. */
final class RandomSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NAMES = List.of("a", "b", "ab", "c1", "é", "x\"y");
  private static final List<String> TEXTS =
      List.of(
          "", "a", "ab", "abc", "b1", "2020-02-29", "2019-02-29", "ü", "\n", "12", "a b", "😀😀");
  private static final List<String> PATTERNS =
      List.of("^a", "b$", "^[a-c]+$", "\\d", "^.{1,2}$", "a|é");
  private static final List<String> TYPES =
      List.of("null", "boolean", "integer", "number", "string", "array", "object");

  private final Random random;
  private boolean refers = true;

  RandomSchema(long seed) {
    this.random = new Random(seed);
  }

  /** A schema, which may refer to {@code #/$defs/d}. */
  ObjectNode schema() {
    ObjectNode root = object(3);
    refers = false; // the validator does not notice a reference that leads back to itself
    root.putObject("$defs").set("d", object(2));
    refers = true;
    return root;
  }

  private JsonNode sub(int depth) {
    return random.nextInt(12) == 0 ? JSON.booleanNode(random.nextInt(3) > 0) : object(depth);
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = JSON.objectNode();
    if (refers && depth < 3 && random.nextInt(10) == 0) {
      return schema.put("$ref", "#/$defs/d");
    }

    String type = depth == 0 ? TYPES.get(random.nextInt(5)) : TYPES.get(random.nextInt(7));
    if (random.nextInt(5) > 0) {
      if (random.nextInt(6) == 0) {
        schema.putArray("type").add(type).add("string");
      } else {
        schema.put("type", type);
      }
    }

    if (random.nextInt(12) == 0) {
      ArrayNode values = schema.putArray("enum");
      for (int i = random.nextInt(4); i >= 0; i--) {
        values.add(value(1));
      }
    } else if (random.nextInt(15) == 0) {
      schema.set("const", value(1));
    }

    switch (type) {
      case "integer", "number" -> numbers(schema);
      case "string" -> strings(schema);
      case "array" -> arrays(schema, depth - 1);
      case "object" -> objects(schema, depth - 1);
      default -> {}
    }

    if (depth > 0 && random.nextInt(6) == 0) {
      ArrayNode list = schema.putArray(List.of("anyOf", "allOf", "oneOf").get(random.nextInt(3)));
      for (int i = random.nextInt(2); i >= 0; i--) {
        list.add(sub(depth - 1));
      }
    }

    return schema;
  }

  private void numbers(ObjectNode schema) {
    for (String word :
        List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) {
      if (random.nextInt(4) == 0) {
        BigDecimal number = number();
        schema.put(
            word, word.equals("multipleOf") ? number.abs().max(new BigDecimal("0.5")) : number);
      }
    }
  }

  private void strings(ObjectNode schema) {
    if (random.nextInt(3) == 0) {
      schema.put("minLength", random.nextInt(3));
    }

    if (random.nextInt(3) == 0) {
      schema.put("maxLength", random.nextInt(5));
    }

    if (random.nextInt(3) == 0) {
      schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
    }

    if (random.nextInt(10) == 0) {
      schema.put("format", "date");
    }
  }

  private void arrays(ObjectNode schema, int depth) {
    if (random.nextInt(3) == 0) {
      ArrayNode prefix = schema.putArray("prefixItems");
      for (int i = random.nextInt(3); i >= 0; i--) {
        prefix.add(sub(depth));
      }
    }

    if (random.nextInt(2) == 0) {
      schema.set("items", sub(depth));
    }

    if (random.nextInt(3) == 0) {
      schema.put("minItems", random.nextInt(3));
    }

    if (random.nextInt(3) == 0) {
      schema.put("maxItems", random.nextInt(4));
    }
  }

  private void objects(ObjectNode schema, int depth) {
    if (random.nextInt(4) > 0) {
      ObjectNode properties = schema.putObject("properties");
      for (int i = random.nextInt(3); i >= 0; i--) {
        properties.set(name(), sub(depth));
      }
    }

    if (random.nextInt(2) == 0) {
      schema.putArray("required").add(name());
    }

    if (random.nextInt(3) == 0) {
      schema.set(
          "additionalProperties", random.nextBoolean() ? JSON.booleanNode(false) : sub(depth));
    }

    if (random.nextInt(4) == 0) {
      schema
          .putObject("patternProperties")
          .set(PATTERNS.get(random.nextInt(PATTERNS.size())), sub(depth));
    }

    if (random.nextInt(6) == 0) {
      schema.putObject("propertyNames").put("maxLength", 1 + random.nextInt(2));
    }

    if (random.nextInt(5) == 0) {
      schema.put("minProperties", random.nextInt(3));
    }

    if (random.nextInt(5) == 0) {
      schema.put("maxProperties", random.nextInt(4));
    }
  }

  /** A value of the types that a schema of this generator speaks of. */
  JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2, 3 -> JSON.numberNode(number());
      case 4 -> JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5 -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(depth - 1));
        }

        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(name(), value(depth - 1));
        }

        yield object;
      }
    };
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private BigDecimal number() {
    int value = random.nextInt(41) - 20;
    return random.nextInt(3) == 0
        ? BigDecimal.valueOf(value, 1).stripTrailingZeros()
        : BigDecimal.valueOf(value);
  }
}
