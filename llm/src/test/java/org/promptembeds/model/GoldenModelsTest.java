package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden models, as transformers writes them, hold the weights that their configurations ask
 * for.
 */
class GoldenModelsTest {
  static List<Path> models() throws IOException, URISyntaxException {
    Path golden =
        Path.of(Objects.requireNonNull(GoldenModelsTest.class.getResource("/golden")).toURI());
    try (Stream<Path> directories = Files.list(golden)) {
      return directories.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void weightsMatchTheConfiguration(Path directory) {
    ModelDirectory model = ModelDirectory.open(directory);
    DecoderConfig config = model.config();
    try (Weights weights = model.weights()) {
      check(weights, "model.embed_tokens.weight", config.vocabSize(), config.hiddenSize());
      check(weights, "model.norm.weight", config.hiddenSize());
      assertThat(weights.contains("lm_head.weight")).isNotEqualTo(config.tiedEmbeddings());
      for (int layer = 0; layer < config.layers(); layer++) {
        String prefix = "model.layers." + layer + ".";
        String attention = prefix + "self_attn.";
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        check(weights, attention + "q_proj.weight", queries, config.hiddenSize());
        check(weights, attention + "k_proj.weight", keys, config.hiddenSize());
        check(weights, attention + "o_proj.weight", config.hiddenSize(), queries);
        check(
            weights, prefix + "mlp.up_proj.weight", config.intermediateSize(), config.hiddenSize());
        assertThat(weights.contains(attention + "v_proj.bias")).isEqualTo(config.qkvBias());
        assertThat(weights.contains(attention + "o_proj.bias")).isEqualTo(config.outputBias());
        assertThat(weights.contains(prefix + "mlp.down_proj.bias")).isEqualTo(config.mlpBias());
        assertThat(weights.contains(attention + "q_norm.weight")).isEqualTo(config.qkNorm());
      }
    }
  }

  private static void check(Weights weights, String name, long... shape) {
    assertThat(weights.find(name).shape()).as(name).containsExactly(shape);
  }
}
