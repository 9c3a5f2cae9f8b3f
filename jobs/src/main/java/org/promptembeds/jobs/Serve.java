package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.promptembeds.executor.LocalBackendProvider;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.jobs.options.ServedModelOptions;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.serve.ApiServer;
import org.promptembeds.serve.Listening;
import org.promptembeds.serve.ServedModel;
import org.promptembeds.serve.ServerOptions;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.torch.LocalBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code serve}: a model behind OpenAI's Completions and Chat Completions APIs. */
@Command(
    name = "serve",
    description =
        "Serves a model through OpenAI's Completions and Chat Completions APIs, prompt embeddings"
            + " included.",
    mixinStandardHelpOptions = true,
    resourceBundle = ModelOptionsHelp.NAME,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds serve --model examples/models/tiny-chat",
      "  API_KEY=secret prompt-embeds serve --model DIR --host 0.0.0.0 --api-key-env API_KEY",
      "",
      "docs/server.md shows requests. SIGTERM lets requests under way end before it stops."
    })
public final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false, multiplicity = "1", order = 1, heading = "%nModel:%n")
  private ServedModelOptions model = new ServedModelOptions();

  @ArgGroup(exclusive = false, order = 2, heading = "%nServer:%n")
  private ServerArguments server = new ServerArguments();

  @Override
  public Integer call() throws InterruptedException {
    ServerOptions options;
    Path directory;
    ChatParsers parsers;
    try {
      options = server.options();
      parsers = model.parsers();
      model.check();
      directory = model.path();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    PrintWriter console = spec.commandLine().getErr();
    // What can be found wrong at once is, before a model is loaded for minutes.
    Listening listening = Listening.bind(options);
    ServedModel served;
    try {
      served = load(directory, model.servedName(), model.spec(), console).with(parsers);
    } catch (RuntimeException | Error e) {
      listening.close();
      throw e;
    }

    ApiServer running = listening.serve(served);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  stopped.countDown();
                },
                "prompt-embeds-drain"));
    console.printf(
        "serving %s at http://%s:%d/v1, %s%n",
        served.name(),
        options.host(),
        running.port(),
        options.access().apiKeys().isEmpty() ? "without a key" : "with a key");
    console.flush();
    stopped.await();
    return 0;
  }

  /** Looks at the adapters that requests may name, before the first request does. */
  private static LocalBackend checked(LocalBackend backend) {
    try {
      backend.adapterNames().forEach(backend::requireAdapter);
      return backend;
    } catch (InvalidRequestException e) {
      backend.close();
      throw new BackendException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Loads a model.
   *
   * @throws org.promptembeds.generation.BackendException if it cannot be loaded
   */
  private static ServedModel load(
      Path directory, String name, BackendSpec spec, PrintWriter console) {
    ModelDirectory model = ModelDirectory.open(directory);
    PromptEmbedder encoder = PromptEmbedder.open(model);
    try {
      LocalBackend backend = checked(LocalBackendProvider.open(model, spec.settings()));
      console.printf("loaded %s: %s%n", name, backend.description());
      return ServedModel.of(name, backend, encoder);
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }
}
