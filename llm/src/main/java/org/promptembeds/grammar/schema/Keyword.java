package org.promptembeds.grammar.schema;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keywords of JSON Schema that are known, and what becomes of each. */
public enum Keyword {
  TYPE("type", "one name or several"),
  ENUM("enum", "values of any type"),
  CONST("const", "a value of any type"),
  PROPERTIES("properties", "written in this order"),
  REQUIRED("required", "names that `properties` lacks are written after its own"),
  ADDITIONAL_PROPERTIES("additionalProperties", "written after those of `properties`"),
  PATTERN_PROPERTIES("patternProperties", "several that match one name hold together"),
  PROPERTY_NAMES("propertyNames", "as any schema of strings"),
  MIN_PROPERTIES(
      "minProperties",
      "refused where more than one of them would have to be a further property: their names could be the same"),
  MAX_PROPERTIES("maxProperties", ""),
  ITEMS("items", "in draft 7 a list of schemas too"),
  ADDITIONAL_ITEMS("additionalItems", "of draft 7, beside a list of `items`"),
  PREFIX_ITEMS("prefixItems", ""),
  MIN_ITEMS("minItems", "up to 20,000"),
  MAX_ITEMS("maxItems", "up to 20,000"),
  ANY_OF("anyOf", ""),
  ONE_OF("oneOf", "refused unless no value fulfils two of them"),
  ALL_OF("allOf", "merged"),
  REF("$ref", "within the schema: `#`, `#/$defs/…` or any other JSON pointer; may be recursive"),
  DEFS("$defs", ""),
  DEFINITIONS("definitions", ""),
  MIN_LENGTH("minLength", "up to 4,194,304; beside `pattern`, `format` or `enum` up to 10,000"),
  MAX_LENGTH("maxLength", "up to 4,194,304; beside `pattern`, `format` or `enum` up to 10,000"),
  PATTERN("pattern", "ECMA-262 without back references, looking around and word boundaries"),
  FORMAT("format", "holds, as in draft 7, and is refused if it is none of the below"),
  MINIMUM("minimum", ""),
  MAXIMUM("maximum", ""),
  EXCLUSIVE_MINIMUM("exclusiveMinimum", "a number"),
  EXCLUSIVE_MAXIMUM("exclusiveMaximum", "a number"),
  MULTIPLE_OF("multipleOf", "up to 100,000 without the point, and 9 digits behind it"),

  SCHEMA("$schema", Fate.SAYS_NOTHING),
  ID("$id", Fate.SAYS_NOTHING),
  COMMENT("$comment", Fate.SAYS_NOTHING),
  TITLE("title", Fate.SAYS_NOTHING),
  DESCRIPTION("description", Fate.SAYS_NOTHING),
  DEFAULT("default", Fate.SAYS_NOTHING),
  EXAMPLES("examples", Fate.SAYS_NOTHING),
  DEPRECATED("deprecated", Fate.SAYS_NOTHING),
  READ_ONLY("readOnly", Fate.SAYS_NOTHING),
  WRITE_ONLY("writeOnly", Fate.SAYS_NOTHING),
  CONTENT_ENCODING("contentEncoding", Fate.SAYS_NOTHING),
  CONTENT_MEDIA_TYPE("contentMediaType", Fate.SAYS_NOTHING),
  CONTENT_SCHEMA("contentSchema", Fate.SAYS_NOTHING),

  UNIQUE_ITEMS("uniqueItems", Fate.REFUSED),
  CONTAINS("contains", Fate.REFUSED),
  MIN_CONTAINS("minContains", Fate.REFUSED),
  MAX_CONTAINS("maxContains", Fate.REFUSED),
  NOT("not", Fate.REFUSED),
  IF("if", Fate.REFUSED),
  THEN("then", Fate.REFUSED),
  ELSE("else", Fate.REFUSED),
  DEPENDENCIES("dependencies", Fate.REFUSED),
  DEPENDENT_REQUIRED("dependentRequired", Fate.REFUSED),
  DEPENDENT_SCHEMAS("dependentSchemas", Fate.REFUSED),
  UNEVALUATED_ITEMS("unevaluatedItems", Fate.REFUSED),
  UNEVALUATED_PROPERTIES("unevaluatedProperties", Fate.REFUSED),
  ANCHOR("$anchor", Fate.REFUSED),
  DYNAMIC_REF("$dynamicRef", Fate.REFUSED),
  DYNAMIC_ANCHOR("$dynamicAnchor", Fate.REFUSED),
  RECURSIVE_REF("$recursiveRef", Fate.REFUSED),
  RECURSIVE_ANCHOR("$recursiveAnchor", Fate.REFUSED),
  VOCABULARY("$vocabulary", Fate.REFUSED);

  /** What becomes of a keyword. */
  public enum Fate {
    /** Outputs fulfil it. */
    HOLDS,
    /** It asks nothing of values, or nothing that a validator must check. */
    SAYS_NOTHING,
    /** The schema is refused, by the keyword's name. */
    REFUSED
  }

  private static final Map<String, Keyword> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Keyword::word, Function.identity()));

  private final String word;
  private final Fate fate;
  private final String note;

  Keyword(String word, String note) {
    this.word = word;
    this.fate = Fate.HOLDS;
    this.note = note;
  }

  Keyword(String word, Fate fate) {
    this.word = word;
    this.fate = fate;
    this.note = "";
  }

  /** As it is written in schemas. */
  public String word() {
    return word;
  }

  public Fate fate() {
    return fate;
  }

  /** What there is to know of it, for the documentation; may be empty. */
  public String note() {
    return note;
  }

  /** The keyword of a name; null if it is unknown. */
  static @Nullable Keyword named(String word) {
    return BY_NAME.get(word);
  }
}
