package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.EmbeddingTable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.Tensor;

/** Embeddings of tokens are what the model itself makes of these tokens. */
class EmbeddingTableTest {
  private static final ModelSettings OPTIONS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();
  private static final int[] TOKENS = {3, 17, 5};

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma", "muse-glimmer-text", "xglm"})
  void aTokenLookedUpGivesTheLogitsOfTheToken(String name) {
    ModelDirectory model = GoldenModel.of(name).directory();
    Tensor rows = EmbeddingTable.open(model).lookup(TOKENS);
    try (TorchRunner runner = TorchRunner.load(model, OPTIONS)) {
      float[] given = logits(runner, rows, new int[0]);
      float[] looked = logits(runner, rows.copyOfRows(1), Arrays.copyOfRange(TOKENS, 1, 3));

      assertThat(given).hasSameSizeAs(looked);
      for (int i = 0; i < given.length; i++) {
        assertThat(given[i]).isCloseTo(looked[i], offset(1e-4f));
      }
    }
  }

  private static float[] logits(TorchRunner runner, Tensor embeds, int[] tokenIds) {
    SequenceChunk chunk =
        new SequenceChunk(
            embeds, tokenIds, 0, TOKENS.length, new KvRegion(0, 8), TokenSampling.GREEDY);
    return runner.logits(new StepPlan(List.of(), List.of(chunk)))[0];
  }
}
