package org.promptembeds.torch.cuda;

/**
 * The next token of each row, drawn or the most likely one: {@code sample} in {@code sampling.cu}.
 */
final class Sample implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse("sample(Tensor logits, Tensor params, Tensor(a!) tokens) -> ()");
  private static final int THREADS = 1024;
  private static final int PARAMETERS = 5;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * logits: B V, half precision or float32; params: float64, B 5: temperature (0 takes the most
   * likely token), top_k, top_p, min_p, uniform; tokens: int64, B, -2 in rows whose largest logit
   * is not finite.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument logits = arguments.tensor(0);
    long[] sizes = logits.sizes();
    int dtype = logits.dtype();
    boolean wide = dtype == TensorArgument.FLOAT32;
    if (sizes.length != 2 || sizes[1] == 0 || sizes[1] > Integer.MAX_VALUE) {
      throw logits.refusal("must be rows of tokens");
    }

    long rows = sizes[0];
    TensorArgument params = arguments.tensor(1).require(TensorArgument.FLOAT64, rows, PARAMETERS);
    TensorArgument tokens = arguments.tensor(2).require(TensorArgument.INT64, rows);
    if (rows == 0) {
      return;
    }

    Gpu gpu = Gpu.of(logits.device());
    long stream = gpu.currentStream();
    LaunchCells.mine()
        .clear()
        .add(logits.address())
        .add(logits.rowStride())
        .add(sizes[1])
        .add(wide ? 1L : 0L)
        .add(params.contiguous())
        .add(tokens.contiguous())
        .launch(
            (wide ? gpu.anyModule() : gpu.module(dtype)).function("sample"),
            LaunchCells.Grid.of(rows),
            THREADS,
            stream);
  }
}
