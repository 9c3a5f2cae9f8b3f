package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

class ServeTest {
  private static final Path MODEL = Path.of("..", "examples", "models", "tiny-chat");

  @Test
  void busyPortIsNamedBeforeTheModelIsLoaded() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandLineRun run =
          CommandLineRun.of(
              "serve", "--model", MODEL.toString(), "--port", "" + busy.getLocalPort());

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .contains("choose another --port (0 takes a free one)", ":" + busy.getLocalPort())
          .doesNotContain("loaded");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000 | --port must be in [0, 65535], got 70000",
        "--max-concurrent 0 | --max-concurrent must be at least 1, got 0",
        "--upload-timeout 0 | --upload-timeout must be at least 1, got 0",
        "--api-key-env NO_SUCH_KEY | the environment variable NO_SUCH_KEY is not set",
        "--allowed-origin app.example | must be like https://app.example.com, or *, got 'app.example'"
      })
  void optionsOutOfBoundsAreUsageErrors(String options, String message) {
    String[] arguments = ("serve --model " + MODEL + " " + options).split(" ", -1);
    CommandLineRun run = CommandLineRun.of(arguments);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(message);
  }

  @Test
  void documentationNamesEveryOptionAndItsDefault() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "server.md"));
    List<OptionSpec> options =
        Cli.commandLine(new Serve()).getCommandSpec().argGroups().get(1).options();

    assertThat(options).hasSizeGreaterThan(10);
    for (OptionSpec option : options) {
      String start = "| `%s` | %s".formatted(option.longestName(), shownDefault(option));
      assertThat(lines).anyMatch(line -> line.startsWith(start), start);
    }
  }

  private static String shownDefault(OptionSpec option) {
    Object initial = option.initialValue();
    boolean isNone = initial == null || initial.equals(List.of());
    return isNone ? "" : "%s".formatted(initial);
  }
}
