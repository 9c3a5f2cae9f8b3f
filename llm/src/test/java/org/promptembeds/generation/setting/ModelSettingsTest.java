package org.promptembeds.generation.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelSettingsTest {
  @Test
  void everyValueOutOfBoundsIsNamed() {
    ModelSettings.Builder builder =
        ModelSettings.builder()
            .set(DeviceSettings.DTYPE, "int8")
            .set(DeviceSettings.DEVICE, "gpu")
            .set(DeviceSettings.KV_CACHE_BYTES, -1L)
            .set(BatchSettings.MAX_SEQUENCES, 0);

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "dtype must be one of auto, float32, bfloat16, float16, got 'int8'",
            "device must be auto, cpu, cuda or cuda:N, got 'gpu'",
            "kvCacheBytes must be a size in bytes such as 1073741824, 512m or 2g, got -1",
            "maxSequences must be an integer of at least 1, got 0");
  }

  @Test
  void aStepMustHaveRoomForEverySequence() {
    assertThatThrownBy(() -> ModelSettings.batching(65, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "maxStepTokens must be at least maxSequences (65), got 64: raise it or run fewer"
                + " sequences");
  }

  @Test
  void aSettingThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new ModelSettings(Map.of("maxPositions", 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown setting 'maxPositions'; known: dtype, device,");
  }

  @Test
  void textAndDefaultsAreTheSameAsValuesAndNothing() {
    ModelSettings text = new ModelSettings(Map.of("kvCacheBytes", "1g", "dtype", "auto"));

    assertThat(text)
        .isEqualTo(ModelSettings.defaults().with(DeviceSettings.KV_CACHE_BYTES, 1L << 30));
    assertThat(text.value(DeviceSettings.KV_CACHE_BYTES)).isEqualTo(1L << 30);
    assertThat(text.with(DeviceSettings.KV_CACHE_BYTES, 0L)).isEqualTo(ModelSettings.defaults());
  }

  static Iterable<ModelSetting<?>> table() {
    return ModelSettings.table();
  }

  @ParameterizedTest
  @MethodSource("table")
  void everySettingHasADefaultInItsBounds(ModelSetting<?> setting) {
    assertThat(setting.parse(setting.defaultText())).isEqualTo(setting.absent());
    assertThat(setting.doc()).endsWith(".");
  }

  @Test
  void settingsTravelToExecutors() throws IOException, ClassNotFoundException {
    ModelSettings settings =
        ModelSettings.batching(8, 64).with(BatchSettings.PREFIX_CACHING, false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(settings);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(settings);
    }
  }
}
