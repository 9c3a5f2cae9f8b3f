package org.promptembeds.jobs.files;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The columns that prompts come from, and the SQL functions that generate for them. */
public sealed interface PromptColumns {
  /**
   * SQL text of the call, whose value is a struct of all there is to say.
   *
   * @param arguments named arguments, as SQL
   */
  String call(Map<String, String> arguments);

  /**
   * Embeddings.
   *
   * @param arguments those of the function that give it the embeddings, as SQL
   */
  record Embeds(String arguments) implements PromptColumns {
    @Override
    public String call(Map<String, String> named) {
      return PromptColumns.call("generate_from_embeds_detail", arguments, named);
    }
  }

  /**
   * Texts or chats.
   *
   * @param columns of which a row's prompt is the first that is not NULL
   */
  record Texts(List<String> columns) implements PromptColumns {
    public Texts {
      columns = List.copyOf(columns);
      if (columns.isEmpty()) {
        throw new IllegalArgumentException("no columns of prompts: there must be at least one");
      }
    }

    /** One call for each column, of which all but one have NULL to answer in a row. */
    @Override
    public String call(Map<String, String> named) {
      String calls =
          IntStream.range(0, columns.size())
              .mapToObj(i -> PromptColumns.call("generate_text_detail", unlessEarlier(i), named))
              .collect(Collectors.joining(", "));
      return columns.size() == 1 ? calls : "coalesce(" + calls + ")";
    }

    private String unlessEarlier(int index) {
      String column = SqlText.identifier(columns.get(index));
      return index == 0
          ? column
          : columns.subList(0, index).stream()
              .map(earlier -> SqlText.identifier(earlier) + " IS NULL")
              .collect(Collectors.joining(" AND ", "if(", ", " + column + ", NULL)"));
    }
  }

  private static String call(String function, String prompt, Map<String, String> named) {
    return named.entrySet().stream()
        .map(argument -> ", " + argument.getKey() + " => " + argument.getValue())
        .collect(Collectors.joining("", function + "(" + prompt, ")"));
  }
}
