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
    AttentionShape shape = AttentionShape.of(out, kv);
    TensorArgument q = arguments.tensor(0).require(shape.variant().dtype(), out.sizes());
    int queries = shape.queries();
    int kvHeads = shape.kvHeads();
    if (queries == 0) {
      return;
    }

    Gpu gpu = Gpu.of(out.device());
    long stream = gpu.currentStream();
    int splits = splits(queries * kvHeads, gpu.multiprocessors());
    long width = shape.variant().group() * (shape.variant().headDim() + 2L);
    requireRoom(queries * (long) kvHeads, splits, width, out);
    Workspace workspace = gpu.workspace(stream);
    LaunchCells.mine()
        .clear()
        .add(q.aligned())
        .add(q.rowStride())
        .add(kv.contiguous())
        .add(AttentionShape.ints(arguments.tensor(2), queries))
        .add(AttentionShape.ints(arguments.tensor(3), queries))
        .add(out.contiguous())
        .add(workspace.partial())
        .add(workspace.counters())
        .add(shape.sinks(arguments, 5))
        .add((long) kvHeads)
        .add(arguments.number(6))
        .add(arguments.real(7))
        .add(arguments.real(8))
        .add(arguments.has(9) ? AttentionShape.ints(arguments.tensor(9), queries) : 0)
        .add(arguments.has(10) ? AttentionShape.ints(arguments.tensor(10), queries) : 0)
        .launch(
            gpu.module(shape.variant()).function("attention"),
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
}
