package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.model.family.ModelFamilies;
import org.promptembeds.model.family.WeightNames;
import org.promptembeds.model.spec.DecoderSpec;

class SkippedWeightsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.layers.0.self_attn.rotary_emb.inv_freq",
        "transformer.h.0.attn.masked_bias",
        "transformer.h.0.attn.bias",
        "gpt_neox.layers.0.attention.bias",
        "visual.blocks.0.attn.qkv.weight",
        "model.visual.merger.mlp.0.weight",
        "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight",
        "multi_modal_projector.linear_1.bias",
        "model.connector.modality_projection.proj.weight",
        "model.embed_audio.embedding_projection.weight",
        "image_newline",
        "mtp.layers.0.input_layernorm.weight"
      })
  void whatIsNoPartOfTheDecoderIsSkipped(String name) {
    assertThat(SkippedWeights.contain(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek-v3", "kimi-k2", "glm4-moe", "glm4-moe-lite"})
  void layersAboveTheDecodersAreSkipped(String golden) throws URISyntaxException {
    URL folder = Objects.requireNonNull(SkippedWeightsTest.class.getResource("/golden/" + golden));
    DecoderSpec spec = ModelDirectory.open(Path.of(folder.toURI())).spec();
    WeightNames names = ModelFamilies.find(spec.modelType()).orElseThrow().names(spec);
    int layers = spec.layers().size();
    for (int layer = 0; layer < 3 * layers + 20; layer++) {
      assertThat(names.skips("model.layers.%d.mlp.down_proj.weight".formatted(layer)))
          .as("layer %d of %d", layer, layers)
          .isEqualTo(layer >= layers);
      assertThat(names.skips("language_model.model.layers.%d.eh_proj.weight".formatted(layer)))
          .isEqualTo(layer >= layers);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.embed_tokens.weight",
        "language_model.model.layers.0.self_attn.q_proj.bias",
        "model.language_model.layers.0.mlp.down_proj.weight",
        "model.layers.0.visual.weight",
        "lm_head.weight"
      })
  void whatMayBeThePartOfADecoderIsNot(String name) {
    assertThat(SkippedWeights.contain(name)).isFalse();
  }
}
