package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.jobs.options.SparkOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a failure looks like on the command line. */
class CliTest {
  @Command(name = "outer", subcommands = Failing.class)
  static final class Outer {}

  @Command(name = "failing")
  static final class Failing implements Callable<Integer> {
    @Mixin SparkOptions spark = new SparkOptions();

    @Override
    public Integer call() throws IOException {
      IllegalStateException cause = new IllegalStateException("not JSON\n at line 1");
      InvalidRequestException ours =
          new InvalidRequestException("row 7: not JSON", new CompletionException(cause));
      throw new IOException("Job aborted due to stage failure: row 7: not JSON", ours);
    }
  }

  private static String errors(String... args) {
    StringWriter err = new StringWriter();
    int status = Cli.commandLine(new Outer()).setErr(new PrintWriter(err, true)).execute(args);
    assertThat(status).isEqualTo(1);
    return err.toString();
  }

  @Test
  void aFailureIsTheLineThatSaysWhere() {
    assertThat(errors("failing")).isEqualTo("outer failing: row 7: not JSON\n");
  }

  @Test
  void theStackTraceOfASubcommandIsPrintedOnDemand() {
    assertThat(errors("failing", "--stacktrace"))
        .startsWith("outer failing: row 7: not JSON\n")
        .contains("at org.promptembeds.jobs.CliTest");
  }
}
