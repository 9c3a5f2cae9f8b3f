package org.promptembeds.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.ConfigReader;

/**
 * Numbers that some modules have instead of the adapter's, as {@code rank_pattern} and {@code
 * alpha_pattern} of {@code adapter_config.json} say: the first expression that a module's name ends
 * with counts.
 */
record ModulePatterns(Map<Pattern, Double> numbers) {
  static ModulePatterns read(ConfigReader config, String key) {
    Map<Pattern, Double> numbers = new LinkedHashMap<>();
    JsonNode value = config.value(key);
    if (value != null && !value.isObject()) {
      config.problem("%s must be an object, got %s".formatted(key, ConfigReader.shown(value)));
    } else if (value != null) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        double number = entry.getValue().isNumber() ? entry.getValue().doubleValue() : 0;
        if (!(number > 0 && number <= Double.MAX_VALUE)) {
          config.problem(
              "%s of %s must be a number above 0, got %s"
                  .formatted(key, entry.getKey(), ConfigReader.shown(entry.getValue())));
        }

        try {
          numbers.put(Pattern.compile("(.*\\.)?(" + entry.getKey() + ")"), number);
        } catch (PatternSyntaxException e) {
          config.problem(
              "%s has %s, which is no regular expression: %s"
                  .formatted(key, entry.getKey(), e.getDescription()));
        }
      }
    }

    return new ModulePatterns(numbers);
  }

  /** The number of a module; null if it has the adapter's. */
  @Nullable Double find(String module) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(module).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
