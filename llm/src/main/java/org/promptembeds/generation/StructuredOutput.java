package org.promptembeds.generation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.Parameter;

/**
 * What an output must look like as a whole.
 *
 * @param kind how {@code texts} say it
 * @param texts the choices; of other kinds one text, for {@link Kind#JSON_OBJECT} none
 * @param fixedSpacing whether JSON has white space only behind commas and colons, a space each
 */
public record StructuredOutput(Kind kind, List<String> texts, boolean fixedSpacing) {

  private static final Map<Parameter<String>, Kind> BY_TEXT =
      Map.of(
          FormParameters.REGEX, Kind.REGEX,
          FormParameters.JSON_SCHEMA, Kind.JSON_SCHEMA,
          FormParameters.GRAMMAR, Kind.GRAMMAR,
          FormParameters.STRUCTURAL_TAG, Kind.STRUCTURAL_TAG);

  /** How the form of an output is said. */
  public enum Kind {
    /** One of several texts. */
    CHOICE,
    /** A regular expression that matches from end to end. */
    REGEX,
    /** Any JSON object. */
    JSON_OBJECT,
    /** A JSON value that fulfils a JSON schema. */
    JSON_SCHEMA,
    /** A grammar in the manner of GBNF. */
    GRAMMAR,
    /** Text with parts that have a form, as JSON says. */
    STRUCTURAL_TAG
  }

  public StructuredOutput {
    texts = List.copyOf(texts);
    boolean fits =
        switch (kind) {
          case CHOICE -> !texts.isEmpty();
          case JSON_OBJECT -> texts.isEmpty();
          case REGEX, JSON_SCHEMA, GRAMMAR, STRUCTURAL_TAG -> texts.size() == 1;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "a structured output of kind %s cannot have %d texts".formatted(kind, texts.size()));
    }
  }

  /** A structured output that one text describes. */
  public static StructuredOutput of(Kind kind, String text) {
    return new StructuredOutput(kind, List.of(text), false);
  }

  /** What {@code params} ask for; empty if the output may be anything. */
  public static Optional<StructuredOutput> of(SamplingParams params) {
    boolean fixed = params.value(FormParameters.DISABLE_ANY_WHITESPACE);
    if (params.value(FormParameters.JSON_OBJECT)) {
      return Optional.of(new StructuredOutput(Kind.JSON_OBJECT, List.of(), fixed));
    }

    List<String> choice = params.value(FormParameters.CHOICE);
    if (!choice.isEmpty()) {
      return Optional.of(new StructuredOutput(Kind.CHOICE, choice, fixed));
    }

    return BY_TEXT.entrySet().stream()
        .flatMap(
            entry ->
                params.find(entry.getKey()).stream()
                    .map(text -> new StructuredOutput(entry.getValue(), List.of(text), fixed)))
        .findFirst();
  }
}
