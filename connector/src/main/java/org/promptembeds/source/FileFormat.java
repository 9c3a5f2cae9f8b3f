package org.promptembeds.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats of the files that can be read. */
enum FileFormat {
  SAFETENSORS(true, "safetensors"),
  TORCH(false, "pt pth bin"),
  NPY(false, "npy"),
  ARROW(true, "arrow arrows ipc feather");

  private final boolean splittable;
  private final String extensions; // separated by blanks

  FileFormat(boolean splittable, String extensions) {
    this.splittable = splittable;
    this.extensions = extensions;
  }

  /** Whether the rows of a byte range can be read without the bytes before it. */
  boolean isSplittable() {
    return splittable;
  }

  /** What the names of files that are written end in, without the dot. */
  String extension() {
    return extensions().get(0);
  }

  private List<String> extensions() {
    return List.of(extensions.split(" "));
  }

  /** The format that a file's extension stands for, if it does for one. */
  static Optional<FileFormat> ofFileName(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.extensions().contains(extension))
        .findFirst();
  }

  /** The format that option {@code fileFormat} names, none for {@code auto}. */
  static Optional<FileFormat> ofOption(String name) {
    return Arrays.stream(values())
        .filter(format -> format.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** All extensions, for messages. */
  static String allExtensions() {
    return Arrays.stream(values())
        .flatMap(format -> format.extensions().stream())
        .map(extension -> "." + extension)
        .collect(Collectors.joining(", "));
  }
}
