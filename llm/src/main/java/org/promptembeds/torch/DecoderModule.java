package org.promptembeds.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.promptembeds.engine.DeviceMemoryException;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.StateLayout;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.CudaException;
import org.promptembeds.torch.cuda.OperatorFailure;

/**
 * The decoder inside PyTorch: owner of the native module with its weights and KV arena, and the one
 * place through which native code is called.
 *
 * <p>Every tensor and value made for a call is freed before the call returns. Confined to one
 * thread at a time.
 */
final class DecoderModule implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final PtNDArray nothing;
  private final boolean cuda;

  private DecoderModule(PtNDManager manager, PtSymbolBlock block, PtNDArray nothing, boolean cuda) {
    this.cuda = cuda;
    this.manager = manager;
    this.block = block;
    this.nothing = nothing;
  }

  /** Compiles the decoder for a model on a device; it has no weights yet. */
  static DecoderModule load(DecoderSpec spec, Placement placement) {
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    try {
      ScriptObject decoder = DecoderObjects.of(spec, placement);
      byte[] archive =
          TorchScriptArchive.pack(
              decoder,
              ScriptSources.of(
                  decoder, TorchScriptArchive.resource("decoder.py"), placement.operators()));
      JniUtils.setGraphExecutorOptimize(false); // its fuser does not know fp8; kept per thread
      PtSymbolBlock block =
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
      PtNDArray nothing = manager.create(new Shape(1), DataType.UINT8);
      return new DecoderModule(manager, block, nothing, placement.isCuda());
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Makes an uninitialised weight. */
  void allocate(String name, DType dtype, long... shape) {
    call("allocate", name, shape, (long) TorchDType.code(dtype));
  }

  /** Makes a weight of random bytes. */
  void scramble(String name, DType dtype, long... shape) {
    call("scramble", name, shape, (long) TorchDType.code(dtype));
  }

  /** Makes a weight of normally distributed random numbers. */
  void randomise(String name, double standardDeviation, DType dtype, long... shape) {
    call("randomise", name, shape, standardDeviation, (long) TorchDType.code(dtype));
  }

  /**
   * Writes a part of a weight. A GPU may not have read data that lie in locked memory when this
   * returns.
   *
   * @param offset first element written
   * @param data elements of type {@code dtype}, little-endian, in a direct buffer
   */
  void fill(String name, long offset, ByteBuffer data, DType dtype) {
    try (PtNDArray bytes = wrap(data, DataType.UINT8, data.remaining())) {
      call("fill", name, offset, bytes, (long) TorchDType.code(dtype), (long) dtype.bytes());
    }
  }

  /**
   * Looks, some time, whether elements of a weight are all finite as they are now.
   *
   * @param offset first of them
   */
  void watch(String name, long offset, long count) {
    call("watch", name, offset, count);
  }

  /** What was found: for each call of {@link #watch}, in order, 1 if all were finite. */
  ByteBuffer watched() {
    return callForBytes("watched_results");
  }

  /** Moves a staged weight into rows of another, see {@code settle} in {@code decoder.py}. */
  void settle(String staged, String name, long row, boolean transposed, long[] order, double plus) {
    call("settle", staged, name, row, transposed, order, plus);
  }

  /**
   * Moves a staged weight into rows of one of few bits, see {@code quantise} in {@code decoder.py}.
   */
  void quantise(
      String staged, String name, long row, boolean transposed, long[] order, long group) {
    call("quantise", staged, name, row, transposed, order, group);
  }

  /** Adds the product of the weights {@code up} and {@code down} to the matrix of a layer. */
  void merge(String path) {
    call("merge", path);
  }

  /** Makes the weights {@code up} and {@code down} those of an adapter for a layer. */
  void putAdapter(int adapter, String path) {
    call("put_adapter", (long) adapter, path);
  }

  /** Lets go of an adapter; harmless if it is not there. */
  void dropAdapter(int adapter) {
    call("drop_adapter", (long) adapter);
  }

  /** Puts the weights in their places; call it once, after all are filled. */
  void bind() {
    call("bind");
  }

  /**
   * Makes the KV arena, with one slot more than sequences have, and cells of recurrent state that
   * are all zero.
   */
  void allocateKv(DecoderSpec spec, Placement placement, KvSize size) {
    call("allocate_tokens", (long) StepPacker.KEPT_TOKENS, size.slots() + 1L);
    for (MixerSpec mixer : spec.mixers().toList()) {
      StateLayout state = mixer.state();
      if (state.slotElements() > 0) {
        call(
            "allocate_arena",
            size.slots() + 1L,
            (long) state.rows(),
            (long) state.width(),
            (long) TorchDType.code(placement.arenaType(mixer)));
      }

      for (int[] shape : state.recurrent()) {
        long[] cells = new long[1 + shape.length];
        cells[0] = size.cells();
        Arrays.setAll(cells, i -> i == 0 ? cells[0] : shape[i - 1]);
        call("allocate_state", (Object) cells);
      }
    }
  }

  /** Gives memory that PyTorch keeps for reuse back to the device. */
  void releaseUnusedMemory() {
    if (cuda) {
      JniUtils.emptyCudaCache();
    }
  }

  /** Runs one step; the result is the tensor that {@code step} in {@code decoder.py} describes. */
  double[] step(StepInput input) {
    ByteBuffer result = run("step", input);
    double[] values = new double[result.remaining() / Double.BYTES];
    result.asDoubleBuffer().get(values);
    return values;
  }

  /** Runs one step up to the logits of the rows that get a token, row after row. */
  float[] logits(StepInput input) {
    ByteBuffer result = run("logits", input);
    float[] values = new float[result.remaining() / Float.BYTES];
    result.asFloatBuffer().get(values);
    return values;
  }

  /** Keeps memory for the graphs of the current stream, see {@code decoder.py}. */
  void reserveForGraphs(int pieces, long bytes) {
    call("graph_reserve", (long) pieces, bytes);
    call("graph_pin");
  }

  /** Makes what a graph of so many rows reads and writes. */
  void makeGraphInputs(int rows, StepInput input) {
    call("graph_inputs", (long) rows, input.parts().remaining() / (long) Integer.BYTES);
  }

  /**
   * Writes what a graph of so many rows reads, in the order of the current stream: locked memory
   * must stay as it is until then.
   *
   * @param draws float64, how each row is drawn; nothing if none is
   */
  void fillGraph(int rows, StepInput input, ByteBuffer draws) {
    long length = input.parts().remaining() / (long) Integer.BYTES;
    long numbers = draws.remaining() / (long) Double.BYTES;
    try (PtNDArray parts = wrap(input.parts(), DataType.INT32, length);
        PtNDArray drawn = wrap(draws, DataType.FLOAT64, numbers)) {
      call("graph_fill", (long) rows, parts, drawn);
    }
  }

  /** Launches a step of single tokens on the current stream. */
  void runGraphStep(int rows, StepInput input, boolean draws) {
    call("graph_step", (long) rows, input.ints(), draws);
  }

  /** Brings the tokens of a graph, int64, in the order of the current stream. */
  void takeGraphTokens(int rows, ByteBuffer tokens) {
    try (PtNDArray target = wrap(tokens, DataType.INT64, rows)) {
      call("graph_take", (long) rows, target);
    }
  }

  void dropGraphs() {
    call("graph_drop");
  }

  /** Makes room on the device for so many bytes of the prompt embeddings of a slot's steps. */
  void allocateUpload(int slot, long bytes) {
    call("allocate_upload", (long) slot, bytes);
  }

  /** Copies prompt embeddings to the device, in the order of the current stream. */
  void upload(int slot, ByteBuffer embeds) {
    try (PtNDArray bytes = wrap(embeds, DataType.UINT8, embeds.remaining())) {
      call("upload", (long) slot, bytes);
    }
  }

  /**
   * Submits one step, whose prompt embeddings are uploaded; see {@code submit} in {@code
   * decoder.py}.
   *
   * @param result float64, as {@link #step} gives it
   */
  void submit(int slot, StepInput input, ByteBuffer result) {
    long numbers = result.remaining() / (long) Double.BYTES;
    PtNDArray[] tensors = wrap(input);
    try (PtNDArray target = wrap(result, DataType.FLOAT64, numbers)) {
      call("submit", (long) slot, input.ints(), tensors, target);
    } finally {
      close(tensors);
    }
  }

  private ByteBuffer run(String method, StepInput input) {
    PtNDArray[] tensors = wrap(input);
    try {
      return callForBytes(method, input.ints(), tensors);
    } finally {
      close(tensors);
    }
  }

  private PtNDArray[] wrap(StepInput input) {
    int bytes = input.bytes().size();
    PtNDArray[] tensors = new PtNDArray[1 + bytes + input.doubles().size()];
    try {
      tensors[0] = wrap(input.parts(), DataType.INT32, input.parts().remaining() / Integer.BYTES);
      for (int i = 0; i < bytes; i++) {
        ByteBuffer values = input.bytes().get(i);
        tensors[1 + i] = wrap(values, DataType.UINT8, values.remaining());
      }

      for (int i = 0; i < input.doubles().size(); i++) {
        ByteBuffer values = input.doubles().get(i);
        tensors[1 + bytes + i] = wrap(values, DataType.FLOAT64, values.remaining() / Double.BYTES);
      }

      return tensors;
    } catch (RuntimeException | Error e) {
      close(tensors);
      throw e;
    }
  }

  private static void close(PtNDArray[] tensors) {
    for (PtNDArray tensor : tensors) {
      if (tensor != null) {
        tensor.close();
      }
    }
  }

  /** A tensor over {@code data}, which must stay as it is until the tensor is closed. */
  private PtNDArray wrap(ByteBuffer data, DataType dtype, long length) {
    if (length == 0) {
      return (PtNDArray) nothing.duplicate();
    }

    return JniUtils.createNdFromByteBuffer(
        manager, data, new Shape(length), dtype, SparseFormat.DENSE, Device.cpu());
  }

  private void call(String method, Object... arguments) {
    run(method, arguments).close();
  }

  private ByteBuffer callForBytes(String method, Object... arguments) {
    try (IValue result = run(method, arguments);
        PtNDArray tensor = result.toTensor(manager)) {
      return tensor.toByteBuffer(false).order(ByteOrder.nativeOrder());
    }
  }

  private IValue run(String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }

      IValue result = IValueUtils.runMethod(block, method, values);
      try {
        OperatorFailure.rethrow();
        return result;
      } catch (CudaException e) {
        result.close();
        throw translate(e);
      }
    } catch (EngineException e) {
      OperatorFailure.forget();
      throw translate(e);
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return IValue.from(tensor);
    } else if (argument instanceof PtNDArray[] tensors) {
      return IValue.listFrom(tensors);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    }

    throw new IllegalArgumentException("no native value for " + argument.getClass());
  }

  private RuntimeException translate(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("out of memory") || message.contains("can't allocate memory")) {
      releaseUnusedMemory();
      return new DeviceMemoryException("the device has too little memory: " + e.getMessage(), e);
    }

    return e;
  }

  @Override
  public void close() {
    nothing.close();
    block.close();
    manager.close();
    releaseUnusedMemory();
  }
}
