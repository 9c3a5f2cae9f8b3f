package org.promptembeds.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntConsumer;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.install.TorchLibraries;

/**
 * What a device reaches at most in this process: what measurements are held against.
 *
 * @param flops operations a second in a product of large square matrices
 * @param bytes bytes a second read and written by a copy of a large block, both counted
 */
public record DeviceCeilings(double flops, double bytes) {
  private static final long BUDGET_NANOS = 100_000_000;
  private static final int ROUNDS = 3;

  /**
   * Measures a device; takes some seconds, and memory for two matrices and two blocks.
   *
   * @param device as PyTorch names it
   * @param dtype of the products
   * @throws ai.djl.engine.EngineException if the device is missing or has too little memory
   */
  public static DeviceCeilings measure(String device, DType dtype) {
    boolean isCpu = device.equals("cpu");
    int size = isCpu ? 1_024 : 8_192;
    long block = isCpu ? 256L << 20 : 2L << 30;
    TorchLibraries.prepare();
    CudaProbe.quietWithoutDriver();
    try (PtNDManager manager =
            (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        PtSymbolBlock module = load(manager)) {
      call(module, "prepare", device, (long) TorchDType.code(dtype), (long) size, block);
      double product = seconds(times -> call(module, "multiply", (long) times));
      double copy = seconds(times -> call(module, "copy", (long) times));
      return new DeviceCeilings(2.0 * size * size * size / product, 2.0 * block / copy);
    }
  }

  private static PtSymbolBlock load(PtNDManager manager) {
    ScriptObject object =
        ScriptObject.of("Ceilings")
            .with("training", false)
            .unset("matrix", "product", "block", "copied");
    try {
      byte[] archive =
          TorchScriptArchive.pack(
              object, ScriptSources.of(object, TorchScriptArchive.resource("ceilings.py")));
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seconds that one repetition takes, in the best of some rounds. */
  private static double seconds(IntConsumer repeat) {
    repeat.accept(1);
    long start = System.nanoTime();
    repeat.accept(1);
    long once = Math.max(1, System.nanoTime() - start);
    int times = (int) Math.max(1, Math.min(10_000, BUDGET_NANOS / once));
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      start = System.nanoTime();
      repeat.accept(times);
      best = Math.min(best, (System.nanoTime() - start) / 1e9 / times);
    }

    return best;
  }

  private static void call(PtSymbolBlock module, String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          arguments[i] instanceof String text
              ? IValue.from(text)
              : IValue.from((long) arguments[i]);
    }

    try {
      IValueUtils.runMethod(module, method, values).close();
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }
}
