package org.promptembeds.engine;

import static org.promptembeds.generation.setting.BatchSettings.MAX_LOGPROBS;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_LENGTH;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STOP_STRINGS;

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
 */
record RowLimits(int stopStrings, int stopLength, int logprobs) {
  static RowLimits of(ModelSettings settings) {
    return new RowLimits(
        settings.value(MAX_STOP_STRINGS),
        settings.value(MAX_STOP_LENGTH),
        settings.value(MAX_LOGPROBS));
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
