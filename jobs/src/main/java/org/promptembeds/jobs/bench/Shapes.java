package org.promptembeds.jobs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Shapes of well-known models, to be run with random weights. */
public final class Shapes {
  /** Those that there are. */
  public static final List<String> NAMES =
      List.of("llama-3.1-8b", "llama-3.2-1b", "qwen2.5-0.5b", "tiny");

  private Shapes() {}

  /**
   * Writes a model directory of one of the shapes, which holds its {@code config.json} alone.
   *
   * @throws IllegalArgumentException if there is no shape of that name
   * @throws IOException if the folder cannot be written to
   */
  public static void write(String name, Path folder) throws IOException {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no shape \"%s\": there are %s".formatted(name, NAMES));
    }

    try (InputStream config = Shapes.class.getResourceAsStream(name + ".json")) {
      if (config == null) {
        throw new IllegalStateException("no resource " + name + ".json");
      }

      Files.copy(config, folder.resolve("config.json"));
    }
  }
}
