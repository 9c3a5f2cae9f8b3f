package org.promptembeds.serve;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptTruncation;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.PromptParameters;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.parameter.StopParameters;
import org.promptembeds.generation.parameter.Surface;

/** The sampling parameters that both APIs share, with vLLM's names for what OpenAI has not. */
final class SamplingFields {
  /** What is read in a way of its own, not by the table. */
  private static final Set<Parameter<?>> OWN =
      Set.of(
          StopParameters.MAX_TOKENS,
          OutputParameters.LOGPROBS,
          ModelParameters.LORA,
          SearchParameters.N,
          SearchParameters.BEAM_WIDTH);

  private SamplingFields() {}

  /**
   * Reads everything but the numbers of outputs, tokens and log-probabilities. Temperature is 1
   * unless given, as the APIs have it; a search with beams draws no tokens.
   */
  static SamplingParams.Builder read(RequestFields fields) {
    SamplingParams.Builder params = SamplingParams.builder();
    boolean searches = fields.flag("use_beam_search", false);
    Integer given = fields.integer(SearchParameters.BEAM_WIDTH.name());
    Integer width =
        given == null && searches
            ? Integer.valueOf(fields.integer(SearchParameters.N.name(), 1))
            : given;
    params.set(SearchParameters.BEAM_WIDTH, width);
    if (!searches && (width == null || width == 1)) {
      params.temperature(1);
    }

    for (Parameter<?> parameter : Parameters.on(Surface.SERVER)) {
      if (!OWN.contains(parameter)) {
        read(parameter, fields, params);
      }
    }

    FormFields.read(fields, params);
    return params;
  }

  /** Refuses a list of tokens whose log-probabilities nobody asks for, as vLLM does. */
  static void checkListed(RequestFields fields, boolean logprobs) {
    String name = OutputParameters.LOGPROB_TOKEN_IDS.name();
    if (!logprobs && fields.find(name) != null) {
      throw ApiException.invalid(name, name + " needs logprobs");
    }
  }

  /** What is kept of a prompt beside an output of so many tokens. */
  static PromptTruncation truncation(RequestFields fields, int maxTokens, ServedModel model) {
    return PromptTruncation.of(
        fields.integer(PromptParameters.TRUNCATE_PROMPT_TOKENS.name()),
        maxTokens,
        model.maxModelLen());
  }

  static <T> void read(
      Parameter<T> parameter, RequestFields fields, SamplingParams.Builder params) {
    String name = parameter.name();
    Object value =
        switch (parameter.type().kind()) {
          case INTEGER -> fields.integer(name);
          case LONG -> fields.longInteger(name);
          case NUMBER -> fields.number(name);
          case FLAG -> fields.flag(name);
          case TEXT -> fields.text(name);
          case TEXTS -> fields.texts(name);
          case INTEGERS -> fields.integers(name);
          case NUMBERS_BY_ID -> fields.numbersById(name);
          case INTEGERS_BY_NAME -> fields.integersByName(name);
        };
    // Clients send empty arrays for what they do not ask for.
    if (value != null && !List.of().equals(value)) {
      params.set(parameter, parameter.parse(value));
    }
  }

  /**
   * Ends the reading.
   *
   * @throws ApiException naming every value out of bounds
   */
  static SamplingParams build(SamplingParams.Builder params) {
    try {
      SamplingParams built = params.build();
      FormFields.check(built);
      return built;
    } catch (IllegalArgumentException e) {
      String problems = String.valueOf(e.getMessage());
      throw ApiException.invalid(firstNamed(problems), problems);
    }
  }

  /** The parameter that the first of the sentences begins with; null if it begins otherwise. */
  private static @Nullable String firstNamed(String problems) {
    return Parameters.find(problems.split(" ", 2)[0]).map(Parameter::name).orElse(null);
  }
}
