package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.ModelFamilies;
import org.promptembeds.model.family.ModelFamily;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RotaryEmbedding;
import org.promptembeds.model.spec.RotaryEmbedding.DynamicNtk;

/**
 * Frequencies against those of transformers, made by {@code src/test/reference/generate_rotary.py}.
 */
class RotaryReaderTest {
  /** The reference's power function is not correctly rounded, ours is. */
  private static final int MAX_ULPS = 2;

  private static final JsonMapper JSON = new JsonMapper();

  static List<JsonNode> cases() throws IOException {
    try (InputStream json = RotaryReaderTest.class.getResourceAsStream("/rotary/expected.json")) {
      List<JsonNode> cases = new ArrayList<>();
      JSON.readTree(Objects.requireNonNull(json)).forEach(cases::add);
      return cases;
    }
  }

  private static RotaryEmbedding read(JsonNode config) {
    ModelFamily llama = ModelFamilies.find("llama").orElseThrow();
    ConfigReader reader = new ConfigReader(config).withDefaults(llama.defaults());
    Grouped attention = (Grouped) llama.read(reader).mixers().findFirst().orElseThrow();
    assertThat(reader.problems()).isEmpty();
    return ((Rotary) attention.positions()).embedding();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void frequenciesAreTheReferences(JsonNode expected) {
    RotaryEmbedding rotary = read(expected.path("config"));
    JsonNode frequencies = expected.path("inverseFrequencies");
    float[] actual = rotary.inverseFrequencies();
    assertThat(actual).hasSize(frequencies.size());
    for (int i = 0; i < actual.length; i++) {
      float reference = (float) frequencies.get(i).doubleValue();
      assertThat(Math.abs(Float.floatToIntBits(actual[i]) - Float.floatToIntBits(reference)))
          .as("ulps of frequency %d, %s against %s", i, actual[i], reference)
          .isLessThanOrEqualTo(MAX_ULPS);
    }

    assertThat(rotary.attentionFactor())
        .isEqualTo((float) expected.path("attentionFactor").doubleValue());
  }

  private static ObjectNode llama(String members) throws IOException {
    return (ObjectNode)
        JSON.readTree(
            """
            {"model_type": "llama", "hidden_size": 64, "num_attention_heads": 4,
             "max_position_embeddings": 128, %s}"""
                .formatted(members));
  }

  @Test
  void dynamicScalingIsDescribedForLaterLengths() throws IOException {
    RotaryEmbedding rotary =
        read(
            llama("\"rope_theta\": 500, \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 3}"));
    assertThat(rotary.dynamicNtk()).isEqualTo(new DynamicNtk(500, 3, 128, 16));
  }

  @Test
  void equalObjectsPerLayerTypeAreOne() throws IOException {
    String linear = "{\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 500}";
    String nested =
        "\"rope_parameters\": {\"full_attention\": %s, \"sliding_attention\": %s}"
            .formatted(linear, linear);
    assertThat(read(llama(nested)).inverseFrequencies())
        .containsExactly(read(llama("\"rope_parameters\": " + linear)).inverseFrequencies());

    ModelFamily family = ModelFamilies.find("llama").orElseThrow();
    ConfigReader reader =
        new ConfigReader(llama(nested.replaceFirst("500", "600"))).withDefaults(family.defaults());
    family.read(reader);
    assertThat(reader.problems())
        .containsExactly("rope_parameters that differ between layer types are not supported");
  }

  @Test
  void aPartOfTheHeadMayBeRotated() throws IOException {
    RotaryEmbedding rotary = read(llama("\"partial_rotary_factor\": 0.5"));
    assertThat(rotary.rotaryDim()).isEqualTo(8);
  }
}
