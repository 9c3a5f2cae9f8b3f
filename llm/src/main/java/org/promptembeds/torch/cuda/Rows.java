package org.promptembeds.torch.cuda;

/**
 * The rows of a matrix in half precision, of which a block of threads keeps one in its registers.
 *
 * @param dtype PyTorch's code of the element type
 */
record Rows(long count, long columns, int dtype) {
  private static final int AT_ONCE = 8;
  private static final int CHUNKS = 4;
  private static final int MOST_THREADS = 1024;
  private static final int WARP = 32;

  static Rows of(TensorArgument tensor) {
    long[] sizes = tensor.sizes();
    int dtype = tensor.dtype();
    boolean half = dtype == TensorArgument.BFLOAT16 || dtype == TensorArgument.FLOAT16;
    if (sizes.length != 2
        || !half
        || sizes[1] % AT_ONCE != 0
        || tensor.rowStride() % AT_ONCE != 0
        || sizes[1] > (long) AT_ONCE * CHUNKS * MOST_THREADS) {
      throw tensor.refusal(
          "must be a matrix in half precision with a multiple of %d columns, at most %d"
              .formatted(AT_ONCE, AT_ONCE * CHUNKS * MOST_THREADS));
    }

    return new Rows(sizes[0], sizes[1], dtype);
  }

  /** Threads for a row: two chunks each, if they are enough. */
  int threads() {
    long chunks = (columns + AT_ONCE - 1) / AT_ONCE;
    long wanted = chunks <= 256 ? chunks : chunks <= 2L * MOST_THREADS ? (chunks + 1) / 2 : chunks;
    return (int) Math.min(MOST_THREADS, (wanted + WARP - 1) / WARP * WARP);
  }

  /** Address of an optional matrix of the same shape; 0 if it is not there. */
  long like(OperatorArguments arguments, int index) {
    return arguments.has(index)
        ? arguments.tensor(index).require(dtype, count, columns).aligned()
        : 0;
  }

  long strideLike(OperatorArguments arguments, int index) {
    if (!arguments.has(index)) {
      return 0;
    }

    TensorArgument tensor = arguments.tensor(index);
    long stride = tensor.rowStride();
    if (stride % AT_ONCE != 0) {
      throw tensor.refusal("has rows %d elements apart, no multiple of 8".formatted(stride));
    }

    return stride;
  }

  /** Whether an optional tensor is there and has elements of float32. */
  boolean isWide(OperatorArguments arguments, int index) {
    return arguments.has(index) && arguments.tensor(index).dtype() == TensorArgument.FLOAT32;
  }

  /** As {@link #vector}, but it may have elements of float32. */
  long weight(OperatorArguments arguments, int index) {
    Rows wide = new Rows(count, columns, TensorArgument.FLOAT32);
    return isWide(arguments, index) ? wide.vector(arguments, index) : vector(arguments, index);
  }

  /** Address of an optional vector with an element for each column; 0 if it is not there. */
  long vector(OperatorArguments arguments, int index) {
    if (!arguments.has(index)) {
      return 0;
    }

    TensorArgument tensor = arguments.tensor(index).require(dtype, columns);
    tensor.contiguous();
    return tensor.aligned();
  }

  /** Address of an optional factor for each of some columns; 0 if it is not there. */
  static long columnFactors(OperatorArguments arguments, int index, long columns) {
    return arguments.has(index)
        ? arguments.tensor(index).require(TensorArgument.FLOAT32, columns).aligned()
        : 0;
  }

  /** Address of an optional factor for each row; 0 if it is not there. */
  long scales(OperatorArguments arguments, int index) {
    return arguments.has(index)
        ? arguments.tensor(index).require(TensorArgument.FLOAT32, count, 1).contiguous()
        : 0;
  }
}
