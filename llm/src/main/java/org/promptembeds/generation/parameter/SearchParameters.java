package org.promptembeds.generation.parameter;

import java.util.List;

/** Parameters that say how many outputs a prompt gets, and how they are searched for. */
public final class SearchParameters {
  /** As many as a step takes unless options say otherwise: more would wait for one another. */
  public static final int MOST_OUTPUTS = 256;

  public static final Parameter<Integer> N =
      Parameter.of(
              "n",
              ValueType.INTEGER,
              1,
              4,
              "Outputs of each prompt, %s, which share what is computed of it; the i-th of them,"
                  + " from 0, is sampled with the seed plus i.")
          .bounded("in [1, " + MOST_OUTPUTS + "]", n -> n >= 1 && n <= MOST_OUTPUTS);

  static final List<Parameter<?>> ALL = List.of(N);

  private SearchParameters() {}
}
