package org.promptembeds.options;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.ModelSetting;

/**
 * One option and all there is to know about it.
 *
 * @param key what users write
 * @param type how its text reads
 * @param defaultValue text of the default; null if there is none
 * @param doc one sentence for the reference, which says the unit where there is one
 */
public record Option<T>(String key, ValueType<T> type, @Nullable String defaultValue, String doc) {

  /** The option that gives a sampling parameter. */
  static <T> Option<T> of(Parameter<T> parameter) {
    return new Option<>(
        parameter.name(), parameter.type(), parameter.defaultText(), parameter.doc());
  }

  /** The option that gives a setting of models. */
  static <T> Option<T> of(String prefix, ModelSetting<T> setting) {
    return new Option<>(
        prefix + setting.name(), setting.type(), setting.defaultText(), setting.doc());
  }

  /**
   * The value of a text or of an already typed value.
   *
   * @throws IllegalArgumentException naming the option, the value and what is expected
   */
  public T parse(Object value) {
    return type.parse(key, value);
  }

  /** The default, which exists. */
  T parsedDefault() {
    if (defaultValue == null) {
      throw new IllegalStateException(key + " has no default");
    }

    return parse(defaultValue);
  }

  /** Whether {@code name} means this option; keys are case-insensitive as Spark's options are. */
  boolean isNamed(String name) {
    return key.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT));
  }
}
