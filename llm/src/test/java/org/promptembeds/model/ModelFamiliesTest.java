package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.ModelFamilies;
import org.promptembeds.model.family.ModelFamily;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.Positions;

/** Peculiarities of each model type, as the configuration classes of transformers define them. */
class ModelFamiliesTest {
  private static ConfigReader reader(String members) throws IOException {
    return new ConfigReader(
        new JsonMapper()
            .readTree(
                """
                {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 4%s}\
                """
                    .formatted(members)));
  }

  private static DecoderSpec read(String type, String members) throws IOException {
    ModelFamily family = ModelFamilies.find(type).orElseThrow();
    ConfigReader reader = reader(members).withDefaults(family.defaults());
    DecoderSpec spec = family.read(reader);
    assertThat(reader.problems()).isEmpty();
    return spec;
  }

  private static Grouped attention(DecoderSpec spec, int layer) {
    return (Grouped) spec.mixers().toList().get(layer);
  }

  private static Grouped attention(String type, String members) throws IOException {
    return attention(read(type, members), 0);
  }

  private static String problem(String type, String members) throws IOException {
    ModelFamily family = ModelFamilies.find(type).orElseThrow();
    ConfigReader reader = reader(members).withDefaults(family.defaults());
    family.read(reader);
    return String.join("; ", reader.problems());
  }

  @Test
  void llamaBiasesComeFromTheConfiguration() throws IOException {
    DecoderSpec spec = read("llama", ", \"attention_bias\": true, \"mlp_bias\": true");
    Grouped attention = attention(spec, 0);
    assertThat(attention.qkvBias()).isTrue();
    assertThat(attention.outputBias()).isTrue();
    assertThat(attention.kvHeads()).isEqualTo(4);
    assertThat(attention.headNorm().isNone()).isTrue();
    assertThat(spec.blocks().filter(Gated.class::isInstance).map(Gated.class::cast))
        .hasSize(4)
        .allMatch(block -> block.bias() && block.downBias());
  }

  @Test
  void qwen2HasBiasesOnQueryKeyAndValueAlone() throws IOException {
    Grouped attention = attention("qwen2", ", \"num_key_value_heads\": 2");
    assertThat(attention.qkvBias()).isTrue();
    assertThat(attention.outputBias()).isFalse();
    assertThat(attention.headDim()).isEqualTo(16);
  }

  @Test
  void qwen3NormalisesAndHasItsOwnHeadWidth() throws IOException {
    Grouped attention = attention("qwen3", ", \"num_key_value_heads\": null");
    assertThat(attention.headNorm().isNone()).isFalse();
    assertThat(attention.qkvBias()).isFalse();
    assertThat(attention.headDim()).isEqualTo(128);
    assertThat(attention.kvHeads()).isEqualTo(4);
  }

  @Test
  void anAbsentNumberOfKvHeadsIsTheDefaultOfTheType() throws IOException {
    assertThat(problem("mistral", ""))
        .isEqualTo("num_key_value_heads must divide num_attention_heads (4), got 8");
    assertThat(attention("mistral", ", \"num_key_value_heads\": null").kvHeads()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          llama   |                                                                  | 0,0,0,0
          llama   | "sliding_window": 8                                              | 0,0,0,0
          mistral |                                                                  | 4096,4096,4096,4096
          mistral | "sliding_window": null                                           | 0,0,0,0
          mistral | "sliding_window": 8                                              | 8,8,8,8
          qwen2   | "sliding_window": 8                                              | 0,0,0,0
          qwen2   | "sliding_window": 8, "use_sliding_window": true                  | 0,0,0,0
          qwen2   | "use_sliding_window": true, "max_window_layers": 3               | 0,0,0,4096
          qwen3   | "sliding_window": 8, "use_sliding_window": true, "max_window_layers": 0 | 8,8,8,8
          qwen3   | "sliding_window": null, "use_sliding_window": true, "max_window_layers": 0 | 0,0,0,0
          qwen3   | "sliding_window": 8, "use_sliding_window": true, "layer_types": ["full_attention", "sliding_attention", "full_attention", "sliding_attention"] | 0,8,0,8
          """)
  void slidingWindows(String type, String members, String expected) throws IOException {
    String kvHeads = ", \"num_key_value_heads\": 4";
    DecoderSpec spec = read(type, members == null ? kvHeads : kvHeads + ", " + members);
    assertThat(spec.mixers().mapToInt(mixer -> ((Grouped) mixer).window()))
        .containsExactly(ints(expected));
  }

  private static Integer[] ints(String list) {
    return Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toArray(Integer[]::new);
  }

  @Test
  void contradictoryWindowsAreRefused() throws IOException {
    String four = ", \"num_key_value_heads\": 4, \"layer_types\": ";
    String sliding = four + "[\"full_attention\", \"full_attention\", \"x\", \"full_attention\"]";
    assertThat(problem("qwen2", sliding)).startsWith("layer_types[2] is \"x\", supported are");
    assertThat(problem("qwen2", sliding.replace("x", "sliding_attention")))
        .isEqualTo("layer_types[2] is \"sliding_attention\", but sliding_window is off");
    assertThat(problem("mistral", sliding.replace("x", "sliding_attention")))
        .contains("layer_types that differ between layers");
    assertThat(problem("mistral", ", \"num_key_value_heads\": 4, \"sliding_window\": 0"))
        .startsWith("sliding_window must be an integer in [1,");
  }

  @Test
  void exaone4HasPositionsInTheLayersThatSlideAlone() throws IOException {
    String kvHeads = ", \"num_key_value_heads\": 4";
    DecoderSpec spec = read("exaone4", kvHeads + ", \"sliding_window\": 8");
    assertThat(spec.mixers().map(mixer -> ((Grouped) mixer).positions() == Positions.NONE))
        .containsExactly(false, false, false, true);
    DecoderSpec full = read("exaone4", kvHeads + ", \"sliding_window\": null");
    assertThat(full.mixers().map(mixer -> ((Grouped) mixer).positions()))
        .doesNotContain(Positions.NONE);
  }

  @Test
  void smollm3LeavesPositionsOutOfEveryFourthLayer() throws IOException {
    assertThat(attention(read("smollm3", ""), 3).positions()).isEqualTo(Positions.NONE);
    assertThat(attention(read("smollm3", ""), 2).positions()).isNotEqualTo(Positions.NONE);
    assertThat(problem("smollm3", ", \"no_rope_layers\": [1]"))
        .isEqualTo("no_rope_layers has 1 entries, num_hidden_layers is 4");
  }

  @Test
  void gemma4SharesKeysAndValuesWithTheLastLayerOfTheSameType() throws IOException {
    String members =
        """
        , "hidden_size_per_layer_input": 0, "num_kv_shared_layers": 2, "layer_types":
        ["full_attention", "sliding_attention", "sliding_attention", "full_attention"]\
        """;
    DecoderSpec spec = read("gemma4_text", members);
    assertThat(spec.mixers().map(mixer -> ((Grouped) mixer).sharedWith()))
        .containsExactly(Grouped.OWN, Grouped.OWN, 1, 0);
    assertThat(spec.mixers().map(mixer -> ((Grouped) mixer).headDim()))
        .containsExactly(512, 256, 256, 512);
  }

  @Test
  void whatGemma4sExpertsCannotBeWithoutIsAskedForByName() throws IOException {
    assertThat(problem("gemma4_text", ", \"enable_moe_block\": true"))
        .isEqualTo(
            "num_experts is missing; top_k_experts is missing; moe_intermediate_size is missing");
  }

  @Test
  void gpt2IsFourTimesAsWideInsideUnlessItSaysSo() throws IOException {
    assertThat(width("gpt2", ", \"n_embd\": 24, \"n_head\": 3")).isEqualTo(96);
    assertThat(width("gpt2", ", \"n_embd\": 24, \"n_head\": 3, \"n_inner\": 7")).isEqualTo(7);
    assertThat(problem("gpt2", ", \"n_head\": 0"))
        .startsWith("n_head must be an integer in [1, 2147483647], got 0");
  }

  private static int width(String type, String members) throws IOException {
    return read(type, members)
        .blocks()
        .filter(Plain.class::isInstance)
        .mapToInt(block -> ((Plain) block).size())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void falconsLayoutsDifferInKeyHeads() throws IOException {
    assertThat(attention("falcon", "").kvHeads()).isEqualTo(1);
    assertThat(attention("falcon", ", \"multi_query\": false").kvHeads()).isEqualTo(4);
    String grouped = ", \"new_decoder_architecture\": true, \"num_kv_heads\": ";
    assertThat(attention("falcon", grouped + 2).kvHeads()).isEqualTo(2);
    assertThat(problem("falcon", grouped + 3))
        .isEqualTo("num_kv_heads must divide num_attention_heads (4), got 3");
  }

  @Test
  void linearBiasesOfThreeHeads() throws IOException {
    assertThat(slopes("bloom", ", \"n_head\": 3, \"hidden_size\": 24"))
        .containsExactly(0.0625f, 0.00390625f, 0.25f);
    assertThat(slopes("mpt", ", \"n_heads\": 3, \"d_model\": 24"))
        .containsExactly(0.0625f, 0.00390625f, 0.25f);
  }

  private static List<Float> slopes(String type, String members) throws IOException {
    return ((Positions.Alibi) attention(type, members).positions()).slopes();
  }
}
