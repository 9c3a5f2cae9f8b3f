package org.promptembeds.options;

/** The reference page {@code docs/options.md}, made from the options themselves. */
public final class OptionsReference {
  private OptionsReference() {}

  /** The whole page in Markdown. */
  public static String markdown() {
    return """
        # Options

        Made from the code by `OptionsReferenceTest`; do not edit.

        ## Arguments of `generate_from_embeds`, `try_generate_from_embeds`, `generate_from_embeds_detail`

        Given by name (`max_tokens => 64`), or together as a `map<string,string>` or a struct in second place.
        `model` must be constant; the others may be columns.

        %s
        `generate_text`, `try_generate_text` and `generate_text_detail` take a text or a chat in the place of embeddings,
        and the same arguments, but for `hidden_size` and what belongs to rows of embeddings, `position_ids` to `token_ids`; with a chat also those of `embed_chat`.

        ## Arguments of `embed_chat` and `try_embed_chat`

        Given by name after the messages. `model` must be constant; `embed_prompt`, `embed_tokens`, `token_ids`,
        `detokenize`, `soft_prompt` and `concat_embeds` take it too.

        %s
        ## Arguments of `to_torch` and `to_base64_tensor`

        Given by name after the embeddings. Only flat ones need `hidden_size`, or a model that has it.

        %s
        ## Spark configuration

        Read when a query is analysed: from `--conf`, `SparkSession.builder().config` or `SET`.

        %s
        ## Options of the data source `prompt-embeds`

        Given with `.option(key, value)` or `OPTIONS (...)`; keys are case-insensitive. Keys that begin with `fs.`,
        `dfs.` or `hadoop.` go to the Hadoop file system. See [data-source.md](data-source.md).

        %s"""
        .formatted(
            table(SamplingOptions.ARGUMENTS),
            table(PromptOptions.CHAT),
            table(PromptOptions.TENSOR),
            table(SparkOptions.CONFIGURATION),
            table(SourceOptions.OPTIONS));
  }

  private static String table(OptionSet set) {
    StringBuilder table =
        new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");
    for (Option<?> option : set.options()) {
      table.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(
                  option.key(),
                  option.type().name(),
                  option.defaultValue() == null ? "–" : "`" + option.defaultValue() + "`",
                  option.doc())
              .replace("\r", ""));
    }

    return table.toString();
  }
}
