package org.promptembeds.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tests by name. */
final class Tests {
  private static final Map<String, Test> TESTS = tests();

  private Tests() {}

  static Test find(String name) {
    Test test = TESTS.get(name);

    if (test == null) {
      throw new JinjaException(
          "the test '%s' is not supported; there are %s"
              .formatted(name, String.join(", ", TESTS.keySet().stream().sorted().toList())));
    }

    return test;
  }

  private static Map<String, Test> tests() {
    Map<String, Test> tests = new HashMap<>();
    addKinds(tests);
    addComparisons(tests);
    add(tests, "odd", value -> remainder(value, 2L) == 1);
    add(tests, "even", value -> remainder(value, 2L) == 0);
    tests.put(
        "divisibleby",
        (f, value, a) -> remainder(value, a.bind("divisibleby", "num").required("num")) == 0);
    tests.put("lower", (f, value, a) -> Letters.isLower(TextFilters.text(value, f)));
    tests.put("upper", (f, value, a) -> Letters.isUpper(TextFilters.text(value, f)));
    add(tests, "filter", Filters::exists);
    add(tests, "test", value -> value instanceof String name && TESTS.containsKey(name));
    return Map.copyOf(tests);
  }

  private static void addKinds(Map<String, Test> tests) {
    add(tests, "defined", value -> !(value instanceof Undefined));
    add(tests, "undefined", value -> value instanceof Undefined);
    add(tests, "none", value -> value == None.NONE);
    add(tests, "boolean", value -> value instanceof Boolean);
    add(tests, "true", Boolean.TRUE::equals);
    add(tests, "false", Boolean.FALSE::equals);
    add(tests, "integer", value -> value instanceof Long);
    add(tests, "float", value -> value instanceof Double);
    add(tests, "number", Numbers::isNumber);
    add(tests, "string", value -> value instanceof String);
    add(tests, "mapping", value -> value instanceof Map);
    add(tests, "iterable", Iteration::isIterable);
    add(tests, "escaped", value -> false);
    add(
        tests,
        "sequence",
        value ->
            value instanceof List
                || value instanceof String
                || value instanceof Map
                || value instanceof Undefined);
    add(
        tests,
        "callable",
        value -> value instanceof TemplateFunction || value instanceof Undefined);
  }

  private static void add(Map<String, Test> tests, String name, Predicate<Object> predicate) {
    tests.put(
        name,
        (frame, value, arguments) -> {
          arguments.bind(name);
          return predicate.test(value);
        });
  }

  private static void addComparisons(Map<String, Test> tests) {
    Test equal = (f, value, a) -> Comparison.equal(value, other(a), f.budget());
    Test different = (f, value, a) -> !equal.holds(f, value, a);
    Test less = (f, value, a) -> Comparison.compare(value, other(a), "<", f.budget()) < 0;
    Test greater = (f, value, a) -> Comparison.compare(value, other(a), ">", f.budget()) > 0;
    Test atMost = (f, value, a) -> Comparison.compare(value, other(a), "<=", f.budget()) <= 0;
    Test atLeast = (f, value, a) -> Comparison.compare(value, other(a), ">=", f.budget()) >= 0;
    List.of("eq", "equalto", "==").forEach(name -> tests.put(name, equal));
    List.of("ne", "!=").forEach(name -> tests.put(name, different));
    List.of("lt", "lessthan", "<").forEach(name -> tests.put(name, less));
    List.of("gt", "greaterthan", ">").forEach(name -> tests.put(name, greater));
    List.of("le", "<=").forEach(name -> tests.put(name, atMost));
    List.of("ge", ">=").forEach(name -> tests.put(name, atLeast));
    tests.put("in", (f, value, a) -> Comparison.contains(other(a), value, f.budget()));
    tests.put("sameas", (f, value, a) -> same(value, other(a)));
  }

  private static Object other(Arguments arguments) {
    return arguments.bind("a comparison", "other").required("other");
  }

  private static boolean same(Object value, Object other) {
    boolean scalar = value instanceof Boolean || value instanceof Long || value instanceof String;
    return scalar ? value.equals(other) : value == other;
  }

  private static double remainder(Object value, Object divisor) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (!Numbers.isNumber(value) || !Numbers.isNumber(divisor)) {
      throw new JinjaException("the test takes numbers, got " + Values.typeName(value));
    }

    return Numbers.toDouble(Numbers.apply("%", value, divisor));
  }
}
