package org.promptembeds.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.LocalBackendProvider;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.SamplingOptions;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.torch.LocalBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code chat}: a chat with a model on a terminal, or with lines of a file. */
@Command(
    name = "chat",
    description = "Chats with a model: a line is a message, the answer comes word by word.",
    mixinStandardHelpOptions = true,
    resourceBundle = ModelOptionsHelp.NAME,
    modelTransformer = SamplingOptions.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds chat --model examples/models/tiny-chat",
      "  echo 'Where is bigger, the moon or the sun?' |",
      "    prompt-embeds chat --model examples/models/tiny-chat",
      "",
      "/new begins another chat, /quit or the end of the input ends. Answers go to the standard",
      "output, all else to the standard error."
    })
public final class Chat implements Callable<Integer> {
  /** Whether the input is a terminal; the launcher knows, a JVM of every version does not. */
  private static final String INTERACTIVE = "promptembeds.interactive";

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nModel:%n")
  private ModelOptions model = new ModelOptions();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A message of the role system that each chat begins with; default: none.")
  private @Nullable String system;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SamplingParams params;
    ModelDirectory directory;
    try {
      params = SamplingOptions.ofOneOutput(spec.commandLine().getParseResult());
      model.check();
      directory = ModelDirectory.open(model.path());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    PrintWriter messages = spec.commandLine().getErr();
    try (PromptEmbedder embedder = PromptEmbedder.open(directory);
        LocalBackend backend = LocalBackendProvider.open(directory, model.spec().settings())) {
      boolean onTerminal = Boolean.getBoolean(INTERACTIVE);
      messages.println(backend.description());
      if (onTerminal) {
        messages.println("/quit ends, /new begins another chat");
      }

      messages.flush();
      new ChatSession(backend, embedder, params, beginning(), spec.commandLine().getOut())
          .run(
              new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
              onTerminal ? "> " : "");
    }

    return 0;
  }

  private List<Map<String, Object>> beginning() {
    return system == null ? List.of() : List.of(Map.of("role", "system", "content", system));
  }
}
