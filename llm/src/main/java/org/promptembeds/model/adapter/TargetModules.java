package org.promptembeds.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.ConfigReader;

/**
 * Which modules of a model an adapter is for, as {@code target_modules} and {@code exclude_modules}
 * of {@code adapter_config.json} say: a list of names, each the end of a module's name, or one
 * regular expression for whole names.
 */
final class TargetModules {
  private static final String ALL_LINEAR = "all-linear";

  private final @Nullable Pattern whole;
  private final List<String> ends;
  private final boolean all;

  private TargetModules(@Nullable Pattern whole, List<String> ends, boolean all) {
    this.whole = whole;
    this.ends = ends;
    this.all = all;
  }

  /** Reads a key; without it no module is one of them, unless {@code absent} says all are. */
  static TargetModules read(ConfigReader config, String key, boolean absent) {
    JsonNode value = config.value(key);
    if (value == null) {
      return new TargetModules(null, List.of(), absent);
    }

    if (!value.isTextual()) {
      List<String> names = config.texts(key);
      return new TargetModules(null, names == null ? List.of() : names, false);
    }

    String text = value.textValue();
    if (text.equals(ALL_LINEAR)) {
      return new TargetModules(null, List.of(), true);
    }

    try {
      return new TargetModules(Pattern.compile(text), List.of(), false);
    } catch (PatternSyntaxException e) {
      config.problem(
          "%s %s is no regular expression: %s"
              .formatted(key, ConfigReader.shown(value), e.getDescription()));
      return new TargetModules(null, List.of(), absent);
    }
  }

  boolean contains(String module) {
    return all
        || (whole != null && whole.matcher(module).matches())
        || ends.stream().anyMatch(end -> module.equals(end) || module.endsWith("." + end));
  }
}
