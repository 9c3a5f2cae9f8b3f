package org.promptembeds.jobs.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.files.PromptChoice;
import org.promptembeds.jobs.files.SqlText;
import org.promptembeds.options.PromptInputs;
import org.promptembeds.options.PromptOptions;
import picocli.CommandLine.Option;

/** Options of {@code generate} on what a prompt is made of. */
public final class PromptSettings {
  /** What chats may have beside their messages. */
  private static final List<String> OF_CHATS =
      List.of(PromptOptions.TOOLS.key(), PromptOptions.DOCUMENTS.key());

  @Option(
      names = "--embeds-column",
      paramLabel = "NAME",
      description =
          "Column of the embeddings in Parquet, JSON and Arrow; default embeds, or prompt_embeds.")
  private @Nullable String embedsColumn;

  @Option(
      names = "--prompt-column",
      paramLabel = "NAME",
      description =
          "Column of texts or chats in Parquet and JSON. Default, without a column of embeddings: "
              + "messages, prompt or text, of several that which a row has first.")
  private @Nullable String promptColumn;

  @Option(
      names = "--prompt-inputs",
      paramLabel = "NAME[=COLUMN]",
      split = ",",
      description =
          "What the rows carry besides, comma-separated, each from the column of its name, or another. "
              + "For models that need it, with embeddings: position_ids, bidirectional_spans, "
              + "deepstack_embeds, deepstack_rows, token_ids; for the chat template, with chats: tools, "
              + "documents.")
  private List<String> promptInputs = new ArrayList<>();

  @Option(
      names = "--missing-inputs",
      paramLabel = "WHAT",
      description =
          "A row without a part that its model needs is at fault (error, the default), or goes on as "
              + "the model's own library has it (as_text).")
  private @Nullable String missingInputs;

  @Option(
      names = "--variables",
      paramLabel = "JSON",
      description = "Variables of the chat template, such as {\"enable_thinking\": false}.")
  private @Nullable String variables;

  @Option(
      names = "--soft-prompt",
      paramLabel = "DIR",
      description =
          "Put this soft prompt before the prompt of every row: folder or URI of a prompt-tuning or "
              + "p-tuning adapter of PEFT, or a name configured as spark.promptembeds.softPrompts.NAME.")
  private @Nullable String softPrompt;

  /**
   * The columns that prompts are looked for in.
   *
   * @throws IllegalArgumentException if two are named
   */
  public PromptChoice choice() {
    return new PromptChoice(embedsColumn, promptColumn);
  }

  /**
   * Checks that the options go together.
   *
   * @throws IllegalArgumentException if they do not
   */
  void check() {
    var unused = arguments();
    var unusedToo = choice();
  }

  /**
   * The options as named arguments of a SQL function.
   *
   * @throws IllegalArgumentException if something is not known, or given twice
   */
  public Map<String, String> arguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    promptInputs.forEach(input -> add(input, arguments));
    if (missingInputs != null) {
      arguments.put(
          PromptInputs.MISSING_INPUTS.key(),
          SqlText.string(PromptInputs.MISSING_INPUTS.parse(missingInputs)));
    }

    if (variables != null) {
      arguments.put(PromptOptions.VARIABLES.key(), SqlText.string(variables));
    }

    if (softPrompt != null) {
      arguments.put("soft_prompt", SqlText.string(wholePath(softPrompt)));
    }

    return arguments;
  }

  private static void add(String input, Map<String, String> arguments) {
    String[] parts = input.split("=", 2);
    List<String> known = Stream.concat(PromptInputs.names().stream(), OF_CHATS.stream()).toList();
    if (!known.contains(parts[0])) {
      throw new IllegalArgumentException(
          "--prompt-inputs: unknown '%s', there are %s"
              .formatted(parts[0], String.join(", ", known)));
    }

    if (arguments.put(parts[0], SqlText.identifier(parts[parts.length - 1])) != null) {
      throw new IllegalArgumentException("--prompt-inputs: %s is given twice".formatted(parts[0]));
    }
  }

  /** A folder of this machine by its whole path; other names as they are. */
  private static String wholePath(String name) {
    Path folder = Path.of(name);
    return Files.isDirectory(folder) ? folder.toAbsolutePath().normalize().toString() : name;
  }
}
