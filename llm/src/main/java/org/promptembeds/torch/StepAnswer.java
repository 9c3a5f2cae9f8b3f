package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.LogprobScope;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.TokenLogprobs;

/**
 * How the result of a step reads: the tokens of all rows; of each row with log-probabilities the
 * chosen token's and its rank, the most likely tokens, theirs, and those of its list; of each
 * scored token of a prompt its log-probability and rank, the most likely tokens and theirs.
 *
 * @param rows per chunk its row; -1 where it gets no token
 * @param count rows
 * @param top most likely tokens per row with log-probabilities
 * @param listed listed tokens per such row
 * @param scored per chunk the first of its scored tokens among those of the step
 * @param promptTop most likely tokens per scored token
 */
record StepAnswer(int[] rows, int count, int top, int listed, int[] scored, int promptTop) {

  /** Numbers of the result. */
  int numbers(StepPlan plan) {
    int told = 0;
    int positions = 0;
    for (int i = 0; i < rows.length; i++) {
      told += rows[i] < 0 || scope(plan, i).isNone() ? 0 : 1;
      positions += plan.chunks().get(i).scoredPositions().length;
    }

    return count + told * (2 + 2 * top + listed) + positions * (2 + 2 * promptTop);
  }

  /** The result of a step in the order of its plan. */
  StepResult read(StepPlan plan, double[] values) {
    int[] tokenIds = new int[rows.length];
    int[] told = new int[count];
    for (int i = 0; i < rows.length; i++) {
      tokenIds[i] = rows[i] < 0 ? StepResult.NONE : (int) values[rows[i]];
      if (rows[i] >= 0 && !scope(plan, i).isNone()) {
        told[rows[i]] = 1;
      }
    }

    int width = 2 + 2 * top + listed;
    int next = count; // where the log-probabilities of the next row begin
    for (int row = 0; row < count; row++) {
      int places = told[row] * width;
      told[row] = next;
      next += places;
    }

    List<@Nullable TokenLogprobs> logprobs = new ArrayList<>();
    List<List<TokenLogprobs>> prompts = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      logprobs.add(
          rows[i] < 0 || scope(plan, i).isNone()
              ? null
              : logprobs(values, told[rows[i]], scope(plan, i)));
      prompts.add(prompt(values, next, i, plan.chunks().get(i)));
    }

    return new StepResult(tokenIds, logprobs, prompts);
  }

  private static LogprobScope scope(StepPlan plan, int chunk) {
    TokenSampling sampling = plan.chunks().get(chunk).sampling();
    return sampling == null ? LogprobScope.NONE : sampling.scope();
  }

  private TokenLogprobs logprobs(double[] values, int start, LogprobScope scope) {
    int[] named = scope.tokenIds();
    return named.length == 0
        ? best(values, start, Math.min(scope.top(), top), top)
        : new TokenLogprobs(
            (float) values[start],
            (int) values[start + 1],
            named,
            floats(values, start + 2 + 2 * top, named.length));
  }

  private List<TokenLogprobs> prompt(double[] values, int start, int chunk, SequenceChunk of) {
    int positions = of.scoredPositions().length;
    List<TokenLogprobs> told = new ArrayList<>(positions);
    for (int i = 0; i < positions; i++) {
      told.add(
          best(
              values,
              start + (scored[chunk] + i) * (2 + 2 * promptTop),
              Math.min(of.promptTop(), promptTop),
              promptTop));
    }

    return told;
  }

  /** Reads a log-probability, a rank, {@code width} tokens and theirs, of which some are wanted. */
  private static TokenLogprobs best(double[] values, int start, int wanted, int width) {
    int[] ids = new int[wanted];
    for (int i = 0; i < wanted; i++) {
      ids[i] = (int) values[start + 2 + i];
    }

    return new TokenLogprobs(
        (float) values[start],
        (int) values[start + 1],
        ids,
        floats(values, start + 2 + width, wanted));
  }

  private static float[] floats(double[] values, int start, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) values[start + i];
    }

    return floats;
  }
}
