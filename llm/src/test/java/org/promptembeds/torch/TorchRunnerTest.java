package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.promptembeds.generation.setting.BatchSettings.MAX_MODEL_LEN;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.KvMove;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TorchRunnerTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder()
          .set(DEVICE, "cpu")
          .set(CPU_THREADS, 1)
          .set(KV_CACHE_BYTES, 1L << 20)
          .build();

  private final GoldenModel model = GoldenModel.of("llama");
  private final TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS);

  @AfterAll
  void close() {
    runner.close();
  }

  @Test
  void limitsAreTheModels() {
    int slotBytes = 2 * 2 * 2 * 8 * 4;

    assertThat(runner.limits()).isEqualTo(new ModelLimits(32, 151, 128, (1 << 20) / slotBytes));
  }

  @Test
  void sequenceGoesOnAfterItsRegionWasMovedOverItself() {
    GoldenModel.Prompt prompt = model.prompts().get(2);
    int length = (int) prompt.embeds().size(0);
    HandDriven first = new HandDriven(prompt.embeds(), new KvRegion(7, 64));
    SequenceChunk prefill = first.next(Integer.MAX_VALUE, TokenSampling.GREEDY);
    int token = runner.step(HandDriven.plan(prefill)).tokenIds()[0];

    SequenceChunk moved =
        new SequenceChunk(
            prompt.embeds(),
            new int[] {token},
            length,
            1,
            new KvRegion(4, 64),
            TokenSampling.GREEDY);
    StepPlan plan = new StepPlan(List.of(new KvMove(7, 4, length)), List.of(moved));

    assertThat(runner.step(plan).tokenIds()).containsExactly(prompt.tokenIds()[1]);
  }

  @Test
  void promptAndGeneratedTokensAreComputedAgainInOneChunk() {
    GoldenModel.Prompt prompt = model.prompts().get(1);
    int[] known = Arrays.copyOf(prompt.tokenIds(), 5);
    int length = (int) prompt.embeds().size(0) + known.length;
    SequenceChunk chunk =
        new SequenceChunk(
            prompt.embeds(), known, 0, length, new KvRegion(0, 64), TokenSampling.GREEDY);

    assertThat(runner.step(HandDriven.plan(chunk)).tokenIds())
        .containsExactly(prompt.tokenIds()[5]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-odd-heads-biases"})
  void largeStepChoosesTheSameTokens(String name) {
    GoldenModel.Prompt prompt = GoldenModel.of(name).prompts().get(3);
    int length = (int) prompt.embeds().size(0);
    SequenceChunk[] chunks = new SequenceChunk[600 / length + 1];
    for (int i = 0; i < chunks.length; i++) {
      KvRegion region = new KvRegion(64 * i, 64);
      chunks[i] =
          new SequenceChunk(prompt.embeds(), new int[0], 0, length, region, TokenSampling.GREEDY);
    }

    try (TorchRunner large = TorchRunner.load(GoldenModel.of(name).directory(), OPTIONS)) {
      assertThat(large.step(HandDriven.plan(chunks)).tokenIds())
          .hasSize(chunks.length)
          .containsOnly(prompt.tokenIds()[0]);
    }
  }

  @Test
  void rowsOfDifferentTypesShareAStep() {
    GoldenModel.Prompt prompt = model.prompts().get(1);
    int length = (int) prompt.embeds().size(0);
    List<DType> types = List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
    SequenceChunk[] chunks = new SequenceChunk[types.size()];
    for (int i = 0; i < chunks.length; i++) {
      Tensor embeds = prompt.embeds().convert(types.get(i));
      KvRegion region = new KvRegion(64 * i, 64);
      chunks[i] = new SequenceChunk(embeds, new int[0], 0, length, region, TokenSampling.GREEDY);
    }

    float[][] together = runner.logits(HandDriven.plan(chunks));

    for (int i = 0; i < chunks.length; i++) {
      float[] alone = runner.logits(HandDriven.plan(chunks[i]))[0];
      assertThat(together[i]).containsExactly(alone, offset(1e-4f));
    }
  }

  @Test
  void chunkThatDoesNotSampleGetsNoToken() {
    Tensor embeds = model.prompts().get(3).embeds();
    HandDriven sequence = new HandDriven(embeds, new KvRegion(0, 64));

    StepResult result = runner.step(HandDriven.plan(sequence.next(4, TokenSampling.GREEDY)));

    assertThat(result.tokenIds()).containsExactly(-1);
    assertThat(result.logprobs()).containsOnlyNulls();
  }

  @Test
  void askingForMorePositionsThanTheModelHasIsRefused() {
    ModelSettings options =
        ModelSettings.builder().set(DEVICE, "cpu").set(MAX_MODEL_LEN, 129).build();

    assertThatThrownBy(() -> TorchRunner.load(model.directory(), options))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("maxModelLen 129 exceeds the 128 positions of the model");
  }

  @Test
  void kvCacheWithoutRoomIsRefused() {
    ModelSettings options =
        ModelSettings.builder().set(DEVICE, "cpu").set(KV_CACHE_BYTES, 100L).build();

    assertThatThrownBy(() -> TorchRunner.load(model.directory(), options))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the KV cache has 100 bytes on cpu, which hold 0 tokens");
  }
}
