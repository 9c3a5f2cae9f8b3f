package org.promptembeds.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.TokenLogprobs;

/**
 * What one step chose.
 *
 * @param tokenIds one per chunk of the plan, in its order; -1 where the chunk does not sample
 * @param logprobs one per chunk, null where none were asked for
 */
public record StepResult(int[] tokenIds, List<@Nullable TokenLogprobs> logprobs) {}
