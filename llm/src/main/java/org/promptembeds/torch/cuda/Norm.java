package org.promptembeds.torch.cuda;

/** RMS and layer norms of rows: {@code normalise} in {@code kernels.cu}. */
final class Norm implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "normalise(Tensor(a!) x, Tensor? added, Tensor? weight, Tensor? bias, Tensor(b!) out,"
              + " Tensor(c!)? scales, bool layer, float epsilon, float offset, Tensor? row_factors=None,"
              + " Tensor? column_factors=None) -> ()");

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * x: T E, replaced by x + added if that is there, times row_factors: float32, T 1, and
   * column_factors: float32, E, if they are there; weight: E, float32 or of the type of x, as bias:
   * E; out: T E, of the type of x, or of e4m3 with scales: float32, T 1; layer: whether the mean is
   * subtracted.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument x = arguments.tensor(0);
    TensorArgument out = arguments.tensor(4);
    Rows rows = Rows.of(x);
    boolean float8 = arguments.has(5);
    out.require(float8 ? TensorArgument.FLOAT8_E4M3 : x.dtype(), rows.count(), rows.columns());
    if (rows.count() == 0) {
      return;
    }

    Gpu gpu = Gpu.of(x.device());
    long stream = gpu.currentStream();
    LaunchCells.mine()
        .clear()
        .add(x.aligned())
        .add(x.rowStride())
        .add(rows.like(arguments, 1))
        .add(rows.strideLike(arguments, 1))
        .add(rows.weight(arguments, 2))
        .add(rows.isWide(arguments, 2) ? 1L : 0L)
        .add(rows.vector(arguments, 3))
        .add(out.contiguous())
        .add(rows.scales(arguments, 5))
        .add(rows.columns())
        .add(arguments.flag(6) ? 1L : 0L)
        .add(float8 ? 1L : 0L)
        .add(arguments.real(7))
        .add(arguments.real(8))
        .add(rows.scales(arguments, 9))
        .add(Rows.columnFactors(arguments, 10, rows.columns()))
        .launch(
            gpu.module(x.dtype()).function("normalise"),
            LaunchCells.Grid.of(rows.count()),
            rows.threads(),
            stream);
  }
}
