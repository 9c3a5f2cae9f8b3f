package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.weights.Weights;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** Random damage to a model directory: it opens, or there is one {@link BackendException}. */
class MalformedModelTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String CONFIG =
      """
      {"model_type": "%s", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 48,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
       "hidden_act": "silu", "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
       "tie_word_embeddings": false, "rope_theta": 10000.0, "use_sliding_window": true,
       "rope_scaling": {"rope_type": "%s", "factor": 2.0, "low_freq_factor": 1.0,
         "high_freq_factor": 4.0, "original_max_position_embeddings": 64, "beta_fast": 32,
         "beta_slow": 1, "attention_factor": 1.0, "mscale": 1.0, "truncate": true},
       "sliding_window": 16, "max_window_layers": 1, "attention_bias": false, "mlp_bias": false,
       "layer_types": ["full_attention", "sliding_attention"], "torch_dtype": "float32",
       "architectures": ["XForCausalLM"], "eos_token_id": [1, 2], "partial_rotary_factor": 1.0}""";

  private static final List<JsonNode> VALUES =
      List.of(
          NODES.nullNode(),
          NODES.textNode("x"),
          NODES.booleanNode(true),
          NODES.numberNode(0),
          NODES.numberNode(-1),
          NODES.numberNode(3),
          NODES.numberNode(1.5),
          NODES.numberNode(1e300),
          NODES.numberNode(1e-300),
          NODES.numberNode(Double.NaN),
          NODES.numberNode(Double.POSITIVE_INFINITY),
          NODES.numberNode(Long.MAX_VALUE),
          NODES.numberNode(Integer.MAX_VALUE),
          NODES.arrayNode(),
          NODES.arrayNode().add(1).add("full_attention"),
          NODES.objectNode(),
          NODES.objectNode().put("full_attention", 1));

  private final Path directory;

  MalformedModelTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("config.json"), text);
  }

  /** Opens the directory and returns whether it was accepted. */
  private boolean opens(String description) {
    try {
      DecoderSpec spec = ModelDirectory.open(directory).spec();
      assertThat(spec.mixers().map(Grouped.class::cast))
          .as(description)
          .hasSize(spec.layers().size())
          .allMatch(block -> block.heads() % block.kvHeads() == 0)
          .allMatch(block -> ((Rotary) block.positions()).embedding().isFinite());
      return true;
    } catch (BackendException e) {
      assertThat(e).as(description).hasMessageContaining(directory.toString());
      return false;
    }
  }

  @Test
  void valuesOfTheWrongKind() throws IOException {
    Random random = new Random(11);
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      String type = pick(random, List.of("llama", "qwen2", "qwen3", "mistral"));
      String rope = pick(random, List.of("default", "linear", "dynamic", "llama3", "yarn"));
      ObjectNode config = (ObjectNode) JSON.readTree(CONFIG.formatted(type, rope));
      for (int damage = random.nextInt(3); damage > 0; damage--) {
        ObjectNode object =
            config.get("rope_scaling") instanceof ObjectNode scaling && random.nextBoolean()
                ? scaling
                : config;
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        if (keys.isEmpty() || random.nextInt(8) == 0) {
          object.remove(keys);
        } else {
          object.set(pick(random, keys), pick(random, VALUES));
        }
      }

      write(config.toString());
      if (opens(config.toString())) {
        accepted++;
      } else {
        refused++;
      }
    }

    assertThat(accepted).isGreaterThan(100);
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void damagedText() throws IOException {
    Random random = new Random(12);
    String text = CONFIG.formatted("llama", "llama3");
    for (int i = 0; i < 500; i++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.setCharAt(at, (char) random.nextInt(128));
          case 1 -> damaged.deleteCharAt(at);
          default -> damaged.insert(at, "{}[]\",:019e-".charAt(random.nextInt(12)));
        }
      }

      write(damaged.toString());
      opens(damaged.toString());
    }
  }

  @Test
  void damagedWeights() throws IOException {
    Path file = directory.resolve("model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of("format", "pt"))) {
      writer.add("a", Tensor.ofFloats(new float[6], 2, 3));
      writer.add("b", Tensor.ofFloats(new float[4], 4));
      writer.commit();
    }

    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(13);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length - random.nextInt(3));
      for (int damage = random.nextInt(4); damage > 0; damage--) {
        damaged[random.nextInt(random.nextBoolean() ? 8 : damaged.length)] =
            (byte) random.nextInt();
      }

      Files.write(file, damaged);
      assertThatCode(this::openWeights).doesNotThrowAnyException();
    }
  }

  private void openWeights() {
    try (Weights weights = Weights.open(directory)) {
      weights.names().forEach(name -> weights.find(name).byteCount());
    } catch (BackendException e) {
      assertThat(e).hasMessageContaining(directory.toString());
    }
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
