package org.promptembeds.jobs.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.files.InputFiles;
import org.promptembeds.jobs.files.OnError;
import org.promptembeds.jobs.files.OutputFormat;
import org.promptembeds.jobs.files.OutputMode;
import org.promptembeds.jobs.files.OutputRows;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of {@code generate} on what is read and what is written. */
public final class FileOptions {
  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      arity = "1..*",
      description =
          "Files, folders or globs, or URIs of other file systems: tensors (.safetensors, .pt, .npy, "
              + "Arrow), .parquet or .json (one object per line).")
  private List<String> input = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder to write to.")
  private String output = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; default parquet. json is one object per line.")
  private OutputFormat format = OutputFormat.PARQUET;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "If FOLDER exists: ${COMPLETION-CANDIDATES}; default errorifexists.")
  private @Nullable OutputMode mode;

  @Option(
      names = "--resume",
      description =
          "Leave out rows whose key FOLDER holds already and add the others. Each task's file is kept "
              + "once it is written, so the same command goes on after a crash; --partitions sets how many "
              + "there are. Keys must be unique.")
  private boolean resume;

  @Option(
      names = "--detail",
      description =
          "Besides the key and the text, write token_ids, finish_reason, prompt_tokens, "
              + "completion_tokens, error and, if asked for, logprobs and prompt_logprobs. csv has them as JSON.")
  private boolean detail;

  @Option(
      names = "--outputs",
      paramLabel = "WHERE",
      description =
          "Where a prompt gets several outputs (--n): in arrays of one row (array, the default), or in a "
              + "row each, with the output's number, from 0, in column output (rows).")
  private OutputRows outputs = OutputRows.ARRAY;

  @Option(
      names = "--on-error",
      paramLabel = "WHAT",
      description =
          "A row that is no prompt (wrong hidden size, NaN, empty, too long) ends the job (fail, the "
              + "default), is written without text (null), or is left out (skip, exit status 1).")
  private OnError onError = OnError.FAIL;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      description = "Key column, copied to the output; default id or name where there is one.")
  private @Nullable String idColumn;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Tasks to read with, and so files to write; default by size.")
  private int partitions;

  @ArgGroup(exclusive = false)
  private PromptSettings prompts = new PromptSettings();

  public Optional<String> idColumn() {
    return Optional.ofNullable(idColumn);
  }

  /** The inputs as they were given. */
  public String describeInput() {
    return String.join(", ", input);
  }

  public String output() {
    return output;
  }

  public OutputFormat format() {
    return format;
  }

  /** Whether the run goes on where an earlier one ended. */
  public boolean isResumed() {
    return resume;
  }

  /** Whether all columns of the result are written, not only its text. */
  public boolean isDetailed() {
    return detail;
  }

  /** Whether each output of a prompt has a row of its own. */
  public boolean spreadsOutputs() {
    return outputs == OutputRows.ROWS;
  }

  public OnError onError() {
    return onError;
  }

  /** What a prompt is made of. */
  public PromptSettings prompts() {
    return prompts;
  }

  /** Tasks to read with; 0 goes by size. */
  public int partitions() {
    return partitions;
  }

  public OutputMode mode() {
    if (mode != null) {
      return mode;
    }

    return resume ? OutputMode.APPEND : OutputMode.ERRORIFEXISTS;
  }

  /**
   * Checks that the options go together.
   *
   * @throws IllegalArgumentException if they do not
   */
  public void check() {
    if (partitions < 0) {
      throw new IllegalArgumentException(
          "--partitions must be at least 1, or 0 to go by size, got " + partitions);
    }

    prompts.check();
    if (resume && spreadsOutputs()) {
      throw new IllegalArgumentException(
          "--resume needs a different key in every row and cannot go with --outputs rows: leave out one of them");
    }

    if (resume && mode() != OutputMode.APPEND) {
      throw new IllegalArgumentException(
          "--resume adds to the output folder and cannot go with --mode %s: leave out one of them"
              .formatted(mode().name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * The files to read.
   *
   * @throws IllegalArgumentException if there are none, or the output would replace them
   */
  public InputFiles inputFiles() {
    InputFiles found = InputFiles.find(input);
    Path target = Path.of(output.replaceFirst("^file:(//)?", "")).toAbsolutePath().normalize();
    for (String location : found.locations()) {
      if (location.startsWith("/") && Path.of(location).startsWith(target)) {
        throw new IllegalArgumentException(
            "--output %s holds the input %s: choose another folder".formatted(output, location));
      }
    }

    return found;
  }
}
