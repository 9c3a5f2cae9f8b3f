package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.torch.AdapterInspection;
import org.promptembeds.torch.ModelInspection;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code inspect}: what a model is and what it needs, without loading it. */
@Command(
    name = "inspect",
    description =
        "Tells what a model is, whether it is supported, and what memory it needs, without loading"
            + " it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds inspect --model examples/models/tiny-chat",
      "",
      "config.json is enough; the weights, if they are there, are looked at for their names, types and",
      "shapes. Exit status: 0 the model is supported, 1 it or an adapter is not, and everything that",
      "is in the way is listed, 2 the command line is wrong."
    })
public final class Inspect implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", heading = "%nModel:%n")
  private CheckedModel model = new CheckedModel();

  @Option(
      names = "--lora",
      paramLabel = "ADAPTER",
      description =
          "Directory of a LoRA adapter of PEFT: tells its ranks, modules and memory, and whether it"
              + " fits the model. May be repeated.")
  private List<Path> adapters = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Format format = Format.TEXT;

  /** How the report is printed. */
  enum Format {
    TEXT,
    JSON
  }

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Inspect(), args);
  }

  @Override
  public Integer call() {
    Path path = model.path(spec);
    InspectionReport report = report(path);
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? report.json() : report.text());
    out.flush();
    return report.isSupported() ? 0 : 1;
  }

  private InspectionReport report(Path path) {
    ModelDirectory directory;
    try {
      directory = ModelDirectory.open(path);
    } catch (BackendException e) {
      return InspectionReport.refused(path, e.problems());
    }

    ModelInspection inspection = ModelInspection.of(directory, model.device(), model.dtype());
    return InspectionReport.of(
        directory,
        inspection,
        adapters.stream()
            .map(adapter -> AdapterInspection.of(directory, adapter, inspection.dtype()))
            .toList());
  }
}
