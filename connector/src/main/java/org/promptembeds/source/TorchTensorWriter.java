package org.promptembeds.source;

import java.io.OutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.promptembeds.tensor.TorchWriter;

/** Writes rows as the tensors of a dict, as {@code torch.save} does; the stream is the caller's. */
final class TorchTensorWriter implements TensorFileWriter {
  private final NamedTensors tensors;
  private final TorchWriter writer;

  TorchTensorWriter(WriteSettings settings, OutputStream stream) {
    this.tensors = new NamedTensors(settings);
    this.writer = new TorchWriter(stream);
  }

  @Override
  public void write(InternalRow row) {
    NamedTensors.Named named = tensors.read(row);
    writer.add(named.name(), named.tensor());
  }

  @Override
  public void finish() {
    writer.finish();
  }

  @Override
  public void close() {}
}
