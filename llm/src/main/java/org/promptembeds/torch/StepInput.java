package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The arguments of one native call, as {@link StepSource} says; valid until the next one is packed.
 *
 * @param ints numbers, sizes of the parts, and per sequence its queries, first slot and keys
 * @param parts int32, one part after another
 * @param bytes the tensors of bytes in the order of {@link StepField}
 * @param doubles the float64 tensors in the order of {@link StepField}
 * @param top most likely tokens that the result reports per row; -1 if it holds no
 *     log-probabilities
 * @param rows row of the result that holds each chunk's token; -1 where the chunk gets none
 */
record StepInput(
    long[] ints,
    ByteBuffer parts,
    List<ByteBuffer> bytes,
    List<ByteBuffer> doubles,
    int top,
    int[] rows) {}
