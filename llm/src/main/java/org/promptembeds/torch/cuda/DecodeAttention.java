package org.promptembeds.torch.cuda;

/** Attention of sequences with one query each: {@code attention} in {@code kernels.cu}. */
final class DecodeAttention implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "attention(Tensor q, Tensor kv, Tensor starts, Tensor lengths, Tensor(a!) out,"
              + " Tensor? sinks, int window, float scale, float soft_cap, Tensor? shared_starts,"
              + " Tensor? shared_lengths) -> ()");
  private static final int THREADS = 128;

  /** Blocks that a multiprocessor runs at once. */
  private static final int BLOCKS_EACH = 3;

  private static final int MOST_SPLITS = 32;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * q: M H D, kv: S 2K D, starts, lengths: int32, at least M, out: M H D, sinks: float32, H;
   * window: keys that a query sees, 0 for all; soft_cap: 0 for none; shared_starts, shared_lengths:
   * int32, at least M, where the first keys of a sequence lie besides, in one place for many.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument out = arguments.tensor(4);
    TensorArgument kv = arguments.tensor(1);
    long[] sizes = out.sizes();
    long[] kvSizes = kv.sizes();
    if (sizes.length != 3 || kvSizes.length != 3 || kvSizes[1] < 2 || kvSizes[2] != sizes[2]) {
      throw out.refusal("must be M H D, for keys and values S 2K D");
    }

    int queries = (int) sizes[0];
    int heads = (int) sizes[1];
    int kvHeads = (int) kvSizes[1] / 2;
    int dtype = out.dtype();
    boolean float8 = kv.isFloat8();
    KernelVariant variant =
        new KernelVariant(
            dtype == TensorArgument.BFLOAT16, (int) sizes[2], heads / kvHeads, float8);
    TensorArgument q = arguments.tensor(0).require(variant.dtype(), sizes);
    out.require(variant.dtype(), sizes);
    kv.require(float8 ? kv.dtype() : variant.dtype(), kvSizes);
    if (queries == 0) {
      return;
    }

    Gpu gpu = Gpu.of(out.device());
    long stream = gpu.currentStream();
    int splits = splits(queries * kvHeads, gpu.multiprocessors());
    requireRoom(queries * (long) kvHeads, splits, heads / kvHeads * (sizes[2] + 2), out);
    Workspace workspace = gpu.workspace(stream);
    LaunchCells.mine()
        .clear()
        .add(q.aligned())
        .add(q.rowStride())
        .add(kv.contiguous())
        .add(ints(arguments.tensor(2), queries))
        .add(ints(arguments.tensor(3), queries))
        .add(out.contiguous())
        .add(workspace.partial())
        .add(workspace.counters())
        .add(
            arguments.has(5)
                ? arguments.tensor(5).require(TensorArgument.FLOAT32, heads).contiguous()
                : 0)
        .add((long) kvHeads)
        .add(arguments.number(6))
        .add(arguments.real(7))
        .add(arguments.real(8))
        .add(arguments.has(9) ? ints(arguments.tensor(9), queries) : 0)
        .add(arguments.has(10) ? ints(arguments.tensor(10), queries) : 0)
        .launch(
            gpu.module(variant).function("attention"),
            new LaunchCells.Grid(splits, kvHeads, queries),
            THREADS,
            stream);
  }

  /** Ranges of keys, so that all multiprocessors have blocks to run. */
  private static int splits(int units, int multiprocessors) {
    int wanted = (BLOCKS_EACH * multiprocessors + units - 1) / units;
    return Math.max(1, Math.min(MOST_SPLITS, wanted));
  }

  private static void requireRoom(long units, int splits, long width, TensorArgument out) {
    if (units > Workspace.COUNTERS
        || (splits > 1 && units * splits * width > Workspace.PARTIAL_FLOATS)) {
      throw out.refusal("is too large: %d blocks of %d numbers".formatted(units * splits, width));
    }
  }

  private static long ints(TensorArgument tensor, int atLeast) {
    long[] sizes = tensor.require(TensorArgument.INT32, -1).sizes();
    if (sizes[0] < atLeast) {
      throw tensor.refusal("has %d elements, fewer than %d".formatted(sizes[0], atLeast));
    }

    return tensor.contiguous();
  }
}
