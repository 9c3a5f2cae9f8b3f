package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.StopParameters;

class StopRuleTest {
  /** Ids below 256 are bytes of UTF-8; this one is special and has no text. */
  private static final int EOS = 256;

  /** Decodes bytes; like SentencePiece it drops a space at the very start. */
  private static final TokenDecoder BYTES =
      tokenIds -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Arrays.stream(tokenIds).filter(id -> id < EOS).forEach(bytes::write);
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith(" ") ? text.substring(1) : text;
      };

  private static int[] tokens(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xFF;
    }

    return tokens;
  }

  private static StopRule rule(SamplingParams.Builder params) {
    return new StopRule(params.build(), Set.of(EOS), BYTES);
  }

  private static SamplingParams.Builder stop(String... stops) {
    return SamplingParams.builder().stop(List.of(stops));
  }

  /** Tokens until the rule ends the output, and the text then. */
  private static Outcome feed(StopRule rule, int[] tokens) {
    for (int length = 1; length <= tokens.length; length++) {
      if (rule.endsWith(tokens, length)) {
        StopRule.Text text = rule.text(Arrays.copyOf(tokens, length), FinishReason.STOP);
        return new Outcome(length, text.text(), text.reason());
      }
    }

    StopRule.Text text = rule.text(tokens, FinishReason.LENGTH);
    return new Outcome(tokens.length, text.text(), text.reason());
  }

  private record Outcome(int length, @Nullable String text, FinishReason reason) {}

  @Test
  void cutsBeforeAStopStringThatSpansTokens() {
    assertThat(feed(rule(stop("END")), tokens(" so it ENDs here")))
        .isEqualTo(new Outcome(10, "so it ", FinishReason.STOP));
  }

  @Test
  void cutsBeforeTheEarliestOfSeveral() {
    assertThat(feed(rule(stop("cd", "bcd")), tokens("abcd")))
        .isEqualTo(new Outcome(4, "a", FinishReason.STOP));
  }

  @Test
  void waitsForTheBytesOfACharacter() {
    assertThat(feed(rule(stop("é")), tokens("caffé au lait")))
        .isEqualTo(new Outcome(6, "caff", FinishReason.STOP));
    assertThat(feed(rule(stop("😀!")), tokens("oh 😀! well")))
        .isEqualTo(new Outcome(8, "oh ", FinishReason.STOP));
  }

  @Test
  void goesOnAfterBytesThatNeverBecomeACharacter() {
    int[] tokens = new int[60];
    Arrays.fill(tokens, 0x80);
    tokens[50] = 'x';
    tokens[51] = 'y';
    assertThat(feed(rule(stop("xy")), tokens).length()).isBetween(52, 60);
    assertThat(feed(rule(stop("xy")), tokens).text()).isEqualTo("\uFFFD".repeat(50));
  }

  @Test
  void leavesTheEndingTokenOutOfTheText() {
    int[] tokens = tokens("ab\n");
    assertThat(feed(rule(SamplingParams.builder().stopTokenIds(List.of((int) '\n'))), tokens))
        .isEqualTo(new Outcome(3, "ab", FinishReason.STOP));
    tokens[1] = EOS;
    assertThat(feed(rule(SamplingParams.builder()), tokens))
        .isEqualTo(new Outcome(2, "a", FinishReason.STOP));
    assertThat(feed(rule(SamplingParams.builder().ignoreEos(true)), tokens))
        .isEqualTo(new Outcome(3, "a\n", FinishReason.LENGTH));
  }

  @Test
  void looksForNoStopStringBeforeMinTokens() {
    assertThat(feed(rule(stop("ab").minTokens(4)), tokens("abcdabcd")))
        .isEqualTo(new Outcome(6, "abcd", FinishReason.STOP));
    assertThat(feed(rule(stop("cd").minTokens(4)), tokens("abcdabcd")))
        .isEqualTo(new Outcome(4, "ab", FinishReason.STOP));
  }

  @Test
  void bansWhatEndsAnOutput() {
    assertThat(rule(SamplingParams.builder().stopTokenIds(List.of(9, 4))).endingTokenIds())
        .containsExactly(4, 9, EOS);
    assertThat(
            rule(SamplingParams.builder().stopTokenIds(List.of(9)).ignoreEos(true))
                .endingTokenIds())
        .containsExactly(9);
  }

  @Test
  void keepsWhatEndedTheOutputWhereAskedTo() {
    assertThat(feed(rule(keeping(stop("END"))), tokens("so it ENDs here")))
        .isEqualTo(new Outcome(9, "so it END", FinishReason.STOP));
    assertThat(feed(rule(keeping(stop("cd", "bcd", "bc"))), tokens("abcd")))
        .as("the shortest of those that start first")
        .isEqualTo(new Outcome(3, "abc", FinishReason.STOP));
    assertThat(
            feed(
                rule(keeping(SamplingParams.builder().stopTokenIds(List.of((int) '\n')))),
                tokens("ab\nc")))
        .isEqualTo(new Outcome(3, "ab\n", FinishReason.STOP));
    assertThat(feed(rule(keeping(stop("ab").minTokens(4))), tokens("abcdabcd")))
        .isEqualTo(new Outcome(6, "abcdab", FinishReason.STOP));
  }

  private static SamplingParams.Builder keeping(SamplingParams.Builder params) {
    return params.set(StopParameters.INCLUDE_STOP_STR_IN_OUTPUT, true);
  }

  @Test
  void makesNoTextWhereNoneIsAskedFor() {
    assertThat(
            feed(
                rule(SamplingParams.builder().set(OutputParameters.DETOKENIZE, false)),
                tokens("a")))
        .isEqualTo(new Outcome(1, null, FinishReason.LENGTH));
    assertThatThrownBy(() -> stop("a").set(OutputParameters.DETOKENIZE, false).build())
        .hasMessage("stop strings are found in text: leave out stop, or detokenize");
  }

  @Test
  void hasNoTextWithoutADecoder() {
    StopRule rule = new StopRule(SamplingParams.builder().build(), Set.of(EOS), null);
    assertThat(feed(rule, tokens("abc"))).isEqualTo(new Outcome(3, null, FinishReason.LENGTH));
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** The window finds a stop string at the very token at which decoding everything finds it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void agreesWithDecodingEverythingAtEachToken(long seed) {
    Random random = new Random(seed);
    String alphabet = " abé😀";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }

    String[] stops = new String[1 + random.nextInt(3)];
    for (int i = 0; i < stops.length; i++) {
      stops[i] = "";
      for (int j = 0; j < 2 + random.nextInt(3); j++) {
        stops[i] += Character.toString(points[random.nextInt(points.length)]);
      }
    }

    int[] tokens = tokens(text.toString());
    Outcome expected = new Outcome(tokens.length, BYTES.decode(tokens), FinishReason.LENGTH);
    for (int length = 1; length <= tokens.length; length++) {
      String soFar = BYTES.decode(Arrays.copyOf(tokens, length));
      int cut = Arrays.stream(stops).mapToInt(soFar::indexOf).filter(i -> i >= 0).min().orElse(-1);
      if (cut >= 0) {
        expected = new Outcome(length, soFar.substring(0, cut), FinishReason.STOP);
        break;
      }
    }

    assertThat(feed(rule(stop(stops)), tokens)).isEqualTo(expected);
  }
}
