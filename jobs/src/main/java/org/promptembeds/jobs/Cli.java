package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.promptembeds.jobs.options.SparkOptions;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every command is parsed, run and reported: one clear line for whatever goes wrong. */
final class Cli {
  private static final int USAGE_WIDTH = 100;

  private Cli() {}

  /** Runs {@code command} and ends the JVM with its exit status. */
  static void exit(Object command, String... args) {
    System.exit(commandLine(command).execute(args));
  }

  /** A parser for {@code command} that writes to the standard streams unless told otherwise. */
  static CommandLine commandLine(Object command) {
    IParameterExceptionHandler usageErrors =
        (error, args) -> {
          PrintWriter err = error.getCommandLine().getErr();
          String name = error.getCommandLine().getCommandSpec().qualifiedName();
          err.println(
              "%s: %s%s (see %s --help)".formatted(name, oneLine(error), suggestion(error), name));
          return ExitCode.USAGE;
        };
    IExecutionExceptionHandler failures =
        (error, failed, result) -> {
          PrintWriter err = failed.getErr();
          err.println(failed.getCommandSpec().qualifiedName() + ": " + told(error));
          if (failed.getParseResult().hasMatchedOption(SparkOptions.STACKTRACE)) {
            error.printStackTrace(err);
          }

          return ExitCode.SOFTWARE;
        };
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(USAGE_WIDTH)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO))
        .setParameterExceptionHandler(usageErrors)
        .setExecutionExceptionHandler(failures);
  }

  /** What a failure is reported as: one line, which begins with the file where Spark knows it. */
  static String told(Throwable error) {
    String reason = oneLine(rootCause(error));
    return file(error)
        .filter(file -> !reason.contains(file))
        .map(file -> file + ": " + reason)
        .orElse(reason);
  }

  private static Optional<String> file(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Map<String, String> parameters =
          cause instanceof SparkThrowable spark && spark.getMessageParameters() != null
              ? spark.getMessageParameters()
              : Map.of();
      String file = parameters.getOrDefault("path", parameters.get("file"));
      if (file != null) {
        return Optional.of(file);
      }
    }

    return Optional.empty();
  }

  private static String suggestion(Throwable error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }

    List<String> nearest = unmatched.getSuggestions();
    return nearest.isEmpty() ? "" : "; did you mean %s?".formatted(nearest.get(0));
  }

  private static String oneLine(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.toString()
        : message.strip().lines().findFirst().orElse(message).replaceFirst("^Error: ", "");
  }

  /**
   * The innermost cause that says anything: Spark wraps what a row did in several layers. An
   * exception of this project that repeats its cause, and says where, stands for it.
   */
  private static Throwable rootCause(Throwable error) {
    Throwable told = error;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (saysAnything(cause) && !repeats(told, oneLine(cause))) {
        told = cause;
      }
    }

    return told;
  }

  /** Whether an exception has a message that is not just the name of its cause. */
  private static boolean saysAnything(Throwable error) {
    String message = error.getMessage();
    return message != null
        && (error.getCause() == null || !message.equals(error.getCause().toString()));
  }

  private static boolean repeats(Throwable told, String message) {
    String own = told.getMessage();
    return told.getClass().getName().startsWith("org.promptembeds.")
        && own != null
        && own.contains(message);
  }
}
