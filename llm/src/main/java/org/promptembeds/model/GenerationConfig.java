package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.promptembeds.model.config.ConfigReader;

/**
 * What a model directory says about ending a generation.
 *
 * @param eosTokenIds end-of-sequence tokens of {@code generation_config.json} and {@code
 *     config.json} together
 */
record GenerationConfig(Set<Integer> eosTokenIds) {
  private static final String KEY = "eos_token_id";

  /** Reads both files; problems go to {@code config}. */
  static GenerationConfig read(Path directory, ConfigReader config) {
    Set<Integer> ids = new TreeSet<>();
    Path file = directory.resolve("generation_config.json");
    boolean stated = config.states(KEY);
    if (stated) {
      addIds("", config, config, ids);
    }

    if (Files.exists(file)) {
      ConfigReader generation = new ConfigReader(ConfigReader.readObject(file));
      stated |= generation.states(KEY);
      addIds("generation_config.json: ", generation, config, ids);
    }

    if (!stated) {
      addIds("", config, config, ids);
    }

    return new GenerationConfig(Collections.unmodifiableSet(ids));
  }

  private static void addIds(
      String where, ConfigReader source, ConfigReader problems, Set<Integer> ids) {
    JsonNode value = source.value(KEY);
    if (value == null) {
      return;
    }

    for (JsonNode id : value.isArray() ? value : Collections.singletonList(value)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        problems.problem(
            "%s%s must be a token id or a list of them, got %s"
                .formatted(where, KEY, ConfigReader.shown(value)));
        return;
      }

      ids.add(id.intValue());
    }
  }
}
