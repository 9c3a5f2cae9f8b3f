package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.torch.ModelQuantizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code quantize}: writes a model anew with its linear layers in few bits. */
@Command(
    name = "quantize",
    description =
        "Writes a model directory anew with the weights of its linear layers in 8 or 4 bits, in the"
            + " layout of compressed-tensors, which vLLM reads, too.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds quantize --model DIR --output DIR-int8 --quantization int8",
      "",
      "Embeddings, head and norms stay as they are. --quantization of the other commands does the same",
      "when a model is loaded. Exit status: 0 it is written, 1 something failed, 2 the command line is",
      "wrong."
    })
public final class Quantize implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Model directory in Hugging Face format, not quantised.")
  private Path model = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder to write, which is not there or empty.")
  private Path output = Path.of("");

  @Option(
      names = "--quantization",
      paramLabel = "FORMAT",
      required = true,
      description =
          "${COMPLETION-CANDIDATES}: signed bytes or E4M3 with a scale for each output, or half"
              + " bytes with a scale and a zero for 128 inputs.")
  private Format format = Format.INT8;

  /** What weights become. */
  enum Format {
    INT8,
    INT4,
    FP8;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Quantize(), args);
  }

  @Override
  public Integer call() throws IOException {
    require(Files.isDirectory(model), "--model: %s is not a folder".formatted(model));
    require(isFree(), "--output: %s is there already: choose another folder".formatted(output));
    ModelQuantizer.Result result =
        ModelQuantizer.write(ModelDirectory.open(model), format.toString(), output);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d matrices are %s, %d stay as they are: %s%n",
        result.quantized(), format, result.left(), output);
    out.flush();
    return 0;
  }

  private boolean isFree() throws IOException {
    if (!Files.exists(output)) {
      return true;
    }

    if (!Files.isDirectory(output)) {
      return false;
    }

    try (Stream<Path> files = Files.list(output)) {
      return files.findAny().isEmpty();
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
