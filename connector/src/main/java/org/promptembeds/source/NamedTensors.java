package org.promptembeds.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.tensor.Tensor;

/** Rows as tensors by name, which is all that files of some formats hold. */
final class NamedTensors {
  /**
   * A row.
   *
   * @param tensor {@code (seq_len, hidden_size)}, of the type to be written
   */
  record Named(String name, Tensor tensor) {}

  private final WriteSettings settings;
  private final RowTensors tensors;

  NamedTensors(WriteSettings settings) {
    this.settings = settings;
    this.tensors = new RowTensors(settings.schema(), settings.hiddenSize());
  }

  /**
   * Refuses rows that a file of the format cannot hold.
   *
   * @throws IllegalArgumentException naming what is missing or too much
   */
  void checkSchema() {
    StructType schema = settings.schema();
    if (!tensors.hasName() || !tensors.hasShape()) {
      throw new IllegalArgumentException(
          "%s files need a column name, and seq_len or hidden_size, nested embeds or option hiddenSize; there are %s"
              .formatted(format(), schema.catalogString()));
    }

    List<String> others =
        Arrays.stream(schema.fieldNames())
            .filter(name -> !TensorSchema.OWN.contains(name))
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "%s files hold tensors by name and no other columns: drop %s, or write arrow"
              .formatted(format(), others));
    }
  }

  /**
   * The tensor of a row.
   *
   * @throws IllegalArgumentException if it has no name or no shape
   */
  Named read(InternalRow row) {
    TensorRow values = tensors.read(row);
    String name = values.name();
    Tensor tensor = values.tensor();
    if (name == null || tensor == null || tensor.rank() != 2) {
      throw new IllegalArgumentException(
          "a tensor in a %s file needs a name, elements and a shape, this one has name %s and %s"
              .formatted(format(), name, tensor));
    }

    return new Named(name, tensor.convert(settings.dtype()));
  }

  private String format() {
    return settings.format().name().toLowerCase(Locale.ROOT);
  }
}
