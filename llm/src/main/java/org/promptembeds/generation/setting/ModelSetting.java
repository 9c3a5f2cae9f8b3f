package org.promptembeds.generation.setting;

import org.promptembeds.generation.parameter.ValueType;

/**
 * One setting of a model and all there is to know about it. The configuration, the command line and
 * the reference are made of what is told here.
 *
 * @param name what users write: words joined by capitals
 * @param type how its text reads, and its bounds
 * @param defaultText the default as a user would write it
 * @param doc one sentence for the reference, which says the unit where there is one
 */
public record ModelSetting<T>(String name, ValueType<T> type, String defaultText, String doc) {

  /**
   * The value of a text or of an already typed value.
   *
   * @throws IllegalArgumentException naming the setting, the value and what is expected
   */
  public T parse(Object value) {
    return type.parse(name, value);
  }

  /** The value where none is given. */
  public T absent() {
    return parse(defaultText);
  }

  @Override
  public String toString() {
    return name;
  }
}
