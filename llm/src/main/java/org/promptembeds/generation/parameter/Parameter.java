package org.promptembeds.generation.parameter;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sampling parameter and all there is to know about it. Surfaces read it, write it and document
 * it by what is told here.
 *
 * <p>Instances are constants; equality is identity.
 *
 * @param <T> its values, which are immutable and compare by what they hold
 */
public final class Parameter<T> {
  private final String name;
  private final ValueType<T> type;
  private final @Nullable T absent;
  private final T example;
  private final String sentence;
  private final Function<T, List<String>> check;
  private final Map<Surface, String> holes;

  private Parameter(
      String name,
      ValueType<T> type,
      @Nullable T absent,
      T example,
      String sentence,
      Function<T, List<String>> check,
      Map<Surface, String> holes) {
    this.name = name;
    this.type = type;
    this.absent = absent;
    this.example = example;
    this.sentence = sentence;
    this.check = check;
    this.holes = holes;
  }

  /**
   * A parameter that has the value {@code absent} where none is given.
   *
   * @param example a value that is not the default
   */
  static <T> Parameter<T> of(String name, ValueType<T> type, T absent, T example, String sentence) {
    return new Parameter<>(name, type, absent, example, sentence, value -> List.of(), Map.of());
  }

  /** A parameter that has no value where none is given. */
  static <T> Parameter<T> optional(String name, ValueType<T> type, T example, String sentence) {
    return new Parameter<>(name, type, null, example, sentence, value -> List.of(), Map.of());
  }

  /**
   * The same parameter, bounded.
   *
   * @param bound completes the sentence "must be …", and stands for {@code %s} in the reference's
   *     sentence
   */
  Parameter<T> bounded(String bound, Predicate<T> isWithin) {
    return new Parameter<>(
        name,
        type,
        absent,
        example,
        sentence.formatted(bound),
        value ->
            isWithin.test(value)
                ? List.of()
                : List.of("must be %s, got %s".formatted(bound, value)),
        holes);
  }

  /**
   * The same parameter, checked.
   *
   * @param problems what is wrong with a value, each completing a sentence that begins with the
   *     name; none if it is in bounds
   */
  Parameter<T> checked(Function<T, List<String>> problems) {
    return new Parameter<>(name, type, absent, example, sentence, problems, holes);
  }

  /** The same parameter, not to be had on {@code surface}. */
  Parameter<T> notOn(Surface surface, String reason) {
    Map<Surface, String> all = new EnumMap<>(Surface.class);
    all.putAll(holes);
    all.put(surface, reason);
    return new Parameter<>(name, type, absent, example, sentence, check, all);
  }

  /** What users write, and vLLM calls it: lower case, words joined by underscores. */
  public String name() {
    return name;
  }

  /** The name as Java and Spark ML have it: words joined by capitals. */
  public String camelName() {
    return Pattern.compile("_(.)")
        .matcher(name)
        .replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
  }

  public ValueType<T> type() {
    return type;
  }

  /** The value where none is given; empty if there is none then. */
  public Optional<T> absent() {
    return Optional.ofNullable(absent);
  }

  /** A value that is not the default, for the reference. */
  public T example() {
    return example;
  }

  /** The default as a user would write it; null if there is none, or it holds nothing. */
  public @Nullable String defaultText() {
    boolean isNothing =
        absent == null
            || (absent instanceof Collection<?> list && list.isEmpty())
            || (absent instanceof Map<?, ?> map && map.isEmpty());
    return isNothing ? null : String.valueOf(absent).replaceFirst("\\.0$", "");
  }

  /** What it does, in one sentence for the reference, with its unit and bounds. */
  public String doc() {
    return sentence;
  }

  /**
   * The value of a text or of an already typed value, whose bounds are not checked yet.
   *
   * @throws IllegalArgumentException naming the parameter, the value and what is expected
   */
  public T parse(Object value) {
    return type.parse(name, value);
  }

  /** What is wrong with a value, as whole sentences; none if it is in bounds. */
  public List<String> problems(T value) {
    return check.apply(value).stream().map(problem -> name + " " + problem).toList();
  }

  /** Why {@code surface} does not take the parameter; empty if it does. */
  public Optional<String> hole(Surface surface) {
    return Optional.ofNullable(holes.get(surface));
  }

  @Override
  public String toString() {
    return name;
  }
}
