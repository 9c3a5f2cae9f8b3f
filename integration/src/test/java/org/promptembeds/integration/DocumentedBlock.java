package org.promptembeds.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a document that can be run.
 *
 * @param line where it begins
 * @param language {@code bash}, {@code sql} or {@code java}
 * @param text what stands in it
 * @param reason why it is not run; empty if it is
 */
record DocumentedBlock(int line, String language, String text, String reason) {
  private static final Pattern FENCE = Pattern.compile("```(bash|sql|java)");
  private static final Pattern REASON = Pattern.compile("<!-- not run: (.+) -->");

  /** The blocks of a document, in their order. */
  static List<DocumentedBlock> of(Path document) throws IOException {
    List<DocumentedBlock> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        Matcher reason = REASON.matcher(i == 0 ? "" : lines.get(i - 1));
        blocks.add(
            new DocumentedBlock(
                i + 1,
                fence.group(1),
                String.join("\n", lines.subList(i + 1, end)),
                reason.matches() ? reason.group(1) : ""));
        i = end;
      }
    }

    return blocks;
  }

  boolean isRun() {
    return reason.isEmpty();
  }

  /** Whether it starts a server, which ends when it is stopped. */
  boolean isServer() {
    return text.contains("prompt-embeds serve");
  }
}
