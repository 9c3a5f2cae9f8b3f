package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.package$;
import org.promptembeds.jobs.doctor.Diagnosis;
import org.promptembeds.jobs.doctor.Examination;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code doctor}: what this machine has, what does not fit, and what to type. */
@Command(
    name = "doctor",
    description =
        "Tells what models would run on here: GPU driver, PyTorch, bridge, Spark, Java, memory; what"
            + " does not fit, and the line to type.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds doctor",
      "",
      "PyTorch is loaded as for a model. Where there is an NVIDIA driver, a PyTorch for GPUs is looked",
      "for as executors do: where PYTORCH_LIBRARY_PATH says, else where the Pythons of the environment",
      "would import it from, else in usual folders. Exit status: 0 nothing is in the way, 1 something",
      "does not fit, 2 the command line is wrong."
    })
public final class Doctor implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Inspect.Format format = Inspect.Format.TEXT;

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Doctor(), args);
  }

  @Override
  public Integer call() {
    Diagnosis diagnosis = Examination.run(package$.MODULE$.SPARK_VERSION());
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Inspect.Format.JSON ? diagnosis.json() : diagnosis.text());
    out.flush();
    return diagnosis.isHealthy() ? 0 : 1;
  }
}
