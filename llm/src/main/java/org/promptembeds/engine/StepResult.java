package org.promptembeds.engine;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.TokenLogprobs;

/**
 * What one step chose.
 *
 * @param tokenIds one per chunk of the plan, in its order; {@link #NONE} where the chunk does not
 *     sample, {@link #NOT_FINITE} or {@link #NONE_ALLOWED} where there is nothing to choose from
 * @param logprobs one per chunk, null where none were asked for
 * @param promptLogprobs one list per chunk, which has an entry per {@link
 *     SequenceChunk#scoredPositions}
 */
public record StepResult(
    int[] tokenIds,
    List<@Nullable TokenLogprobs> logprobs,
    List<List<TokenLogprobs>> promptLogprobs) {
  /** A step that tells nothing of prompts. */
  public StepResult(int[] tokenIds, List<@Nullable TokenLogprobs> logprobs) {
    this(tokenIds, logprobs, Collections.nCopies(tokenIds.length, List.of()));
  }

  /** In place of the token of a chunk that does not sample. */
  public static final int NONE = -1;

  /** In place of the token of a chunk whose logits are NaN or infinite. */
  public static final int NOT_FINITE = -2;

  /** In place of the token of a chunk that may choose no token. */
  public static final int NONE_ALLOWED = -3;
}
