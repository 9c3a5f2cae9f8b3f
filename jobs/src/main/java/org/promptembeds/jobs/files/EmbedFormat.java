package org.promptembeds.jobs.files;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** File formats that {@code embed} writes. */
public enum EmbedFormat {
  PARQUET("parquet"),
  ARROW("arrow"),
  SAFETENSORS("safetensors"),
  PT("pt"),
  JSONL("jsonl");

  private final String ending;

  EmbedFormat(String ending) {
    this.ending = ending;
  }

  /** What the names of its files end in. */
  String extension() {
    return "." + ending;
  }

  /** The name by which the option {@code fileFormat} of the data source knows it. */
  String sourceName() {
    return this == PT ? "torch" : ending;
  }

  /** The format that a file's name promises; empty for a folder. */
  public static Optional<EmbedFormat> ofName(Path path) {
    return Arrays.stream(values())
        .filter(format -> path.toString().endsWith(format.extension()))
        .findFirst();
  }
}
