package org.promptembeds.torch;

import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;

/**
 * A comparison of a loaded model with a reference: each case goes on with the reference's tokens,
 * so that one that differs does not spoil those after it.
 */
public final class ReferenceCheck implements AutoCloseable {
  private static final TokenSampling GREEDY = new TokenSampling(0, 0, 1, 0, 0, new int[0], -1);

  private final TorchRunner runner;

  private ReferenceCheck(TorchRunner runner) {
    this.runner = runner;
  }

  /**
   * What came of one case.
   *
   * @param reference what was compared
   * @param equalTokens greedy tokens that are the same
   * @param firstDifference the first that is not; -1 if all are
   * @param difference largest difference of a logit, relative to the largest logit of its row;
   *     infinite if a logit is not a number
   */
  public record Result(
      ReferenceCase reference, int equalTokens, int firstDifference, double difference) {
    /** Whether all tokens are the same, and no logit differs by more than {@code tolerance}. */
    public boolean agrees(double tolerance) {
      return firstDifference < 0 && difference <= tolerance;
    }
  }

  /**
   * Loads the model.
   *
   * @param device as for {@link ModelSettings}
   * @param dtype as for {@link ModelSettings}
   * @param cases whose longest the model gets memory for
   * @throws BackendException if it cannot be loaded, or naming a case that is not of this model
   */
  public static ReferenceCheck load(
      ModelDirectory model, String device, String dtype, List<ReferenceCase> cases) {
    cases.forEach(each -> requireFit(model, each));
    int longest = cases.stream().mapToInt(ReferenceCase::length).max().orElse(1);
    ModelSettings settings =
        ModelSettings.builder()
            .set(DEVICE, device)
            .set(DTYPE, dtype)
            .set(MAX_SEQUENCES, 1)
            .set(MAX_STEP_TOKENS, longest)
            .build();
    return new ReferenceCheck(TorchRunner.load(model, settings));
  }

  private static void requireFit(ModelDirectory model, ReferenceCase each) {
    long width = model.spec().embedding().width();
    long vocabulary = model.spec().vocabSize();
    int most = model.spec().maxPositions();
    if (each.embeds().size(1) != width || each.logits().size(1) != vocabulary) {
      throw new BackendException(
          "case %s has embeddings of width %d and %d logits, the model %d and %d: make the reference with this model"
              .formatted(
                  each.name(), each.embeds().size(1), each.logits().size(1), width, vocabulary));
    }

    if (each.length() + each.steps() > most) {
      throw new BackendException(
          "case %s has %d positions and %d tokens, the model's context is %d: make the reference of shorter prompts"
              .formatted(each.name(), each.length(), each.steps(), most));
    }
  }

  /** One line that says where the model runs. */
  public String description() {
    return runner.description();
  }

  /** Compares one case. */
  public Result compare(ReferenceCase reference) {
    float[] expected = reference.logits().toFloats();
    int vocabulary = expected.length / reference.steps();
    List<Integer> tokens = new ArrayList<>();
    int equal = 0;
    int first = -1;
    double worst = 0;
    for (int step = 0; step < reference.steps(); step++) {
      float[] row = Arrays.copyOfRange(expected, step * vocabulary, (step + 1) * vocabulary);
      float[] actual = logits(reference, tokens);
      int token = largest(row);
      boolean same = largest(actual) == token;
      equal += same ? 1 : 0;
      first = same || first >= 0 ? first : step;
      worst = Math.max(worst, difference(actual, row));
      tokens.add(token);
    }

    return new Result(reference, equal, first, worst);
  }

  /** Logits after the prompt, or else after the last of the tokens. */
  private float[] logits(ReferenceCase reference, List<Integer> tokens) {
    int length = reference.length();
    int steps = tokens.size();
    int start = steps == 0 ? 0 : length + steps - 1;
    StateCells cells = new StateCells(steps == 0 ? StateCells.NONE : (steps + 1) % 2, steps % 2);
    SequenceChunk chunk =
        new SequenceChunk(
            reference.embeds(),
            steps == 0 ? new int[0] : new int[] {tokens.get(steps - 1)},
            start,
            length + steps - start,
            new KvRegion(0, length + reference.steps()),
            cells,
            GREEDY,
            reference.extras(),
            SequenceChunk.KNOWN);
    return runner.logits(new StepPlan(List.of(), List.of(chunk)))[0];
  }

  private static int largest(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }

    return best;
  }

  private static double difference(float[] actual, float[] expected) {
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs((double) expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }

    double relative = difference / Math.max(scale, Double.MIN_NORMAL);
    return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
  }

  @Override
  public void close() {
    runner.close();
  }
}
