package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.engine.TokenSampling;

/** {@code sampling.py} alone, over vocabularies larger than the tokens it looks at first. */
class DrawTest {
  private static final String PROBE =
      """
      class Probe(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def draw(self, logits: Tensor, params: Tensor) -> Tensor:
              return __torch__.sampling.draw(logits, params).int()
      """;

  private final PtNDManager manager =
      (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
  private final Random random = new Random(11);
  private PtSymbolBlock probe;

  @BeforeEach
  void compile() throws IOException {
    ScriptObject object = ScriptObject.of("Probe").with("training", false);
    byte[] archive = TorchScriptArchive.pack(object, ScriptSources.of(object, PROBE));
    probe = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
  }

  @AfterEach
  void close() {
    probe.close();
    manager.close();
  }

  private int[] draw(List<float[]> logits, List<TokenSampling> samplings) {
    int vocab = logits.get(0).length;
    float[] values = new float[logits.size() * vocab];
    double[] params = new double[logits.size() * StepField.SAMPLING_COLUMNS];
    for (int row = 0; row < logits.size(); row++) {
      System.arraycopy(logits.get(row), 0, values, row * vocab, vocab);
      TokenSampling s = samplings.get(row);
      double[] own = {s.temperature(), s.topK(), s.topP(), s.minP(), s.uniform()};
      System.arraycopy(own, 0, params, row * own.length, own.length);
    }

    try (PtNDArray first = (PtNDArray) manager.create(values, new Shape(logits.size(), vocab));
        PtNDArray second =
            (PtNDArray)
                manager.create(params, new Shape(logits.size(), params.length / logits.size()));
        IValue a = IValue.from(first);
        IValue b = IValue.from(second);
        IValue result = IValueUtils.runMethod(probe, "draw", a, b);
        PtNDArray tokens = result.toTensor(manager)) {
      return tokens.toIntArray();
    }
  }

  private float[] logits(int vocab, double spread) {
    float[] values = new float[vocab];
    for (int i = 0; i < vocab; i++) {
      values[i] = (float) (spread * random.nextGaussian());
    }

    return values;
  }

  private TokenSampling sampling(int topK, double topP, double minP) {
    double uniform = random.nextInt(10) == 0 ? 0x1.fffffffffffffp-1 : random.nextDouble();
    return new TokenSampling(0.3 + random.nextDouble(), topK, topP, minP, uniform, new int[0], -1);
  }

  private void check(List<float[]> logits, List<TokenSampling> samplings) {
    int[] tokens = draw(logits, samplings);
    for (int row = 0; row < tokens.length; row++) {
      new SamplingRules(logits.get(row), samplings.get(row)).assertMayChoose(tokens[row]);
    }
  }

  @Test
  void drawsFromAllTokens() {
    for (int vocab : new int[] {1, 511, 512, 513, 5000}) {
      check(
          List.of(logits(vocab, 1), logits(vocab, 8)),
          List.of(sampling(0, 1, 0), sampling(0, 1, 0.01)));
    }
  }

  @Test
  void drawsFromTheBest() {
    for (int topK : new int[] {1, 2, 50, 1000, 1023, 1024, 1025, 2999, 3000, 4000}) {
      check(
          List.of(logits(3000, 1), logits(3000, 4)),
          List.of(sampling(topK, 1, 0), sampling(topK, 0.9, 0)));
    }
  }

  @Test
  void drawsFromNucleiOfAnySize() {
    for (double topP : new double[] {1e-9, 0.1, 0.5, 0.9, 0.999, 0.9999999}) {
      check(
          List.of(logits(3000, 0.01), logits(3000, 1), logits(3000, 10)),
          List.of(sampling(0, topP, 0), sampling(0, topP, 0), sampling(0, topP, 0.001)));
    }
  }

  @Test
  void aMixedBatchDrawsAsEachRowAlone() {
    List<float[]> logits = new ArrayList<>();
    List<TokenSampling> samplings = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      logits.add(logits(2500, random.nextDouble(6)));
      samplings.add(
          sampling(
              random.nextBoolean() ? 0 : 1 + random.nextInt(2500),
              random.nextBoolean() ? 1 : random.nextDouble(0.1, 1),
              random.nextBoolean() ? 0 : random.nextDouble(0.2)));
    }

    check(logits, samplings);
    int[] together = draw(logits, samplings);
    for (int i = 0; i < logits.size(); i++) {
      assertThat(draw(List.of(logits.get(i)), List.of(samplings.get(i))))
          .as("row %d, %s", i, samplings.get(i))
          .containsExactly(together[i]);
    }
  }

  @Test
  void tiesAtTheEndOfTopKAreKept() {
    float[] flat = new float[2000];
    assertThat(draw(List.of(flat), List.of(new TokenSampling(1, 10, 1, 0, 0.9995, new int[0], -1))))
        .containsExactly(1999);
  }

  @Test
  void theSameNumbersGiveTheSameToken() {
    List<float[]> logits = List.of(logits(4000, 3));
    List<TokenSampling> samplings = List.of(sampling(0, 0.95, 0));
    assertThat(draw(logits, samplings)).isEqualTo(draw(logits, samplings));
  }
}
