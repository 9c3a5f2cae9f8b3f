package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that must be refused, each with its message; made by {@code generate_hostile.py}. */
class HostileFilesTest {
  static List<Map.Entry<String, JsonNode>> files() {
    return new ArrayList<>(Resources.json("hostile/expected.json").properties());
  }

  @ParameterizedTest
  @MethodSource("files")
  void isRefused(Map.Entry<String, JsonNode> file) {
    String name = file.getKey();
    assertThatThrownBy(() -> TensorBytes.read(name, Resources.buffer("hostile/" + name)))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining(file.getValue().textValue());
  }

  @Test
  void everyFileHasItsRefusal() {
    String[] listed = Resources.path("hostile").toFile().list();
    assertThat(listed).hasSize(files().size() + 1);
  }
}
