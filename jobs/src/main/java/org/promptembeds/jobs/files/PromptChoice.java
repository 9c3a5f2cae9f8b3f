package org.promptembeds.jobs.files;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns the prompts come from: those that are named, or those whose names say it.
 *
 * @param embeds column of embeddings; null if none is named
 * @param prompt column of texts or chats; null if none is named
 */
public record PromptChoice(@Nullable String embeds, @Nullable String prompt) {
  /** Columns of chats and texts, in the order that a row is looked through. */
  private static final List<String> PROMPTS = List.of("messages", "prompt", "text");

  private static final String EMBEDS = "embeds";

  public PromptChoice {
    if (embeds != null && prompt != null) {
      throw new IllegalArgumentException(
          "--embeds-column %s and --prompt-column %s are two prompts: leave out one of them"
              .formatted(embeds, prompt));
    }
  }

  /** The column of embeddings, where there is one. */
  String embedsColumn() {
    return embeds == null ? EMBEDS : embeds;
  }

  /**
   * The columns to take of those of a table.
   *
   * @param input what messages call the table
   * @throws UsageException if there are none
   */
  PromptColumns among(List<String> columns, String input) {
    if (prompt != null) {
      requireColumn("--prompt-column", prompt, columns);
      return new PromptColumns.Texts(List.of(prompt));
    }

    if (embeds != null || columns.contains(EMBEDS)) {
      requireColumn("--embeds-column", embedsColumn(), columns);
      return new PromptColumns.Embeds(SqlText.identifier(embedsColumn()));
    }

    List<String> texts = PROMPTS.stream().filter(columns::contains).toList();
    if (texts.isEmpty()) {
      throw new UsageException(
          "--input %s has none of the columns %s, only %s: name that of the prompts with --embeds-column or --prompt-column"
              .formatted(
                  input,
                  String.join(", ", Stream.concat(Stream.of(EMBEDS), PROMPTS.stream()).toList()),
                  listed(columns)));
    }

    return new PromptColumns.Texts(texts);
  }

  /**
   * Looks whether a column that an option names is there.
   *
   * @throws UsageException if it is not
   */
  static void requireColumn(String option, String name, List<String> columns) {
    if (!columns.contains(name)) {
      throw new UsageException(
          "%s: the input has no column '%s', only %s".formatted(option, name, listed(columns)));
    }
  }

  private static String listed(List<String> columns) {
    return columns.isEmpty() ? "none" : String.join(", ", columns);
  }
}
