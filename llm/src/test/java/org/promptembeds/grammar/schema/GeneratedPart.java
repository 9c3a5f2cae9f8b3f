package org.promptembeds.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page between {@code <!-- NAME: begin -->} and {@code <!-- NAME: end -->} that code
 * writes.
 */
record GeneratedPart(Path page, String name) {
  static GeneratedPart of(Path page, String name) {
    return new GeneratedPart(page, name);
  }

  /** Compares the part, or writes it if {@code promptembeds.docs.write} is set. */
  void check(String expected) throws IOException {
    String text = Files.readString(page);
    String begin = "<!-- " + name + ": begin -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- " + name + ": end -->");
    assertThat(text).contains(begin);
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(page, text.substring(0, from) + expected + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("%s is not what the code says: write it with -Dpromptembeds.docs.write=true", page)
          .isEqualTo(expected);
    }
  }
}
