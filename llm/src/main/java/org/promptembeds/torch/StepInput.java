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
 * @param answer how the result reads
 */
record StepInput(
    long[] ints,
    ByteBuffer parts,
    List<ByteBuffer> bytes,
    List<ByteBuffer> doubles,
    StepAnswer answer) {}
