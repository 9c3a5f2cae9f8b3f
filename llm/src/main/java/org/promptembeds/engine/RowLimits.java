package org.promptembeds.engine;

import static org.promptembeds.generation.setting.BatchSettings.MAX_LOGPROBS;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_LENGTH;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_STRINGS;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * What a row may ask for, that memory is kept for: each output has an automaton of its stop
 * strings, and each token its log-probabilities.
 *
 * @param stopStrings most stop strings, at least 1
 * @param stopLength most characters of one, at least 1
 * @param logprobs most log-probabilities of a token; -1 is the whole vocabulary
 * @param beams most beams of a search, which run together
 */
record RowLimits(int stopStrings, int stopLength, int logprobs, int beams) {
  /**
   * The limits of settings.
   *
   * @param sequences most that the model runs at a time
   */
  static RowLimits of(ModelSettings settings, int sequences) {
    return new RowLimits(
        settings.value(MAX_STOP_STRINGS),
        settings.value(MAX_STOP_LENGTH),
        settings.value(MAX_LOGPROBS),
        Math.min(settings.value(MAX_SEQUENCES), sequences));
  }

  /**
   * What is wrong with a search: its beams run together, each with room to its end.
   *
   * @param slots that a beam may need
   * @param endings tokens that end an output
   */
  List<String> beamProblems(int width, int slots, int endings, ModelLimits limits) {
    List<String> problems = new ArrayList<>();
    if (width > beams) {
      problems.add(
          "beam_width %d is more than the %d sequences that run at a time: pass less, or raise maxSequences"
              .formatted(width, beams));
    }

    if (width + endings > limits.vocabSize()) {
      problems.add(
          "beam_width %d is more than the %d tokens of the vocabulary that end no output: pass less"
              .formatted(width, limits.vocabSize() - endings));
    }

    if ((long) width * slots > limits.kvSlots()) {
      problems.add(
          "beam_width %d needs %d tokens of the KV cache, for %d positions each, and it has %d: pass a smaller beam_width or max_tokens, or give the KV cache more memory"
              .formatted(width, (long) width * slots, slots, limits.kvSlots()));
    }

    return problems;
  }

  /** Adds to {@code problems} what is wrong with {@code params}. */
  void check(SamplingParams params, List<String> problems) {
    List<String> stops = params.stop();
    if (stops.size() > stopStrings) {
      problems.add(
          "stop has %d strings, at most %d are taken: pass fewer, or raise maxStopStrings"
              .formatted(stops.size(), stopStrings));
    }

    int longest = stops.stream().mapToInt(String::length).max().orElse(0);
    if (longest > stopLength) {
      problems.add(
          "stop has a string of %d characters, at most %d are taken: pass shorter ones, or raise maxStopLength"
              .formatted(longest, stopLength));
    }

    if (params.value(OutputParameters.LOGPROB_TOKEN_IDS).isEmpty()) {
      check("logprobs", params.logprobs(), problems);
    }

    check("prompt_logprobs", params.promptLogprobs(), problems);
  }

  private void check(String name, int count, List<String> problems) {
    if (logprobs >= 0 && count > logprobs) {
      problems.add(
          "%s asks for %s, at most %d are told of: pass fewer, or raise maxLogprobs"
              .formatted(
                  name, count == Integer.MAX_VALUE ? "all tokens" : count + " tokens", logprobs));
    }
  }
}
