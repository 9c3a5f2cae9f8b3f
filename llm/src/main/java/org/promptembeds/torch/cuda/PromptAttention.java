package org.promptembeds.torch.cuda;

/**
 * Causal attention of sequences with any number of queries: {@code prompt_attention} in {@code
 * prompts.cu}, which GPUs of compute capability 9.0 run.
 */
final class PromptAttention implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "prompt_attention(Tensor q, Tensor kv, Tensor cu_queries, Tensor starts, Tensor lengths,"
              + " Tensor(a!) out, Tensor? sinks, int max_queries, int window, float scale,"
              + " float soft_cap) -> ()");
  private static final int THREADS = 384;
  private static final int ROWS = 128;

  /** Bytes in which shared memory that begins anywhere has room for a multiple of it. */
  private static final int ALIGNMENT = 1024;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * q: T H D; kv: S 2K D; cu_queries: int32, N+1; starts, lengths: int32, at least N; out: T H D;
   * sinks: float32, H; max_queries: of one sequence; window: keys that a query sees, 0 for all;
   * soft_cap: 0 for none.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument out = arguments.tensor(5);
    TensorArgument kv = arguments.tensor(1);
    TensorArgument cuQueries = arguments.tensor(2).require(TensorArgument.INT32, -1);
    AttentionShape shape = AttentionShape.of(out, kv);
    TensorArgument q = arguments.tensor(0).require(shape.variant().dtype(), out.sizes());
    int sequences = (int) cuQueries.sizes()[0] - 1;
    long blocks = (arguments.number(7) + ROWS - 1) / ROWS;
    long items = blocks * sequences * shape.heads();
    if (shape.queries() == 0 || sequences == 0) {
      return;
    }

    Gpu gpu = Gpu.of(out.device());
    long stream = gpu.currentStream();
    int shared = shared(shape.variant().headDim());
    LaunchCells.mine()
        .clear()
        .add(q.aligned())
        .add(q.rowStride())
        .add(kv.contiguous())
        .add(cuQueries.contiguous())
        .add(AttentionShape.ints(arguments.tensor(3), sequences))
        .add(AttentionShape.ints(arguments.tensor(4), sequences))
        .add(out.contiguous())
        .add(gpu.workspace(stream).counters())
        .add(shape.sinks(arguments, 6))
        .add((long) shape.heads())
        .add((long) shape.kvHeads())
        .add((long) sequences)
        .add(blocks)
        .add(arguments.number(8))
        .add(arguments.real(9))
        .add(arguments.real(10))
        .launch(
            gpu.module(shape.variant()).function("prompt_attention", shared),
            LaunchCells.Grid.of(Math.min(items, gpu.multiprocessors())),
            THREADS,
            shared,
            stream);
  }

  /** Queries of one or two items of work, and two tiles of keys and two of values. */
  private static int shared(int headDim) {
    int keys = headDim <= 128 ? 128 : 64;
    int queries = headDim <= 192 ? 2 * ROWS : ROWS;
    return ALIGNMENT + (queries + 4 * keys) * headDim * 2;
  }
}
