package org.promptembeds.sql;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.options.SamplingOptions;

/**
 * The options of one row.
 *
 * @param softPrompt name or path of its soft prompt; null for none
 */
record RowOptions(SamplingParams params, @Nullable String softPrompt) {
  /**
   * The options of named values.
   *
   * @throws IllegalArgumentException naming every unknown name and every bad value
   */
  static RowOptions of(Map<String, ?> values) {
    Object softPrompt = values.get(SamplingOptions.SOFT_PROMPT.key());
    return new RowOptions(
        SamplingOptions.parse(values),
        softPrompt == null ? null : SamplingOptions.SOFT_PROMPT.parse(softPrompt));
  }
}
