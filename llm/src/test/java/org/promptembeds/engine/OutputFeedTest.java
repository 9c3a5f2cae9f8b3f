package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.setting.ModelSettings;

/** What a listener hears is always a prefix of the result, and says all that is certain. */
class OutputFeedTest {
  private static final int EOS = 256;
  private static final TokenDecoder BYTES =
      tokenIds -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Arrays.stream(tokenIds).filter(id -> id < EOS).forEach(bytes::write);
        return bytes.toString(StandardCharsets.UTF_8);
      };

  private static int[] tokens(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
  }

  /** Feeds tokens until the rule ends the output: what was told with each, then the whole text. */
  private static List<String> feed(SamplingParams params, int[] tokens) {
    StopRule rule = new StopRule(params, Set.of(EOS), BYTES);
    List<String> told = new ArrayList<>();
    OutputFeed feed = rule.feed(delta -> told.add(delta.text()));
    int length = 0;
    while (length < tokens.length) {
      length++;
      if (rule.endsWith(tokens, length)) {
        break;
      }

      feed.tell(tokens, length, List.of());
    }

    StopRule.Text text = rule.text(Arrays.copyOf(tokens, length), FinishReason.LENGTH);
    told.add(String.valueOf(text.text()));
    return told;
  }

  private static SamplingParams stop(String... stops) {
    return SamplingParams.builder().stop(List.of(stops)).build();
  }

  @Test
  void tellsEveryTokenAtOnceWithoutStopStrings() {
    assertThat(feed(SamplingParams.builder().build(), tokens("abc")))
        .containsExactly("a", "b", "c", "abc");
  }

  @Test
  void waitsForTheBytesOfACharacter() {
    assertThat(feed(SamplingParams.builder().build(), tokens("aéz")))
        .containsExactly("a", "", "é", "z", "aéz");
  }

  @Test
  void keepsBackWhatMayBeginAStopStringAndNothingElse() {
    assertThat(feed(stop("END"), tokens("xENyEND")))
        .containsExactly("x", "", "", "ENy", "", "", "xENy");
  }

  @Test
  void keepsBackTheLongestBeginningOfSeveral() {
    assertThat(feed(stop("aab", "b!"), tokens("aaab"))).containsExactly("", "", "a", "a");
  }

  @Test
  void tellsAStopStringThatComesBeforeMinTokens() {
    SamplingParams params = SamplingParams.builder().stop(List.of("ab")).minTokens(4).build();
    assertThat(String.join("|", feed(params, tokens("abcdab")))).isEqualTo("|ab|c|d||abcd");
  }

  @Test
  void neverTellsWhatTheResultDoesNotHold() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      String text = letters(random, random.nextInt(30) + 1);
      String[] stops = new String[random.nextInt(3) + 1];
      Arrays.setAll(stops, i -> letters(random, random.nextInt(4) + 1));
      SamplingParams params =
          SamplingParams.builder().stop(List.of(stops)).minTokens(random.nextInt(6)).build();

      List<String> told = feed(params, tokens(text));
      String result = told.remove(told.size() - 1);
      assertThat(result)
          .as("%s of %s with stops %s", told, text, Arrays.toString(stops))
          .startsWith(String.join("", told));
    }
  }

  private static String letters(Random random, int length) {
    return random
        .ints(length, 0, 4)
        .mapToObj(i -> "abéc".substring(i, i + 1))
        .collect(Collectors.joining());
  }

  @Test
  void engineTellsTokensAndLogprobsStepByStep() {
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(64, 64)), ModelSettings.batching(2, 8));
    List<GenerationDelta> told = new ArrayList<>();
    Sequence sequence =
        fixture.submit(
            5,
            SamplingParams.builder().maxTokens(6).ignoreEos(true).logprobs(0).build(),
            told::add);
    fixture.runToEnd(20);

    GenerationResult result = sequence.result().join();
    assertThat(told).hasSize(5).allMatch(delta -> delta.tokenIds().length == 1);
    assertThat(told.stream().flatMapToInt(delta -> Arrays.stream(delta.tokenIds())).toArray())
        .isEqualTo(Arrays.copyOf(result.tokenIds(), 5));
    assertThat(told.stream().flatMap(delta -> delta.logprobs().stream()).toList())
        .isEqualTo(result.logprobs().subList(0, 5));
  }

  @Test
  void listenerThatThrowsFailsItsRowAndNoOther() {
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(64, 64)), ModelSettings.batching(2, 8));
    SamplingParams params = SamplingParams.builder().maxTokens(6).ignoreEos(true).build();
    Sequence failing =
        fixture.submit(
            5,
            params,
            delta -> {
              throw new IllegalStateException("gone");
            });
    Sequence other = fixture.submit(5, params);
    fixture.runToEnd(20);

    assertThatThrownBy(failing.result()::join)
        .hasCauseInstanceOf(BackendException.class)
        .hasMessageContaining("row 'row 0': telling of its output failed at token 1: gone");
    assertThat(other.result().join().completionTokens()).isEqualTo(6);
  }
}
