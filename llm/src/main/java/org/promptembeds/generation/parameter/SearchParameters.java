package org.promptembeds.generation.parameter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  public static final Parameter<Integer> BEAM_WIDTH =
      Parameter.of(
              "beam_width",
              ValueType.INTEGER,
              1,
              4,
              "Beams of a search for the outputs with the highest log-probability over length, the"
                  + " best n of which are returned, %s; 1 searches none.")
          .bounded("in [1, " + MOST_OUTPUTS + "]", width -> width >= 1 && width <= MOST_OUTPUTS)
          .notOn(Surface.REMOTE, "servers name it otherwise, or ignore it");

  public static final Parameter<Double> LENGTH_PENALTY =
      Parameter.of(
              "length_penalty",
              ValueType.NUMBER,
              1.0,
              0.5,
              "Power of the length by which a beam's log-probability is divided, %s: above 0 longer"
                  + " outputs are preferred, below 0 shorter ones; without beams it has no influence.")
          .bounded("in [-5, 5]", penalty -> Math.abs(penalty) <= 5)
          .notOn(Surface.REMOTE, "it belongs to beam_width, which does not go to servers");

  static final List<Parameter<?>> ALL = List.of(N, BEAM_WIDTH, LENGTH_PENALTY);

  /** What a search with beams can be combined with. */
  private static final Set<Parameter<?>> WITH_BEAMS =
      Set.of(
          N,
          BEAM_WIDTH,
          LENGTH_PENALTY,
          ChoiceParameters.SEED,
          StopParameters.MAX_TOKENS,
          StopParameters.STOP_TOKEN_IDS,
          StopParameters.IGNORE_EOS,
          StopParameters.INCLUDE_STOP_STR_IN_OUTPUT,
          OutputParameters.DETOKENIZE,
          OutputParameters.SKIP_SPECIAL_TOKENS,
          OutputParameters.SPACES_BETWEEN_SPECIAL_TOKENS,
          PromptParameters.TRUNCATE_PROMPT_TOKENS,
          ModelParameters.LORA);

  private SearchParameters() {}

  /** What is wrong with parameters that are given together; none if nothing is. */
  public static List<String> problems(Map<Parameter<?>, Object> values) {
    if (!(values.get(BEAM_WIDTH) instanceof Integer width)) {
      return List.of();
    }

    List<String> problems = new ArrayList<>();
    if (values.get(N) instanceof Integer n && n > width) {
      problems.add("n must not exceed beam_width (%d), got %d".formatted(width, n));
    }

    List<String> others =
        values.keySet().stream()
            .filter(parameter -> !WITH_BEAMS.contains(parameter))
            .map(Parameter::name)
            .toList();
    if (!others.isEmpty()) {
      problems.add(
          "beam_width %d cannot be combined with %s: leave out one or the other"
              .formatted(width, String.join(", ", others)));
    }

    return problems;
  }
}
