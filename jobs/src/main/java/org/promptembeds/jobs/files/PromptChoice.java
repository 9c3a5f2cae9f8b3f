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

  /** Columns of embeddings, the second as requests to servers have it. */
  private static final List<String> EMBEDS = List.of("embeds", "prompt_embeds");

  public PromptChoice {
    if (embeds != null && prompt != null) {
      throw new IllegalArgumentException(
          "--embeds-column %s and --prompt-column %s are two prompts: leave out one of them"
              .formatted(embeds, prompt));
    }
  }

  /** The column of embeddings, where there is one. */
  String embedsColumn() {
    return embeds == null ? EMBEDS.get(0) : embeds;
  }

  /** The column of embeddings among those of a table; {@link #embedsColumn} if none is there. */
  String embedsColumn(List<String> columns) {
    return embeds == null
        ? EMBEDS.stream().filter(columns::contains).findFirst().orElseGet(() -> EMBEDS.get(0))
        : embeds;
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

    String named = embedsColumn(columns);
    if (embeds != null || columns.contains(named)) {
      requireColumn("--embeds-column", named, columns);
      return new PromptColumns.Embeds(SqlText.identifier(named));
    }

    List<String> texts = PROMPTS.stream().filter(columns::contains).toList();
    if (texts.isEmpty()) {
      throw new UsageException(
          "--input %s has none of the columns %s, only %s: name that of the prompts with --embeds-column or --prompt-column"
              .formatted(
                  input,
                  String.join(", ", Stream.concat(EMBEDS.stream(), PROMPTS.stream()).toList()),
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
