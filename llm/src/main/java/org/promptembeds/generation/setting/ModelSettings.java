package org.promptembeds.generation.setting;

import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How a model is loaded and run. Models with equal settings run alike, so that tasks can share one.
 *
 * @param values what differs from the defaults, by the settings' names
 */
public record ModelSettings(Map<String, Object> values) implements Serializable {
  private static final List<ModelSetting<?>> TABLE =
      Stream.of(
              DeviceSettings.ALL,
              BatchSettings.ALL,
              WeightSettings.ALL,
              AdapterSettings.ALL,
              ServerSettings.ALL)
          .<ModelSetting<?>>flatMap(List::stream)
          .toList();

  private static final ModelSettings DEFAULTS = new ModelSettings(Map.of());

  public ModelSettings {
    Map<String, Object> checked = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    values.forEach((name, value) -> keep(name, value, checked, problems));
    values = Collections.unmodifiableMap(checked);
    if (problems.isEmpty()) {
      int maxSequences = valueIn(values, MAX_SEQUENCES);
      int maxStepTokens = valueIn(values, MAX_STEP_TOKENS);
      if (maxStepTokens < maxSequences) {
        problems.add(
            "%s must be at least %s (%d), got %d: raise it or run fewer sequences"
                .formatted(MAX_STEP_TOKENS, MAX_SEQUENCES, maxSequences, maxStepTokens));
      }
    }

    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void keep(
      String name, Object value, Map<String, Object> kept, List<String> problems) {
    try {
      ModelSetting<?> setting = require(name);
      Object typed = setting.parse(value);
      if (!typed.equals(setting.absent())) {
        kept.put(name, typed);
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /** Every setting there is, in the order of the reference. */
  public static List<ModelSetting<?>> table() {
    return TABLE;
  }

  private static Optional<ModelSetting<?>> find(String name) {
    return TABLE.stream().filter(setting -> setting.name().equals(name)).findFirst();
  }

  private static ModelSetting<?> require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown setting '%s'; known: %s"
                        .formatted(
                            name,
                            String.join(", ", TABLE.stream().map(ModelSetting::name).toList()))));
  }

  /** Everything automatic. */
  public static ModelSettings defaults() {
    return DEFAULTS;
  }

  /** Settings of steps of so many sequences and tokens; all else is automatic. */
  public static ModelSettings batching(int maxSequences, int maxStepTokens) {
    return builder().set(MAX_SEQUENCES, maxSequences).set(MAX_STEP_TOKENS, maxStepTokens).build();
  }

  /** The value of {@code setting}: what was given, or else its default. */
  public <T> T value(ModelSetting<T> setting) {
    return valueIn(values, setting);
  }

  @SuppressWarnings("unchecked") // the constructor parsed the value of each setting
  private static <T> T valueIn(Map<String, Object> values, ModelSetting<T> setting) {
    Object value = values.get(setting.name());
    return value == null ? setting.absent() : (T) value;
  }

  /** The same settings, but for one. */
  public <T> ModelSettings with(ModelSetting<T> setting, T value) {
    return new Builder(values).set(setting, value).build();
  }

  public static Builder builder() {
    return new Builder(Map.of());
  }

  /** Collects settings; what is not set keeps its default. */
  public static final class Builder {
    private final Map<String, Object> values;

    private Builder(Map<String, Object> values) {
      this.values = new TreeMap<>(values);
    }

    /** Sets {@code setting}, whose bounds are checked in the end. */
    public <T> Builder set(ModelSetting<T> setting, T value) {
      values.put(setting.name(), value);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming every value out of bounds
     */
    public ModelSettings build() {
      return new ModelSettings(values);
    }
  }
}
