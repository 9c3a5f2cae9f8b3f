package org.promptembeds.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.promptembeds.torch.install.TorchLibraries;

/** Asks PyTorch which devices are there and how much memory they have free. */
final class DeviceProbe implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;

  private DeviceProbe(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  static DeviceProbe open() {
    TorchLibraries.prepare();
    CudaProbe.quietWithoutDriver();
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    try {
      ScriptObject probe = ScriptObject.of("Probe").with("training", false);
      byte[] archive =
          TorchScriptArchive.pack(
              probe, ScriptSources.of(probe, TorchScriptArchive.resource("probe.py")));
      return new DeviceProbe(
          manager, JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Whether {@code device} exists and has a block of {@code bytes} free. */
  boolean canAllocate(String device, long bytes) {
    try (IValue name = IValue.from(device);
        IValue size = IValue.from(bytes);
        IValue memory = IValueUtils.runMethod(block, "allocate", name, size)) {
      return memory.getHandle() != 0;
    } catch (EngineException e) {
      return false;
    }
  }

  /**
   * Whether this PyTorch has an operator with such arguments.
   *
   * @param call in TorchScript, of a tensor {@code x}
   */
  boolean hasOperator(String call) {
    String source =
        """
        class Call(Module):
            __parameters__ = []
            __buffers__ = []
            training : bool

            def call(self, x: Tensor) -> Tensor:
                return %s
        """
            .formatted(call);
    ScriptObject object = ScriptObject.of("Call").with("training", false);
    byte[] archive = TorchScriptArchive.pack(object, Map.of("__torch__", source));
    try {
      JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false).close();
      return true;
    } catch (EngineException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a device multiplies matrices of 8-bit floating-point numbers, scaled row by row. */
  boolean multipliesFloat8(String device) {
    try (IValue name = IValue.from(device);
        IValue product = IValueUtils.runMethod(block, "multiply_float8", name)) {
      return product.getHandle() != 0;
    } catch (EngineException e) {
      return false;
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
