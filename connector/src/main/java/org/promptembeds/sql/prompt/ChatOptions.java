package org.promptembeds.sql.prompt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.PromptOptions;

/**
 * How a chat template writes a chat.
 *
 * @param addGenerationPrompt whether the prompt ends where the assistant begins to speak
 * @param variables what the template may read besides the messages
 */
public record ChatOptions(boolean addGenerationPrompt, Map<String, @Nullable Object> variables) {
  /** The options of a chat that has none. */
  static final ChatOptions NONE = new ChatOptions(true, Map.of());

  /**
   * The options of chats among named values; others are left alone.
   *
   * @throws InvalidRequestException if one is at fault
   */
  public static ChatOptions of(Map<String, ?> values) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    String further = PromptOptions.VARIABLES.key();
    if (values.containsKey(further)) {
      variables.putAll(
          TemplateValues.dictionary(
              further, TemplateValues.fromJson(further, values.get(further))));
    }

    for (String key : List.of(PromptOptions.TOOLS.key(), PromptOptions.DOCUMENTS.key())) {
      if (values.containsKey(key)) {
        variables.put(key, TemplateValues.fromJson(key, values.get(key)));
      }
    }

    Object addPrompt = values.get(PromptOptions.ADD_GENERATION_PROMPT.key());
    return new ChatOptions(
        addPrompt == null || PromptOptions.ADD_GENERATION_PROMPT.parse(addPrompt), variables);
  }
}
