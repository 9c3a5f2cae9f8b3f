package org.promptembeds.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;

/** A TorchScript class {@code Script} of a test, whose methods take numbers and return tensors. */
public final class ScriptModule implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;

  private ScriptModule(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  /** Loads PyTorch, unless it is there. */
  public static void startPyTorch() {
    CudaProbe.quietWithoutDriver();
    Engine.getEngine("PyTorch");
  }

  /**
   * Compiles the text, which defines {@code class Script(Module)} without attributes of its own.
   */
  public static ScriptModule of(String text) {
    return of(text, Map.of("training", false));
  }

  /** The same with an attribute {@code state : List[Tensor]}, empty at first. */
  public static ScriptModule withState(String text) {
    return of(text, Map.of("training", false, "state", new ModulePickle.Empty("List[Tensor]")));
  }

  /** The same of several files by their qualified names, the text being {@code __torch__}. */
  static ScriptModule of(Map<String, String> sources) {
    return of(sources, Map.of("training", false));
  }

  private static ScriptModule of(String text, Map<String, Object> attributes) {
    return of(Map.of("__torch__", text), attributes);
  }

  private static ScriptModule of(Map<String, String> sources, Map<String, Object> attributes) {
    startPyTorch();
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    byte[] archive =
        TorchScriptArchive.pack(new ScriptObject("__torch__.Script", attributes), sources);
    JniUtils.setGraphExecutorOptimize(false);
    try {
      return new ScriptModule(
          manager, JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method with integers and float64 numbers; its result is float64. */
  public double[] run(String method, Number... arguments) {
    IValue[] values =
        Arrays.stream(arguments)
            .map(
                argument ->
                    argument instanceof Double real
                        ? IValue.from(real)
                        : IValue.from(argument.longValue()))
            .toArray(IValue[]::new);
    try (IValue result = IValueUtils.runMethod(block, method, values);
        PtNDArray tensor = result.toTensor(manager)) {
      return tensor.toDoubleArray();
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
