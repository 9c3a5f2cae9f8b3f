package org.promptembeds.jobs.files;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.promptembeds.source.PromptEmbedsSource;

/** File formats that prompt embeddings are read from, told by the file's name. */
public enum InputFormat {
  TENSORS(PromptEmbedsSource.NAME, PromptEmbedsSource.extensions()),
  PARQUET("parquet", ".parquet"),
  JSON("json", ".json, .jsonl, .ndjson");

  private static final String COMPRESSION = "\\.(gz|bz2|zst|lz4|deflate)$";

  private final String sparkName;
  private final String extensions;

  InputFormat(String sparkName, String extensions) {
    this.sparkName = sparkName;
    this.extensions = extensions;
  }

  /** Whether a file of that name is of this format, a table's compression aside. */
  boolean isOf(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst(COMPRESSION, "");
    return this == TENSORS
        ? PromptEmbedsSource.reads(name)
        : Arrays.stream(extensions.split(", ", -1)).anyMatch(plain::endsWith);
  }

  /** The format of a file of that name. */
  public static Optional<InputFormat> ofName(String name) {
    return Arrays.stream(values()).filter(format -> format.isOf(name)).findFirst();
  }

  /** Every extension, for messages. */
  static String known() {
    return Stream.of(values()).map(format -> format.extensions).collect(Collectors.joining(", "));
  }

  /** The name Spark's reader knows the format by. */
  String sparkName() {
    return sparkName;
  }
}
