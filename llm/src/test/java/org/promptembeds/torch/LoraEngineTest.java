package org.promptembeds.torch;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.generation.setting.AdapterSettings.LORA_BYTES;
import static org.promptembeds.generation.setting.AdapterSettings.MERGE_LORA;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.AdapterException;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Rows that ask for adapters by name, beside others of the same engine. */
class LoraEngineTest {
  private static final String MODEL = "llama-llama3";
  private static final int STEPS = 6;
  private static final ModelSettings SETTINGS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();

  private final GoldenModel model = GoldenModel.of(MODEL);
  private final List<LoraFixture> fixtures = LoraFixture.of(MODEL);

  /**
   * Prompts of rows begin alike, so that keys and values would be shared if adapters were not told
   * apart. The least memory has room for one adapter at a time.
   */
  @ParameterizedTest
  @ValueSource(longs = {28_000, 40_000, 1 << 20})
  void rowsHaveTheOutputOfTheirAdapter(long loraBytes) {
    try (LocalBackend backend =
        LocalBackend.load(model.directory(), SETTINGS.with(LORA_BYTES, loraBytes))) {
      List<PendingGeneration> pending = new ArrayList<>();
      List<int[]> expected = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 3; i++) {
          pending.add(backend.submit(request(i, null)));
          expected.add(Arrays.copyOf(model.prompts().get(i).tokenIds(), STEPS));
          for (LoraFixture fixture : fixtures) {
            pending.add(backend.submit(request(i, fixture.path().toString())));
            expected.add(fixture.prompts().get(i).tokenIds());
          }
        }
      }

      assertThat(pending.stream().map(each -> each.result().join().tokenIds()))
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void adaptersAreLargerThanTheMemoryOrNotThere() {
    try (LocalBackend backend =
        LocalBackend.load(model.directory(), SETTINGS.with(LORA_BYTES, 1000L))) {
      String large = fixtures.get(1).path().toString();
      assertThatThrownBy(() -> backend.submit(request(0, large)).result().join())
          .hasRootCauseInstanceOf(BackendException.class)
          .cause()
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageMatching(
              "row 'row': lora '.*/all': it takes 27392 bytes, all adapters together have 1000: raise loraBytes");
      assertThatThrownBy(() -> backend.submit(request(0, "/no/such")).result().join())
          .cause()
          .hasMessage("row 'row': lora '/no/such': /no/such is not a directory");
      assertThat(backend.submit(request(0, null)).result().join().tokenIds()).hasSize(STEPS);
    }
  }

  /** What a file holds is looked at when it is put on the device, in the middle of other rows. */
  @Test
  void rowsOfASpoiltAdapterFailAndOthersGoOn(@TempDir Path folder) throws IOException {
    Path spoilt = copy(fixtures.get(0).path(), folder.resolve("spoilt"));
    Path tensors = spoilt.resolve("adapter_model.safetensors");
    try (FileChannel file = FileChannel.open(tensors, StandardOpenOption.WRITE)) {
      ByteBuffer nan =
          ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0x7fc0);
      file.write(nan.flip(), file.size() - 2);
    }

    try (LocalBackend backend = LocalBackend.load(model.directory(), SETTINGS)) {
      PendingGeneration bad = backend.submit(request(1, spoilt.toString()));
      PendingGeneration good = backend.submit(request(1, fixtures.get(1).path().toString()));
      PendingGeneration none = backend.submit(request(1, null));
      assertThatThrownBy(() -> bad.result().join())
          .cause()
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row 'row': lora '" + spoilt)
          .hasMessageContaining("NaN or infinite");
      assertThat(good.result().join().tokenIds())
          .isEqualTo(fixtures.get(1).prompts().get(1).tokenIds());
      assertThat(none.result().join().tokenIds())
          .isEqualTo(Arrays.copyOf(model.prompts().get(1).tokenIds(), STEPS));
      assertThat(backend.isOpen()).isTrue();
    }
  }

  @Test
  void anAdapterThatIsGoneWhenItIsNeededIsTold(@TempDir Path folder) throws IOException {
    Path gone = copy(fixtures.get(0).path(), folder.resolve("gone"));
    try (TorchRunner runner = TorchRunner.load(model.directory(), SETTINGS)) {
      Adapter adapter = runner.adapter(gone.toString());
      Files.delete(gone.resolve("adapter_model.safetensors"));
      assertThatThrownBy(
              () -> GoldenRun.of(runner, fixtures.get(0).prompts(), nCopies(3, adapter), 9, false))
          .isInstanceOf(AdapterException.class)
          .hasMessageContaining("adapter_model.safetensors cannot be read");
      assertThat(difference(runner, null, model.prompts().get(0))).isLessThan(1e-4);
    }
  }

  @Test
  void quantisedWeightsHaveAdaptersPerRowOnly() {
    String path = fixtures.get(1).path().toString();
    ModelSettings settings = SETTINGS.with(QUANTIZATION, "int8");
    assertThatThrownBy(
            () -> TorchRunner.load(model.directory(), settings.with(MERGE_LORA, path)).close())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("mergeLora")
        .hasMessageContaining("set quantization to none, or give rows the adapter as lora");
    GoldenModel.Prompt prompt = fixtures.get(1).prompts().get(2);
    try (TorchRunner runner = TorchRunner.load(model.directory(), settings)) {
      assertThat(difference(runner, runner.adapter(path), prompt)).isLessThan(0.1);
      assertThat(difference(runner, null, prompt)).isGreaterThan(0.3);
    }
  }

  private static double difference(
      TorchRunner runner, @Nullable Adapter adapter, GoldenModel.Prompt prompt) {
    return GoldenRun.of(runner, List.of(prompt), nCopies(1, adapter), 99, true).difference();
  }

  private GenerationRequest request(int prompt, @Nullable String lora) {
    SamplingParams.Builder params = SamplingParams.builder().maxTokens(STEPS).ignoreEos(true);
    return new GenerationRequest(
        "row",
        model.prompts().get(prompt).embeds(),
        params.set(ModelParameters.LORA, lora).build());
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(from.resolve(name), to.resolve(name));
    }

    return to;
  }
}
