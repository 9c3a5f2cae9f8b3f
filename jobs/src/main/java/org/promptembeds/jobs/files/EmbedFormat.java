package org.promptembeds.jobs.files;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** File formats that {@code embed} writes. */
public enum EmbedFormat {
  PARQUET,
  ARROW,
  SAFETENSORS;

  /** What the names of its files end in. */
  String extension() {
    return "." + sparkName();
  }

  /** The name by which Spark, or the option {@code fileFormat} of the data source, knows it. */
  String sparkName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format that a file's name promises; empty for a folder. */
  public static Optional<EmbedFormat> ofName(Path path) {
    return Arrays.stream(values())
        .filter(format -> path.toString().endsWith(format.extension()))
        .findFirst();
  }
}
