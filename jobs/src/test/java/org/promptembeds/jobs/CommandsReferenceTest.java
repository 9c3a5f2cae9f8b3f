package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Holds {@code docs/commands.md}, which the launcher prints help from, to the code. With {@code
 * -Dpromptembeds.docs.write=true} the page is written.
 */
class CommandsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "commands.md");
  private static final String HEAD =
      """
      # Commands

      Made from the code by `CommandsReferenceTest`; do not edit. `jobs/bin/prompt-embeds COMMAND --help` prints the same.
      """;

  @Test
  void pageSaysWhatTheCommandsSay() throws IOException {
    CommandLine all = Cli.commandLine(new PromptEmbeds());
    String page =
        HEAD
            + section(all)
            + all.getSubcommands().values().stream()
                .map(CommandsReferenceTest::section)
                .collect(Collectors.joining());
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String section(CommandLine command) {
    String usage =
        command
            .getUsageMessage(Ansi.OFF)
            .lines()
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));
    return "\n## `%s`\n```\n%s\n```\n"
        .formatted(command.getCommandSpec().qualifiedName(), usage.strip());
  }
}
