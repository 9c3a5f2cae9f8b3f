package org.promptembeds.generation;

import java.util.List;

/**
 * What was generated for a row since its listener was last told.
 *
 * @param text text that nothing can change or cut any more; empty while a character or a stop
 *     string may be incomplete, or if the model has no tokenizer
 * @param tokenIds newly chosen tokens; those of a stop string that is cut from the text are told
 * @param logprobs one entry per new token, empty unless asked for
 */
public record GenerationDelta(String text, int[] tokenIds, List<TokenLogprobs> logprobs) {}
