package org.promptembeds.serve;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.SearchParameters;

/**
 * What one request asks for.
 *
 * @param client who asks
 * @param prompts in the order of their choices
 * @param params how to sample
 * @param outputs how many for each prompt
 * @param stream whether choices are sent while they grow
 * @param includeUsage whether a stream ends with the counts of tokens
 * @param format the shape of the response
 */
record GenerationCall(
    Client client,
    List<Prompt> prompts,
    SamplingParams params,
    Outputs outputs,
    boolean stream,
    boolean includeUsage,
    ResponseFormat format) {
  GenerationCall {
    prompts = List.copyOf(prompts);
    outputs.check(prompts.size());
    if (params.beamWidth() > 1) {
      checkBeams(params.beamWidth(), outputs, stream);
    }

    if (stream && outputs.bestOf() > outputs.n()) {
      throw ApiException.invalid(
          "best_of",
          "best_of %d cannot be streamed: it must be n (%d)"
              .formatted(outputs.bestOf(), outputs.n()));
    }
  }

  private static void checkBeams(int width, Outputs outputs, boolean stream) {
    if (outputs.bestOf() > width) {
      throw ApiException.invalid(
          "n", "n must not exceed beam_width (%d), got %d".formatted(width, outputs.bestOf()));
    }

    if (stream) {
      throw ApiException.invalid(
          "stream",
          "beam_width %d cannot be streamed: which outputs are the best is known at the end"
              .formatted(width));
    }
  }

  /** What answers call the model: the adapter that is asked for, or else {@code base}. */
  String model(String base) {
    return params.find(ModelParameters.LORA).orElse(base);
  }

  /** What the backend is to generate, prompt by prompt. */
  List<GenerationRequest> requests() {
    SamplingParams several = params.with(SearchParameters.N, outputs.bestOf());
    return prompts.stream()
        .map(
            prompt ->
                new GenerationRequest(prompt.label(), prompt.embeds(), several)
                    .from(client)
                    .with(prompt.extras()))
        .toList();
  }

  /** The outputs to come: those of the first prompt, then those of the second. */
  List<GrowingOutput> growing() {
    List<GrowingOutput> growing = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (int i = 0; i < outputs.bestOf(); i++) {
        growing.add(new GrowingOutput(growing.size(), prompt, format));
      }
    }

    return growing;
  }

  /** Positions of all prompts, each counted once. */
  int promptTokens() {
    return prompts.stream().mapToInt(Prompt::length).sum();
  }
}
