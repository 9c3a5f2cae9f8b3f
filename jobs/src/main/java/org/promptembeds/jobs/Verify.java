package org.promptembeds.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.torch.ReferenceCase;
import org.promptembeds.torch.ReferenceCheck;
import org.promptembeds.torch.ReferenceCheck.Result;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code verify}: compares a model's logits and tokens with a reference's. */
@Command(
    name = "verify",
    description = "Compares a model's logits and greedy tokens with those of a reference.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = {
      "  prompt-embeds verify --model DIR --reference reference.safetensors --dtype float32",
      "",
      "The file has tensors CASE.embeds (length, width) and CASE.logits (tokens, vocabulary), which",
      "llm/src/test/reference/write_reference.py makes with Hugging Face transformers for any model.",
      "Differences are relative to the largest logit of a row. Exit status: 0 all cases agree, 1 one",
      "does not, or something failed, 2 the command line is wrong."
    })
public final class Verify implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", heading = "%nModel:%n")
  private CheckedModel model = new CheckedModel();

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      required = true,
      description = "A .safetensors file of cases.")
  private Path reference = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "1e-4",
      description =
          "Largest difference that is none; default ${DEFAULT-VALUE}, which suits float32.")
  private double tolerance;

  /** Runs this command alone. */
  public static void main(String[] args) {
    Cli.exit(new Verify(), args);
  }

  @Override
  public Integer call() throws IOException {
    Path path = model.path(spec);
    require(Files.isRegularFile(reference), "--reference: %s is not a file".formatted(reference));
    require(tolerance >= 0, "--tolerance must be at least 0, got " + tolerance);
    ModelDirectory directory = ModelDirectory.open(path);
    List<ReferenceCase> cases = ReferenceCase.readAll(reference);
    PrintWriter out = spec.commandLine().getOut();
    int agreed = 0;
    try (ReferenceCheck check =
        ReferenceCheck.load(directory, model.device(), model.dtype(), cases)) {
      out.println(check.description());
      for (ReferenceCase each : cases) {
        Result result = check.compare(each);
        out.println(line(result));
        out.flush();
        agreed += result.agrees(tolerance) ? 1 : 0;
      }
    }

    out.println(
        String.format(
            Locale.ROOT,
            "%d of %d cases agree, differences up to %.1e allowed",
            agreed,
            cases.size(),
            tolerance));
    out.flush();
    return agreed == cases.size() ? 0 : 1;
  }

  private String line(Result result) {
    ReferenceCase reference = result.reference();
    String different =
        result.firstDifference() < 0 ? "" : ", first different: " + (result.firstDifference() + 1);
    return String.format(
        Locale.ROOT,
        "%-5s case %s: %d positions, %d of %d tokens equal%s, largest difference %.1e",
        result.agrees(tolerance) ? "ok" : "WRONG",
        reference.name(),
        reference.length(),
        result.equalTokens(),
        reference.steps(),
        different,
        result.difference());
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
