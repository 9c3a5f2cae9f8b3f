package org.promptembeds.generation.parameter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The table: every sampling parameter, in the order of the reference. */
public final class Parameters {
  private static final List<Parameter<?>> ALL =
      Stream.of(
              StopParameters.ALL,
              ChoiceParameters.ALL,
              SearchParameters.ALL,
              FormParameters.ALL,
              OutputParameters.ALL,
              PromptParameters.ALL,
              ModelParameters.ALL)
          .<Parameter<?>>flatMap(List::stream)
          .toList();

  private Parameters() {}

  /** Every parameter. */
  public static List<Parameter<?>> all() {
    return ALL;
  }

  /** The parameters that {@code surface} takes. */
  public static List<Parameter<?>> on(Surface surface) {
    return ALL.stream().filter(parameter -> parameter.hole(surface).isEmpty()).toList();
  }

  /** The parameter called {@code name}. */
  public static Optional<Parameter<?>> find(String name) {
    return ALL.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
  }

  /**
   * The parameter called {@code name}.
   *
   * @throws IllegalArgumentException naming all there are
   */
  public static Parameter<?> require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown parameter '%s'; known: %s"
                        .formatted(
                            name, String.join(", ", ALL.stream().map(Parameter::name).toList()))));
  }
}
