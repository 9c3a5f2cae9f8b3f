package org.promptembeds.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** File formats that prompt embeddings are read from, told by the file's name. */
enum InputFormat {
  SAFETENSORS(".safetensors"),
  PARQUET(".parquet"),
  JSON(".json .jsonl .ndjson");

  private static final String COMPRESSION = "\\.(gz|bz2|zst|lz4|deflate)$";

  private final String extensions;

  InputFormat(String extensions) {
    this.extensions = extensions;
  }

  private List<String> extensions() {
    return List.of(extensions.split(" ", -1));
  }

  /** The format of a file of that name, a compression's extension aside. */
  static Optional<InputFormat> ofName(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst(COMPRESSION, "");
    return Arrays.stream(values())
        .filter(format -> format.extensions().stream().anyMatch(plain::endsWith))
        .findFirst();
  }

  /** Every extension, for messages. */
  static String known() {
    return Arrays.stream(values())
        .flatMap(format -> format.extensions().stream())
        .collect(Collectors.joining(", "));
  }

  /** The name Spark's reader knows the format by; tensor files have a reader of their own. */
  String sparkName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
