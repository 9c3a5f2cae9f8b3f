package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SparkOptions;

/** From Spark's GPU addresses to devices. */
class TaskDeviceTest {
  private static final BackendSpec AUTO = new SparkOptions(Map.of()).backend("model");

  private static List<String> devices(
      BackendSpec spec, String addresses, @Nullable String visible) {
    List<String> list = addresses.isEmpty() ? List.of() : List.of(addresses.split(" "));
    return TaskDevice.choices(spec, list, name -> visible).stream()
        .map(BackendSpec::device)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "auto, '', -, auto",
        "auto, 3, -, cuda:3",
        "cuda, 3, -, cuda:3",
        "auto, '1 2', -, cuda:1 cuda:2",
        "cpu, 3, -, cpu",
        "cuda:5, 3, -, cuda:5",
        "auto, '6 7', '6, 7', cuda:0 cuda:1",
        "auto, '0 1', '6, 7', cuda:0 cuda:1",
        "auto, GPU-b, 'GPU-a,GPU-b', cuda:1"
      })
  void deviceOfATask(String wanted, String addresses, @Nullable String visible, String devices) {
    assertThat(String.join(" ", devices(AUTO.withDevice(wanted), addresses, visible)))
        .isEqualTo(devices);
  }

  @Test
  void addressThatSaysNothingToCuda() {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> devices(AUTO, "GPU-c", "GPU-a"))
        .withMessageContaining("GPU address 'GPU-c' from Spark")
        .withMessageContaining("let the discovery script report indices");
  }
}
