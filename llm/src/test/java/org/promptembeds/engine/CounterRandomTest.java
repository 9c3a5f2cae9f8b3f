package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  @Test
  void isAFunctionOfSeedAndPosition() {
    assertThat(CounterRandom.uniform(42, 7)).isEqualTo(CounterRandom.uniform(42, 7));
    Set<Double> numbers = new HashSet<>();
    for (long seed = -50; seed < 50; seed++) {
      for (int position = 0; position < 100; position++) {
        numbers.add(CounterRandom.uniform(seed, position));
      }
    }

    assertThat(numbers).hasSize(10_000).allMatch(u -> u >= 0 && u < 1);
  }

  /** Published outputs pin the numbers: a change would change every sampled row of every user. */
  @Test
  void mixesAsSplitMix64Does() {
    assertThat(CounterRandom.mix(0x9E3779B97F4A7C15L)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(CounterRandom.mix(0x3C6EF372FE94F82AL)).isEqualTo(0x6E789E6AA1B965F4L);
  }

  @Test
  void isUniformAlongPositionsAndAlongSeeds() {
    int[] alongPositions = new int[10];
    int[] alongSeeds = new int[10];
    double products = 0;
    for (int i = 0; i < 100_000; i++) {
      double byPosition = CounterRandom.uniform(1, i);
      double bySeed = CounterRandom.uniform(i, 1);
      alongPositions[(int) (byPosition * 10)]++;
      alongSeeds[(int) (bySeed * 10)]++;
      products += (byPosition - 0.5) * (CounterRandom.uniform(1, i + 1) - 0.5);
    }

    assertThat(alongPositions).satisfies(CounterRandomTest::isEven);
    assertThat(alongSeeds).satisfies(CounterRandomTest::isEven);
    assertThat(products / 100_000).isCloseTo(0, within(0.002));
  }

  private static void isEven(int[] counts) {
    for (int count : counts) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }
}
