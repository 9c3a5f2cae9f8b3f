package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingParamsTest {
  @ParameterizedTest
  @CsvSource({"0,true", "1e-300,true", "1e-46,true", "1e-45,true", "1e-38,true", "2e-38,false"})
  void aTemperatureThatADeviceTakesForZeroIsGreedy(double temperature, boolean greedy) {
    assertThat(SamplingParams.builder().temperature(temperature).build().isGreedy())
        .isEqualTo(greedy);
  }
}
