package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.StopParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Outputs that repeat themselves, against a search of their text. */
class RepetitionRuleTest {
  private static SamplingParams.Builder params(Map<String, Integer> detection) {
    return SamplingParams.builder().set(StopParameters.REPETITION_DETECTION, detection);
  }

  @Test
  void isMetWhereTheTextEndsWithSomethingSeveralTimes() {
    Random random = new Random(6);
    int met = 0;
    for (int round = 0; round < 4_000; round++) {
      int least = random.nextInt(4);
      int most = Math.max(1, least) + random.nextInt(4);
      int count = 2 + random.nextInt(3);
      int[] output = random.ints(random.nextInt(20), 0, 2).toArray();
      RepetitionRule rule =
          RepetitionRule.of(
              params(
                      Map.of(
                          "min_pattern_size", least, "max_pattern_size", most, "min_count", count))
                  .build());

      StringBuilder text = new StringBuilder();
      Arrays.stream(output).forEach(id -> text.append((char) ('a' + id)));
      boolean expected =
          text.toString()
              .matches("[ab]*?([ab]{%d,%d})\\1{%d}".formatted(Math.max(1, least), most, count - 1));
      assertThat(rule.isMetBy(output, output.length)).as("%s %s", rule, text).isEqualTo(expected);
      met += expected ? 1 : 0;
    }

    assertThat(met).as("repetitions").isBetween(500, 3_500);
  }

  @Test
  void endsTheOutputAndSaysSo() {
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(200, 600)).withDepth(2),
            ModelSettings.batching(4, 64));
    Map<Integer, Double> always = Map.of(9, 100.0);
    Map<String, Integer> detection = Map.of("max_pattern_size", 2, "min_count", 3);
    SamplingParams.Builder same =
        params(detection)
            .maxTokens(40)
            .set(ChoiceParameters.ALLOWED_TOKEN_IDS, List.of(9))
            .logitBias(always);
    Sequence early = fixture.submit(3, same.build());
    Sequence late = fixture.submit(3, same.minTokens(11).build());
    Sequence plain = fixture.submit(3, SamplingParams.builder().maxTokens(40).build());
    fixture.runToEnd(100);

    GenerationResult ended = early.result().join();
    assertThat(ended.finishReason()).isEqualTo(FinishReason.REPETITION);
    assertThat(ended.finishReason().apiName()).isEqualTo("repetition");
    assertThat(ended.tokenIds()).containsExactly(9, 9, 9);
    assertThat(late.result().join().completionTokens()).isEqualTo(11);
    assertThat(plain.result().join().tokenIds()).isEqualTo(fixture.expected(plain).tokenIds());
  }

  @Test
  void boundsAreThoseOfVllm() {
    assertThatThrownBy(
            () -> params(Map.of("max_pattern_size", 2, "min_pattern_size", 3, "most", 1)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "repetition_detection has max_pattern_size, min_pattern_size and min_count, not most;"
                + " repetition_detection needs a min_pattern_size in [0, max_pattern_size (2)], got"
                + " 3; repetition_detection needs a min_count of at least 2, got 0");
    assertThat(
            SamplingParams.builder()
                .parse(
                    StopParameters.REPETITION_DETECTION,
                    "{\"max_pattern_size\": 2, \"min_count\": 3}")
                .build())
        .isEqualTo(params(Map.of("max_pattern_size", 2, "min_count", 3)).build());
  }
}
