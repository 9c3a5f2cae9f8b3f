package org.promptembeds.jobs;

import picocli.CommandLine.Command;

/** The command {@code prompt-embeds}, which only holds the others. */
@Command(
    name = "prompt-embeds",
    description = "Turns prompt embeddings into generated text, on Apache Spark.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Demo.class,
      Generate.class,
      Embed.class,
      RunBatch.class,
      Serve.class,
      Chat.class,
      Sql.class,
      Inspect.class,
      Verify.class,
      Quantize.class,
      Doctor.class,
      Bench.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  prompt-embeds demo",
      "  prompt-embeds generate --model DIR --input prompts.safetensors --output out --format json",
      "  prompt-embeds sql --model DIR -e \"SELECT generate_from_embeds(embeds) FROM parquet.\\`FILE\\`\"",
      "",
      "The launcher reads PROMPT_EMBEDS_MASTER (local[*]), PROMPT_EMBEDS_MEMORY (2g),",
      "PROMPT_EMBEDS_OPTS, SPARK_HOME and JAVA_HOME. 'prompt-embeds COMMAND --help' tells more.",
      "",
      "Exit status: 0 every row was written, 1 something failed, 2 the command line is wrong."
    })
public final class PromptEmbeds {
  PromptEmbeds() {}

  /** Runs the command line and ends the JVM with its exit status. */
  public static void main(String[] args) {
    Cli.exit(new PromptEmbeds(), args);
  }
}
