package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.Latent;
import org.promptembeds.model.spec.RouterSpec.GroupScore;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Configurations of mixtures of experts as published models have them. */
class MixtureConfigTest {
  private static final String SMALL =
      """
      {"model_type": "%s", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 48,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, %s}""";

  private final Path directory;

  MixtureConfigTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private DecoderSpec read(String config) throws IOException {
    Files.writeString(directory.resolve("config.json"), config);
    return ModelDirectory.open(directory).spec();
  }

  private static List<Experts> mixtures(DecoderSpec spec) {
    return spec.blocks().filter(Experts.class::isInstance).map(Experts.class::cast).toList();
  }

  @Test
  void readsDeepSeekV3() throws IOException {
    DecoderSpec spec =
        read(
            """
            {"model_type": "deepseek_v3", "scoring_func": "sigmoid", "topk_method": "noaux_tc",
             "moe_layer_freq": 1, "num_nextn_predict_layers": 1, "max_position_embeddings": 163840,
             "rope_theta": 10000, "rope_scaling": {"type": "yarn", "factor": 40, "beta_fast": 32,
               "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 1.0,
               "original_max_position_embeddings": 4096}}""");
    Latent latent = (Latent) spec.mixers().findFirst().orElseThrow();
    assertThat(latent.state().slotElements()).isEqualTo(576);
    assertThat(latent.scale()).isCloseTo(0.1352337788608801, within(1e-12));
    assertThat(spec.blocks().filter(Gated.class::isInstance)).hasSize(3);
    List<Experts> mixtures = mixtures(spec);
    assertThat(mixtures).hasSize(58);
    Experts experts = mixtures.get(0);
    assertThat(experts.count()).isEqualTo(256);
    assertThat(experts.shared()).isEqualTo(new Gated(2048, experts.activation()));
    assertThat(experts.router().scoring()).isEqualTo(Scoring.SIGMOID);
    assertThat(experts.router().groups()).isEqualTo(8);
    assertThat(experts.router().chosenGroups()).isEqualTo(4);
    assertThat(experts.router().groupScore()).isEqualTo(GroupScore.TWO_BEST);
    assertThat(experts.router().choiceBias()).isTrue();
    assertThat(experts.router().scaling()).isEqualTo(2.5);
  }

  /** Whose heads do not divide the hidden size, and need not. */
  @Test
  void readsGlm47Flash() throws IOException {
    DecoderSpec spec = read("{\"model_type\": \"glm4_moe_lite\"}");
    Latent latent = (Latent) spec.mixers().findFirst().orElseThrow();
    assertThat(latent.heads()).isEqualTo(20);
    assertThat(latent.scale()).isEqualTo(1 / 16.0);
    assertThat(mixtures(spec)).hasSize(46);
  }

  @Test
  void readsGptOss20b() throws IOException {
    DecoderSpec spec =
        read(
            """
            {"model_type": "gpt_oss", "num_hidden_layers": 24, "num_local_experts": 32,
             "swiglu_limit": 7.0, "rope_theta": 150000, "rope_scaling": {"rope_type": "yarn",
               "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0, "truncate": false,
               "original_max_position_embeddings": 4096}}""");
    assertThat(spec.mixers().map(Grouped.class::cast))
        .hasSize(24)
        .allMatch(block -> block.sinks() && block.qkvBias() && block.outputBias());
    assertThat(spec.mixers().map(Grouped.class::cast).map(Grouped::window))
        .startsWith(128, 0, 128, 0);
    assertThat(mixtures(spec)).hasSize(24).allMatch(experts -> experts.limit() == 7);
  }

  @Test
  void readsTheRotatedPartOfMiniMaxM2InElements() throws IOException {
    assertThat(read("{\"model_type\": \"minimax_m2\", \"rotary_dim\": 64}").rotaryDim())
        .isEqualTo(64);
  }

  /** Scout's file has a number in the place of a flag, and empty lists where it means none. */
  @Test
  void readsLlama4Scout() throws IOException {
    DecoderSpec spec =
        read(
            """
            {"model_type": "llama4_text", "attn_temperature_tuning": 4, "no_rope_layers": [],
             "moe_layers": null}""");
    List<Grouped> mixers = spec.mixers().map(Grouped.class::cast).toList();
    assertThat(mixers.stream().map(Grouped::chunk)).startsWith(8192, 8192, 8192, 0);
    assertThat(mixers.get(2).queryScaling().beta()).isZero();
    assertThat(mixers.get(3).queryScaling().beta()).isEqualTo(0.1);
    assertThat(mixtures(spec)).hasSize(48).allMatch(Experts::scalesInput);
  }

  @ParameterizedTest
  @ValueSource(strings = {"num_experts", "num_local_experts", "n_routed_experts"})
  void readsTheNumberOfExpertsUnderEachOfItsNames(String key) throws IOException {
    for (String type : List.of("mixtral", "qwen3_moe", "qwen2_moe", "olmoe", "gpt_oss")) {
      DecoderSpec spec = read(SMALL.formatted(type, "\"%s\": 12".formatted(key)));
      assertThat(mixtures(spec)).as(type).isNotEmpty().allMatch(experts -> experts.count() == 12);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          mixtral     | "num_experts": 4, "num_local_experts": 8 | the numbers of experts in [num_experts,
          mixtral     | "num_experts_per_tok": 9                 | 9 experts per token must be between 1 and the 8
          gpt_oss     | "swiglu_limit": 6.0                      | swiglu_limit 6.0 is not supported, only [7.0]
          gpt_oss     | "hidden_act": "gelu"                     | hidden_act "gelu" is not supported, only [silu]
          qwen2_moe   | "layer_types": ["full_attention", "sliding_attention"] | layer_types[1] is "sliding_attention"
          deepseek_v2 | "topk_method": "noaux_tc"                | topk_method "noaux_tc" is not supported
          deepseek_v2 | "norm_topk_prob": true                   | norm_topk_prob true is not supported
          deepseek_v2 | "qk_rope_head_dim": 7                    | the rotated part of a head must be even
          deepseek_v3 | "scoring_func": "softmax"                | scoring_func "softmax" is not supported
          deepseek_v3 | "n_routed_experts": 60                   | 8 groups do not divide 60 experts
          deepseek_v3 | "n_group": 256, "topk_group": 8          | groups of one expert have no two best
          deepseek_v3 | "topk_group": 9                          | 9 of 8 groups of 32 experts each
          kimi_k2     | "moe_layer_freq": 2                      | moe_layer_freq 2 is not supported, only [1]
          glm4_moe_lite | "mlp_layer_types": ["dense", "wide"]   | mlp_layer_types[1] is "wide", supported are [sparse, dense]
          phimoe      | "num_experts_per_tok": 3                 | num_experts_per_tok 3 is not supported, only [2]
          minimax_m2  | "shared_intermediate_size": 8            | shared_intermediate_size 8 is not supported
          ernie4_5_moe | "moe_layer_start_index": [1, 1]         | moe_layer_start_index must be
          llama4_text | "no_rope_layers": [1]                    | no_rope_layers has 1 entries
          """)
  void refusesByName(String type, String members, String message) {
    assertThatThrownBy(() -> read(SMALL.formatted(type, members)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(message);
  }
}
