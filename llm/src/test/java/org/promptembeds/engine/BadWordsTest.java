package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Words that are not generated, against a search of the whole output. */
class BadWordsTest {
  /** Makes tokens of a few words; all else has none. */
  private record Words(Map<String, int[]> tokens) implements TokenDecoder {
    @Override
    public String decode(int[] tokenIds) {
      return Arrays.toString(tokenIds);
    }

    @Override
    public int[] encode(String text) {
      return tokens.getOrDefault(text, new int[0]);
    }
  }

  @Test
  void bansTheTokenThatCompletesAWord() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<int[]> words = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        words.add(random.ints(1 + random.nextInt(3), 0, 3).toArray());
      }

      BadWords badWords = new BadWords(words);
      int[] output = random.ints(12, 0, 3).toArray();
      for (int length = 0; length < output.length; length++) {
        assertThat(badWords.banned()).containsExactlyInAnyOrder(naive(words, output, length));
        badWords.add(output[length]);
      }
    }
  }

  private static int[] naive(List<int[]> words, int[] output, int length) {
    TreeSet<Integer> banned = new TreeSet<>();
    for (int[] word : words) {
      for (int next = 0; next < 3; next++) {
        int[] longer = Arrays.copyOf(output, length + 1);
        longer[length] = next;
        int from = longer.length - word.length;
        if (from >= 0 && Arrays.equals(Arrays.copyOfRange(longer, from, longer.length), word)) {
          banned.add(next);
        }
      }
    }

    return banned.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void aWordIsBannedAtTheStartOfATextAndAfterASpace() {
    Words tokenizer =
        new Words(
            Map.of(
                "one", new int[] {1},
                " one", new int[] {2},
                "two", new int[] {3, 4},
                " two", new int[] {9, 3, 4},
                "three", new int[] {5, 6},
                " three", new int[] {5, 7}));

    assertThat(BadWords.tokens(List.of(" one", "two", "three"), tokenizer))
        .containsExactly(
            new int[] {1}, new int[] {2}, new int[] {3, 4}, new int[] {5, 6}, new int[] {5, 7});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noOutputHasTheWord(int depth) {
    SamplingParams free = SamplingParams.builder().maxTokens(12).ignoreEos(true).build();
    int[] before = generate(depth, free, new Words(Map.of()));
    int[] word = Arrays.copyOfRange(before, 4, 7);
    SamplingParams params = free.with(ChoiceParameters.BAD_WORDS, List.of("word"));
    int[] after = generate(depth, params, new Words(Map.of("word", word)));

    assertThat(after).startsWith(Arrays.copyOf(before, 6)).hasSize(12);
    assertThat(after[6]).isNotEqualTo(before[6]);
    assertThat(IntStream.range(0, 10).mapToObj(i -> Arrays.copyOfRange(after, i, i + 3)))
        .noneMatch(three -> Arrays.equals(three, word));
  }

  private static int[] generate(int depth, SamplingParams params, TokenDecoder decoder) {
    FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(1_000, 100)).withDepth(depth);
    EngineFixture fixture = new EngineFixture(runner, ModelSettings.batching(8, 64), decoder);
    Sequence sequence = fixture.submit(5, params);
    fixture.runToEnd(60);
    return sequence.result().join().tokenIds();
  }

  @Test
  void wordsNeedATokenizer() {
    SamplingParams params =
        SamplingParams.builder().set(ChoiceParameters.BAD_WORDS, List.of("a", "b")).build();
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(100, 100)), ModelSettings.batching(8, 64));

    assertThatThrownBy(
            () -> fixture.check(new GenerationRequest("7", EngineFixture.prompt(3, 1), params)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row '7': bad_words [a, b] have no tokens, the model has no tokenizer: use logit_bias");
  }
}
