package org.promptembeds.generation.setting;

import org.promptembeds.generation.parameter.ValueType;

/**
 * One setting of a model and all there is to know about it. The configuration, the command line and
 * the reference are made of what is told here.
 *
 * <p>Instances are constants; equality is identity.
 */
public final class ModelSetting<T> {
  private final String name;
  private final ValueType<T> type;
  private final String defaultText;
  private final T absent;
  private final String doc;

  /**
   * A setting.
   *
   * @param name what users write: words joined by capitals
   * @param type how its text reads, and its bounds
   * @param defaultText the default as a user would write it
   * @param doc one sentence for the reference, which says the unit where there is one
   */
  ModelSetting(String name, ValueType<T> type, String defaultText, String doc) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.absent = type.parse(name, defaultText);
    this.doc = doc;
  }

  /** What users write: words joined by capitals. */
  public String name() {
    return name;
  }

  public ValueType<T> type() {
    return type;
  }

  /** The default as a user would write it. */
  public String defaultText() {
    return defaultText;
  }

  /** The value where none is given. */
  public T absent() {
    return absent;
  }

  /** What it does, in one sentence for the reference. */
  public String doc() {
    return doc;
  }

  /**
   * The value of a text or of an already typed value.
   *
   * @throws IllegalArgumentException naming the setting, the value and what is expected
   */
  public T parse(Object value) {
    return type.parse(name, value);
  }

  @Override
  public String toString() {
    return name;
  }
}
