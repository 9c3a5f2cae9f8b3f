package org.promptembeds.torch.cuda;

/**
 * Head norm and rotation of queries and keys, and the way of keys and values into the arena: {@code
 * rotate_and_store} in {@code kernels.cu}.
 */
final class RotateAndStore implements Operator {
  private static final OperatorSchema SCHEMA =
      OperatorSchema.parse(
          "rotate_and_store(Tensor(a!) qkv, Tensor(b!) kv, Tensor slots, Tensor cos, Tensor sin,"
              + " Tensor? bias, Tensor? head_norm, int heads, bool interleaved, float epsilon,"
              + " float offset, Tensor? row_factors=None, Tensor? column_factors=None) -> ()");
  private static final int THREADS = 256;
  private static final int HEADS_PER_BLOCK = 8;

  @Override
  public OperatorSchema schema() {
    return SCHEMA;
  }

  /**
   * qkv: T H+2K D; kv: S 2K D; slots: int64, T; cos, sin: T R/2 and bias: H+2K D of the type of
   * qkv; head_norm: H+K D; cos, sin and head_norm may be float32. row_factors: float32, T 1, and
   * column_factors: float32, (H+2K) D, multiply qkv before all else. Queries are changed in place;
   * what stands at keys and values is left undefined.
   */
  @Override
  public void run(OperatorArguments arguments) {
    TensorArgument qkv = arguments.tensor(0);
    TensorArgument kv = arguments.tensor(1);
    long[] sizes = qkv.sizes();
    int heads = (int) arguments.number(7);
    if (sizes.length != 3 || (sizes[1] - heads) % 2 != 0 || sizes[1] <= heads) {
      throw qkv.refusal("must be T H+2K D, with H " + heads);
    }

    long tokens = sizes[0];
    int kvHeads = (int) (sizes[1] - heads) / 2;
    boolean float8 = kv.isFloat8();
    KernelVariant variant =
        new KernelVariant(
            qkv.dtype() == TensorArgument.BFLOAT16, (int) sizes[2], heads / kvHeads, float8);
    qkv.require(variant.dtype(), sizes);
    kv.require(float8 ? kv.dtype() : variant.dtype(), -1, 2L * kvHeads, sizes[2]);
    if (tokens == 0) {
      return;
    }

    TensorArgument cos = arguments.tensor(3);
    boolean wide = cos.dtype() == TensorArgument.FLOAT32;
    int angleType = wide ? TensorArgument.FLOAT32 : variant.dtype();
    long[] angles = cos.require(angleType, tokens, -1).sizes();
    TensorArgument sin = arguments.tensor(4).require(angleType, angles);
    if (2 * angles[1] > sizes[2] || cos.rowStride() != sin.rowStride()) {
      throw cos.refusal("rotates %d pairs of %d numbers".formatted(angles[1], sizes[2]));
    }

    Gpu gpu = Gpu.of(qkv.device());
    long stream = gpu.currentStream();
    LaunchCells.mine()
        .clear()
        .add(qkv.address())
        .add(qkv.rowStride())
        .add(kv.contiguous())
        .add(arguments.tensor(2).require(TensorArgument.INT64, tokens).contiguous())
        .add(cos.address())
        .add(sin.address())
        .add(cos.rowStride())
        .add(wide ? 1L : 0L)
        .add(matrix(arguments, 5, variant.dtype(), sizes[1], sizes[2]))
        .add(matrix(arguments, 6, normType(arguments, variant), heads + (long) kvHeads, sizes[2]))
        .add(normType(arguments, variant) == TensorArgument.FLOAT32 ? 1L : 0L)
        .add(tokens)
        .add((long) heads)
        .add((long) kvHeads)
        .add(angles[1])
        .add(arguments.flag(8) ? 1L : 0L)
        .add(arguments.real(9))
        .add(arguments.real(10))
        .add(arguments.has(11) ? factors(arguments, 11, tokens, 1) : 0)
        .add(Rows.columnFactors(arguments, 12, sizes[1] * sizes[2]))
        .launch(
            gpu.module(variant).function("rotate_and_store"),
            LaunchCells.Grid.of((tokens * sizes[1] + HEADS_PER_BLOCK - 1) / HEADS_PER_BLOCK),
            THREADS,
            stream);
  }

  private static int normType(OperatorArguments arguments, KernelVariant variant) {
    boolean wide = arguments.has(6) && arguments.tensor(6).dtype() == TensorArgument.FLOAT32;
    return wide ? TensorArgument.FLOAT32 : variant.dtype();
  }

  private static long factors(OperatorArguments arguments, int index, long... sizes) {
    return arguments.tensor(index).require(TensorArgument.FLOAT32, sizes).contiguous();
  }

  private static long matrix(
      OperatorArguments arguments, int index, int dtype, long rows, long columns) {
    return arguments.has(index)
        ? arguments.tensor(index).require(dtype, rows, columns).contiguous()
        : 0;
  }
}
