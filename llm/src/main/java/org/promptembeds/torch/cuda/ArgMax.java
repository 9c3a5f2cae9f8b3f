package org.promptembeds.torch.cuda;

/** The most likely token of each row: {@code argmax} in {@code kernels.cu}. */
final class ArgMax implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "argmax(Tensor logits, Tensor(a!) tokens, Tensor(b!)? inputs, Tensor(c!)? positions,"
              + " Tensor(d!)? slots, Tensor(e!)? lengths, Tensor(f!)? history, Tensor(g!)? step)"
              + " -> ()");
  private static final int THREADS = 256;

  /** Numbers for which a block of threads is worth its start. */
  private static final int COLUMNS_PER_BLOCK = 4096;

  private static final int BLOCKS_EACH = 8;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * logits: B V, half precision or float32; tokens: int64, B. If the others are there (all int32
   * but slots, which is int64; B each), each row goes on to its next token: its input becomes the
   * token, its position, slot and length count up, and the token is put at history[step, row];
   * history: steps B, step: 1.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument logits = arguments.tensor(0);
    long[] sizes = logits.sizes();
    int dtype = logits.dtype();
    boolean wide = dtype == TensorArgument.FLOAT32;
    if (sizes.length != 2 || sizes[1] == 0 || sizes[0] >= Workspace.COUNTERS) {
      throw logits.refusal("must be rows of tokens, fewer than " + Workspace.COUNTERS);
    }

    long rows = sizes[0];
    TensorArgument tokens = arguments.tensor(1).require(TensorArgument.INT64, rows);
    if (rows == 0) {
      return;
    }

    Gpu gpu = Gpu.of(logits.device());
    long stream = gpu.currentStream();
    Workspace workspace = gpu.workspace(stream);
    long blocks =
        Math.max(
            1,
            Math.min(
                sizes[1] / COLUMNS_PER_BLOCK, (long) BLOCKS_EACH * gpu.multiprocessors() / rows));
    LaunchCells.mine()
        .clear()
        .add(logits.aligned())
        .add(logits.rowStride())
        .add(sizes[1])
        .add(wide ? 1L : 0L)
        .add(workspace.keys())
        .add(workspace.counters())
        .add(tokens.contiguous())
        .add(state(arguments, 2, TensorArgument.INT32, rows))
        .add(state(arguments, 3, TensorArgument.INT32, rows))
        .add(state(arguments, 4, TensorArgument.INT64, rows))
        .add(state(arguments, 5, TensorArgument.INT32, rows))
        .add(arguments.has(6) ? arguments.tensor(6).contiguous() : 0)
        .add(workspace.counters() + 4 * rows)
        .add(state(arguments, 7, TensorArgument.INT32, 1))
        .launch(
            (wide ? gpu.anyModule() : gpu.module(dtype)).function("argmax"),
            new LaunchCells.Grid((int) blocks, (int) rows, 1),
            THREADS,
            stream);
  }

  private static long state(OperatorArguments arguments, int index, int dtype, long count) {
    return arguments.has(index) ? arguments.tensor(index).require(dtype, count).contiguous() : 0;
  }
}
