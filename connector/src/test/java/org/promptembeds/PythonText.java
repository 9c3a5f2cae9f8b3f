package org.promptembeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The modules of the Python package that are made from the code, and how their lines break. */
final class PythonText {
  static final Path PACKAGE = Path.of("..", "python", "prompt_embeds");
  private static final int WIDTH = 100;

  private PythonText() {}

  /** Holds a module to what it must be; {@code -Dpromptembeds.docs.write=true} writes it. */
  static void assertCurrent(String module, String expected) throws IOException {
    Path file = PACKAGE.resolve(module);
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(file, expected);
    }

    assertThat(Files.readString(file)).isEqualTo(expected);
  }

  /** The lines of {@code text} where the first begins with {@code first}, others with a margin. */
  static List<String> wrap(String first, String indent, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(first);
    boolean isStart = true;
    for (String word : text.split(" ", -1)) {
      if (!isStart && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        isStart = true;
      }

      line.append(isStart ? "" : " ").append(word);
      isStart = false;
    }

    lines.add(line.toString());
    return lines;
  }
}
