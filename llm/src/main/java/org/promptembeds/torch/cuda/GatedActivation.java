package org.promptembeds.torch.cuda;

/** The activated gate times the up projection: {@code gated} in {@code kernels.cu}. */
final class GatedActivation implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "gated(Tensor gate, Tensor? up, Tensor(a!) out, Tensor(b!)? scales, int activation,"
              + " Tensor? row_factors=None, Tensor? column_factors=None) -> ()");
  private static final int THREADS = 256;
  private static final int AT_ONCE = 8;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * gate, up: T F; out: T F of their type, or of e4m3 with scales: float32, T 1; activation: 0
   * silu, 1 gelu, 2 gelu with tanh, 3 relu, 4 square of relu, 5 quick gelu, 6 sigmoid, 7 tanh, else
   * none. Only for e4m3, row_factors: float32, T 1, and column_factors: float32, 2F, by which gate
   * and up are multiplied.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument gate = arguments.tensor(0);
    TensorArgument out = arguments.tensor(2);
    Rows rows = Rows.of(gate);
    boolean float8 = arguments.has(3);
    out.require(float8 ? TensorArgument.FLOAT8_E4M3 : gate.dtype(), rows.count(), rows.columns());
    if (rows.count() == 0) {
      return;
    }

    Gpu gpu = Gpu.of(gate.device());
    long stream = gpu.currentStream();
    LaunchCells cells =
        LaunchCells.mine()
            .clear()
            .add(gate.aligned())
            .add(gate.rowStride())
            .add(rows.like(arguments, 1))
            .add(rows.strideLike(arguments, 1))
            .add(out.contiguous());
    KernelModule module = gpu.module(gate.dtype());
    if (float8) {
      cells.add(rows.scales(arguments, 3)).add(rows.columns()).add(arguments.number(4));
      cells.add(rows.scales(arguments, 5));
      cells.add(Rows.columnFactors(arguments, 6, 2 * rows.columns()));
      cells.launch(
          module.function("gated_fp8"), LaunchCells.Grid.of(rows.count()), rows.threads(), stream);
    } else {
      cells.add(rows.count()).add(rows.columns()).add(arguments.number(4));
      long chunks = rows.count() * rows.columns() / AT_ONCE;
      cells.launch(
          module.function("gated"),
          LaunchCells.Grid.of((chunks + THREADS - 1) / THREADS),
          THREADS,
          stream);
    }
  }
}
