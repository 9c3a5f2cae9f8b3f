package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands in the documents have options that there are; {@code DocumentationTest} of the module
 * {@code integration} runs them.
 */
class DocumentedCommandsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:\\w+=\\S+ )*jobs/bin/prompt-embeds (.*)$");
  private static final Pattern WORD =
      Pattern.compile("'([^']*)'|\"((?:\\\\.|[^\"])*)\"|([^\\s'\"]+)");

  static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> pages =
          new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md")).sorted().toList());
      pages.add(ROOT.resolve("README.md"));
      pages.add(ROOT.resolve("examples/README.md"));
      for (Path page : pages) {
        Matcher fence = FENCE.matcher(Files.readString(page));
        while (fence.find()) {
          Matcher command = COMMAND.matcher(fence.group(1).replace("\\\n", " "));
          while (command.find()) {
            commands.add(command.group(1));
          }
        }
      }
    }

    assertThat(commands).hasSizeGreaterThanOrEqualTo(8);
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void hasOptionsThatThereAre(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find() && !List.of("#", "&", "|", ">").contains(word.group())) {
      words.add(Stream.of(1, 2, 3).map(word::group).filter(part -> part != null).findFirst().get());
    }

    assertThatCode(
            () -> Cli.commandLine(new PromptEmbeds()).parseArgs(words.toArray(String[]::new)))
        .doesNotThrowAnyException();
  }
}
