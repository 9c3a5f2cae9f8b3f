package org.promptembeds.torch.cuda;

/** The sizes that the arguments of attention agree on. */
record AttentionShape(KernelVariant variant, int queries, int heads, int kvHeads) {
  /**
   * Reads them.
   *
   * @param out T H D
   * @param kv S 2K D, of the type of out or e4m3
   */
  static AttentionShape of(TensorArgument out, TensorArgument kv) {
    long[] sizes = out.sizes();
    long[] kvSizes = kv.sizes();
    if (sizes.length != 3 || kvSizes.length != 3 || kvSizes[1] < 2 || kvSizes[2] != sizes[2]) {
      throw out.refusal("must be T H D, for keys and values S 2K D");
    }

    int heads = (int) sizes[1];
    int kvHeads = (int) kvSizes[1] / 2;
    boolean float8 = kv.isFloat8();
    KernelVariant variant =
        new KernelVariant(
            out.dtype() == TensorArgument.BFLOAT16, (int) sizes[2], heads / kvHeads, float8);
    out.require(variant.dtype(), sizes);
    kv.require(float8 ? kv.dtype() : variant.dtype(), kvSizes);
    return new AttentionShape(variant, (int) sizes[0], heads, kvHeads);
  }

  /** Address of an optional float32 for each head; 0 if it is not there. */
  long sinks(OperatorArguments arguments, int index) {
    return arguments.has(index)
        ? arguments.tensor(index).require(TensorArgument.FLOAT32, heads).contiguous()
        : 0;
  }

  /** Address of int32 elements, of which there are enough. */
  static long ints(TensorArgument tensor, int atLeast) {
    long[] sizes = tensor.require(TensorArgument.INT32, -1).sizes();
    if (sizes[0] < atLeast) {
      throw tensor.refusal("has %d elements, fewer than %d".formatted(sizes[0], atLeast));
    }

    return tensor.contiguous();
  }
}
