package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/** An engine's core on a fake model, driven by hand and checked after every step. */
final class EngineFixture {
  /** Usual ones, but that the whole vocabulary may be told of. */
  static final RowLimits ROW_LIMITS = new RowLimits(16, 1000, -1, 256);

  static final int EOS = 3;
  static final int HIDDEN_SIZE = 2;
  static final int VOCAB_SIZE = 60;

  final FakeModelRunner runner;
  final EngineLoop loop;
  final List<Sequence> submitted = new ArrayList<>();
  final Map<Sequence, CheckedRequest> requests = new HashMap<>();
  int warmUps;
  private final ModelSettings options;
  private final RowIntake intake;

  EngineFixture(FakeModelRunner runner, ModelSettings options) {
    this(runner, options, null);
  }

  EngineFixture(FakeModelRunner runner, ModelSettings options, @Nullable TokenDecoder decoder) {
    this.runner = runner;
    this.options = options;
    this.intake =
        new RowIntake(
            runner,
            decoder,
            Set.of(EOS),
            new RowLimits(16, 1000, -1, options.value(MAX_SEQUENCES)));
    this.loop = new EngineLoop(runner, options, () -> 0L);
  }

  static ModelLimits limits(int maxModelLen, int kvSlots) {
    return new ModelLimits(
        HIDDEN_SIZE, VOCAB_SIZE, maxModelLen, kvSlots, new AcceptedExtras(true, true, 0, 0));
  }

  /** Embeddings of {@code length} positions, different for each seed. */
  static Tensor prompt(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length * HIDDEN_SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }

    return Tensor.ofFloats(values, length, HIDDEN_SIZE);
  }

  /** Embeddings whose first {@code shared} positions are those of {@code beginning}. */
  static Tensor prompt(Tensor beginning, int shared, int length, long seed) {
    float[] values = prompt(length, seed).toFloats();
    System.arraycopy(beginning.toFloats(), 0, values, 0, shared * HIDDEN_SIZE);
    return Tensor.ofFloats(values, length, HIDDEN_SIZE);
  }

  CheckedRequest check(GenerationRequest request) {
    return intake.check(request);
  }

  Sequence submit(int promptLength, SamplingParams params) {
    int number = submitted.size();
    return submit(new GenerationRequest("row " + number, prompt(promptLength, number), params));
  }

  Sequence submit(int promptLength, SamplingParams params, Client client) {
    int number = submitted.size();
    return submit(
        new GenerationRequest("row " + number, prompt(promptLength, number), params).from(client));
  }

  Sequence submit(int promptLength, SamplingParams params, GenerationListener listener) {
    int number = submitted.size();
    return submit(
        new GenerationRequest("row " + number, prompt(promptLength, number), params), listener);
  }

  Sequence submit(GenerationRequest request) {
    return submitAll(request, List.of()).get(0);
  }

  private Sequence submit(GenerationRequest request, GenerationListener listener) {
    return submitAll(request, List.of(listener)).get(0);
  }

  /** Submits a row of any number of outputs. */
  List<Sequence> submitAll(GenerationRequest request) {
    return submitAll(request, List.of());
  }

  private List<Sequence> submitAll(GenerationRequest request, List<GenerationListener> listeners) {
    CheckedRequest checked = check(request);
    List<Sequence> sequences = intake.sequences(request, listeners);
    for (int i = 0; i < sequences.size(); i++) {
      submitted.add(sequences.get(i));
      requests.put(sequences.get(i), checked.output(i));
    }

    loop.add(sequences);

    return sequences;
  }

  /** What {@code sequence} was asked for. */
  CheckedRequest request(Sequence sequence) {
    CheckedRequest request = requests.get(sequence);
    if (request == null) {
      throw new AssertionError("row " + sequence.row() + " was not submitted here");
    }

    return request;
  }

  /** What the model generates for {@code sequence} alone. */
  FakeTokens.Output expected(Sequence sequence) {
    return FakeTokens.reference(request(sequence), runner.limits(), EOS);
  }

  boolean step() {
    int before = runner.plans().size();
    boolean busy = loop.step();
    loop.scheduler().checkInvariants();
    if (runner.plans().size() > before) {
      StepPlan plan = runner.plans().get(before);
      int longestSpan =
          plan.chunks().stream()
              .mapToInt(chunk -> chunk.extras().spans().longest())
              .max()
              .orElse(0);
      assertThat(plan.tokens())
          .isBetween(1, options.value(MAX_STEP_TOKENS) + Math.max(0, longestSpan - 1));
      assertThat(plan.chunks()).hasSizeBetween(1, options.value(MAX_SEQUENCES));
    }

    return busy;
  }

  /** Ends outputs of one token until little room is reserved for an output. */
  void expectShortOutputs() {
    SamplingParams one = SamplingParams.builder().maxTokens(1).build();
    for (int i = 0; i < 60; i++) {
      submit(1, one);
    }

    runToEnd(500);
    warmUps = (int) loop.stats().finishedSequences();
    submitted.clear();
    requests.clear();
    runner.plans().clear();
  }

  /** Steps until idle, and fails if that takes more than {@code most} attempts. */
  void runToEnd(int most) {
    for (int i = 0; i < most; i++) {
      if (!step()) {
        return;
      }
    }

    throw new AssertionError("still busy after " + most + " steps: " + loop.stats());
  }
}
