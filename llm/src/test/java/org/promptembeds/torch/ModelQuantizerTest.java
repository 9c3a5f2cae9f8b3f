package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.SafetensorsFile;

class ModelQuantizerTest {
  @TempDir private Path directory;

  /** What is written is read back as what the same model becomes when it is quantised at load. */
  @Test
  void readsBackWhatItWrites() throws IOException {
    GoldenModel golden = GoldenModel.of("llama");
    Path output = directory.resolve("out");

    ModelQuantizer.Result result = ModelQuantizer.write(golden.directory(), "int8", output);

    assertThat(result).isEqualTo(new ModelQuantizer.Result(14, 2));
    assertThat(Files.exists(output.resolve("expected.json"))).isTrue();
    GoldenRun atLoad = run(golden, golden.directory(), "int8");
    GoldenRun stored = run(golden, ModelDirectory.open(output), "int8");
    assertThat(stored.tokenIds()).containsExactlyElementsOf(atLoad.tokenIds());
    assertThat(stored.difference()).isEqualTo(atLoad.difference());
  }

  @Test
  void floatingPointBytesHaveTheirTypeInTheFile() throws IOException {
    Path output = directory.resolve("out");

    ModelQuantizer.write(GoldenModel.of("llama").directory(), "fp8", output);

    try (SafetensorsFile file = SafetensorsFile.open(output.resolve("model.safetensors"))) {
      String name = "model.layers.0.mlp.up_proj.weight";
      assertThat(file.find(name).orElseThrow().dtypeName()).isEqualTo("F8_E4M3");
      assertThat(file.find(name + "_scale").orElseThrow().shape()).containsExactly(56, 1);
    }

    GoldenModel golden = GoldenModel.of("llama");
    assertThat(run(golden, ModelDirectory.open(output), "auto").difference()).isLessThan(0.5);
  }

  /** Rows of 56 elements do not divide into groups of half bytes, others do. */
  @Test
  void whatDoesNotDivideStaysAsItIs() throws IOException {
    GoldenModel golden = GoldenModel.of("llama");
    Path output = directory.resolve("out");

    assertThat(ModelQuantizer.write(golden.directory(), "int4", output))
        .isEqualTo(new ModelQuantizer.Result(12, 4));
    assertThat(Files.readString(output.resolve("config.json")))
        .contains("model.layers.1.mlp.down_proj", "\"group_size\" : 32");
    assertThat(run(golden, ModelDirectory.open(output), "none").difference()).isLessThan(1);
  }

  @Test
  void whatIsQuantisedAlreadyIsRefused() {
    ModelDirectory model = GoldenModel.quantized("awq").directory();

    assertThatThrownBy(() -> ModelQuantizer.write(model, "int8", directory.resolve("out")))
        .isInstanceOf(BackendException.class)
        .hasMessageEndingWith("awq is quantised already (awq): take the model that it was made of");
  }

  private static GoldenRun run(GoldenModel golden, ModelDirectory model, String quantization) {
    ModelSettings options =
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(DTYPE, "float32")
            .set(CPU_THREADS, 1)
            .set(QUANTIZATION, quantization)
            .build();
    try (TorchRunner runner = TorchRunner.load(model, options)) {
      return GoldenRun.of(runner, golden.prompts(), Integer.MAX_VALUE, true);
    }
  }
}
