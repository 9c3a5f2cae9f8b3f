package org.promptembeds.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
import java.nio.FloatBuffer;
import java.util.Map;
import org.promptembeds.model.quantization.MatrixRows;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.tensor.DType;

/** One linear layer of a format, as the decoder has it, on a device. */
final class LayerModule implements AutoCloseable {
  private static final String PATH = "layer";
  private static final String SOURCE =
      """
      class Layer(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          device : str
          dtype : int
          linear : __torch__.linear.Linear
          weights : Dict[str, Tensor]

          def put(self, name: str, value: Tensor) -> None:
              self.weights[name] = value.clone().to(torch.device(self.device))

          def bind(self) -> None:
              device = torch.device(self.device)
              self.weights["device"] = torch.empty([0], dtype=self.dtype, device=device)
              self.linear.bind(self.weights)

          def apply(self, x: Tensor) -> Tensor:
              x = x.to(torch.device(self.device)).to(self.dtype)
              return self.linear.apply(x).float().cpu().contiguous()
      """;

  private final PtNDManager manager;
  private final PtSymbolBlock block;

  LayerModule(Placement placement, WeightFormat format) {
    ScriptModule.startPyTorch();
    manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    WeightFormats formats = new WeightFormats(Map.of(PATH, format), false);
    ScriptObject layer =
        ScriptObject.of("Layer")
            .with("training", false)
            .with("device", placement.device())
            .with("dtype", TorchDType.code(placement.dtype()))
            .with("linear", new LinearObjects(placement.withFormats(formats)).of(PATH, false))
            .with("weights", new ModulePickle.Empty("Dict[str, Tensor]"));
    byte[] archive = TorchScriptArchive.pack(layer, ScriptSources.of(layer, SOURCE));
    JniUtils.setGraphExecutorOptimize(false);
    try {
      block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A layer on the CPU with rows of a format. */
  static LayerModule of(DType dtype, WeightFormat format, MatrixRows rows, int count) {
    LayerModule layer =
        new LayerModule(new Placement("cpu", dtype, false, false, "", false), format);
    layer.bind(format, rows, count);
    return layer;
  }

  /** Gives the layer its weight: so many rows. */
  void bind(WeightFormat format, MatrixRows rows, int count) {
    DataType codes = format instanceof WeightFormat.Int8 ? DataType.INT8 : DataType.UINT8;
    put(
        ".codes",
        manager.create(ByteBuffer.wrap(rows.codes()), shape(count, rows.codes().length), codes));
    put(".scales", manager.create(rows.scales(), shape(count, rows.scales().length)));
    if (rows.zeros().length > 0) {
      put(".zeros", manager.create(rows.zeros(), shape(count, rows.zeros().length)));
    }

    IValueUtils.runMethod(block, "bind").close();
  }

  private static Shape shape(int rows, int elements) {
    return new Shape(rows, elements / rows);
  }

  private void put(String name, NDArray value) {
    try (IValue key = IValue.from(PATH + name);
        IValue tensor = IValue.from((PtNDArray) value)) {
      IValueUtils.runMethod(block, "put", key, tensor).close();
    }
  }

  /** Outputs of rows of inputs. */
  float[] apply(float[] inputs, int rows) {
    try (PtNDArray x = (PtNDArray) manager.create(inputs, shape(rows, inputs.length));
        IValue value = IValue.from(x);
        IValue result = IValueUtils.runMethod(block, "apply", value);
        PtNDArray tensor = result.toTensor(manager)) {
      FloatBuffer floats =
          tensor.toByteBuffer(false).order(ByteOrder.nativeOrder()).asFloatBuffer();
      float[] outputs = new float[floats.remaining()];
      floats.get(outputs);
      return outputs;
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
