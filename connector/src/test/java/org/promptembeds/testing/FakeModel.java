package org.promptembeds.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/**
 * Model directories with the tokenizer of tiny-chat and an embedding table of {@link
 * FakeBackendProvider#HIDDEN_SIZE} columns, which {@link FakeBackend} answers for.
 */
public final class FakeModel {
  private static final Path TINY_CHAT = Path.of("..", "examples", "models", "tiny-chat");
  private static final String MARK = "fake";
  private static final int VOCAB_SIZE = 4096;

  private FakeModel() {}

  /** Whether a directory is one of these. */
  static boolean isFake(String model) {
    return model.startsWith("/") && Files.exists(Path.of(model, MARK));
  }

  /** Element {@code column} of the embedding of {@code tokenId}. */
  public static float value(int tokenId, int column) {
    return tokenId / 64f + column / 8f;
  }

  /** Writes a model. */
  public static void write(Path directory) throws IOException {
    int width = FakeBackendProvider.HIDDEN_SIZE;
    String config = Files.readString(TINY_CHAT.resolve("config.json"));
    Files.writeString(
        directory.resolve("config.json"),
        config.replace("\"hidden_size\": 192", "\"hidden_size\": " + width));
    for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
      Files.copy(TINY_CHAT.resolve(file), directory.resolve(file));
    }

    float[] table = new float[VOCAB_SIZE * width];
    for (int i = 0; i < table.length; i++) {
      table[i] = value(i / width, i % width);
    }

    Path weights = directory.resolve("model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(weights, Map.of("format", "pt"))) {
      writer.add("model.embed_tokens.weight", Tensor.ofFloats(table, VOCAB_SIZE, width));
      writer.commit();
    }

    Files.createFile(directory.resolve(MARK));
  }
}
