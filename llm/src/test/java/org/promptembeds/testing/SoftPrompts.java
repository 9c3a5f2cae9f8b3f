package org.promptembeds.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** Soft prompts as PEFT saves them. */
public final class SoftPrompts {
  private SoftPrompts() {}

  /** Element {@code index} of every soft prompt, counted row by row. */
  public static float value(int index) {
    return index / 64f - 0.5f;
  }

  /** Writes an adapter of {@code type} with {@code length} virtual tokens. */
  public static void write(Path directory, String type, int length, int hiddenSize)
      throws IOException {
    Files.writeString(
        directory.resolve("adapter_config.json"),
        """
        {"peft_type": "%s", "num_virtual_tokens": %d, "token_dim": %d, "num_transformer_submodules": 1}
        """
            .formatted(type, length, hiddenSize));
    float[] values = new float[length * hiddenSize];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i);
    }

    writeTensor(directory, "prompt_embeddings", values, length, hiddenSize);
  }

  /** Writes the weights of an adapter: one tensor. */
  public static void writeTensor(Path directory, String name, float[] values, long... shape)
      throws IOException {
    Path file = directory.resolve("adapter_model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of("format", "pt"))) {
      writer.add(name, Tensor.ofFloats(values, shape));
      writer.commit();
    }
  }
}
