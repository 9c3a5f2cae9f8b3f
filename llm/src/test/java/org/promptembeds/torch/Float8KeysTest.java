package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Keys and values in e4m3 beside transformers with a cache that rounds them likewise: {@code
 * generate_float8_keys.py}.
 */
class Float8KeysTest {
  private static final double TOLERANCE = 1e-4;

  /** A number on the edge between two of e4m3 may become either; what follows is then far off. */
  private static final double ROWS_ON_AN_EDGE = 0.1;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "qwen3-layer-types",
        "qwen2-tied",
        "gemma2",
        "gpt-oss-full",
        "mistral-sliding",
        "bloom",
        "diffllama"
      })
  void logitsAreThoseOfARoundingCache(String name) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    Path expected = model.path().resolveSibling("../golden-float8-keys/" + name + ".safetensors");
    List<GoldenModel.Prompt> prompts = model.withLogits(expected).prompts();
    try (TorchRunner runner = TorchRunner.load(model.directory(), options("fp8"))) {
      for (int chunk : new int[] {1, 3, Integer.MAX_VALUE}) {
        GoldenRun run = GoldenRun.of(runner, prompts, chunk, true);
        long far = run.differences().stream().filter(difference -> difference > TOLERANCE).count();
        assertThat(far)
            .as("rows in chunks of %d that are off: %s", chunk, run.differences())
            .isLessThanOrEqualTo((long) (ROWS_ON_AN_EDGE * run.differences().size()));
      }
    }
  }

  /** The arena has room for as many positions as it has bytes for. */
  @Test
  void slotsTakeAQuarterOfFloat32s() {
    GoldenModel model = GoldenModel.of("llama");
    assertThat(slots(model, "fp8")).isEqualTo(4 * slots(model, "auto"));
  }

  /** What is compressed already is kept in the model's type. */
  @Test
  void compressedKeysStayAsTheyAre() {
    GoldenModel model = GoldenModel.of("deepseek-v2");
    assertThat(slots(model, "fp8")).isEqualTo(slots(model, "auto"));
    try (TorchRunner runner = TorchRunner.load(model.directory(), options("fp8"))) {
      GoldenRun run = GoldenRun.of(runner, model.prompts(), 3, false);
      assertThat(run.difference()).isLessThan(TOLERANCE);
    }
  }

  private static int slots(GoldenModel model, String kvCacheDtype) {
    try (TorchRunner runner = TorchRunner.load(model.directory(), options(kvCacheDtype))) {
      return runner.limits().kvSlots();
    }
  }

  private static ModelSettings options(String kvCacheDtype) {
    return ModelSettings.builder()
        .set(DEVICE, "cpu")
        .set(DTYPE, "float32")
        .set(CPU_THREADS, 1)
        .set(KV_CACHE_BYTES, 1L << 19)
        .set(KV_CACHE_DTYPE, kvCacheDtype)
        .build();
  }
}
