package org.promptembeds.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.QueryScaling;
import org.promptembeds.model.spec.RouterSpec;

/** The text model of Llama 4: attention in chunks, layers without positions, scaled inputs. */
final class Llama4TextFamily implements ModelFamily {
  private static final String CHUNKED = "chunked_attention";

  @Override
  public String modelType() {
    return "llama4_text";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 202048, "hidden_size": 5120, "intermediate_size": 8192,
     "intermediate_size_mlp": 16384, "num_hidden_layers": 48, "num_attention_heads": 40,
     "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 131072,
     "rms_norm_eps": 1e-5, "hidden_act": "silu", "rope_theta": 500000.0,
     "num_local_experts": 16, "num_experts_per_tok": 1, "interleave_moe_layer_step": 1,
     "use_qk_norm": true, "no_rope_layer_interval": 4, "attention_chunk_size": 8192,
     "attn_temperature_tuning": true, "floor_scale": 8192, "attn_scale": 0.1,
     "eos_token_id": 2}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Grouped[] attention = attention(config, sizes, norm);
    Gated dense = new Gated(config.size("intermediate_size_mlp"), config.activation("hidden_act"));
    RouterSpec router = RouterSpec.of(RouterSpec.Scoring.SIGMOID, false);
    Experts routed = MixtureReader.of(config, router, sizes.intermediateSize()).scalingInput();
    Experts experts = routed.withShared(new Gated(routed.size(), routed.activation()), false);
    IntPredicate isSparse = sparseLayers(config);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention[layer], isSparse.test(layer) ? experts : dense));
  }

  private static Grouped[] attention(ConfigReader config, Dimensions sizes, NormSpec norm) {
    boolean[] rotates = LayerTypes.rotating(config, sizes.layers());
    List<String> types =
        LayerTypes.read(
            config,
            sizes.layers(),
            List.of(LayerTypes.FULL, CHUNKED),
            layer -> rotates[layer] ? CHUNKED : LayerTypes.FULL);
    int chunk = config.sizeOr("attention_chunk_size", 0);
    Rotary rotary = sizes.rotary(config);
    HeadNormSpec headNorm =
        config.flag("use_qk_norm")
            ? new HeadNormSpec(norm.withoutWeight(), HeadNormSpec.Scope.HEAD, true)
            : HeadNormSpec.NONE;
    QueryScaling scaling =
        tunes(config)
            ? new QueryScaling(config.positive("attn_scale"), config.positive("floor_scale"), 1)
            : QueryScaling.NONE;
    Grouped[] attention = new Grouped[sizes.layers()];
    for (int layer = 0; layer < attention.length; layer++) {
      attention[layer] =
          sizes
              .rotaryAttention(config)
              .positions(rotates[layer] ? rotary : Positions.NONE)
              .headNorm(rotates[layer] ? headNorm : HeadNormSpec.NONE)
              .queryScaling(rotates[layer] ? QueryScaling.NONE : scaling)
              .chunk(types.get(layer).equals(CHUNKED) ? chunk : 0)
              .build();
    }

    return attention;
  }

  /** Some files have a number, which like Python's is true unless it is 0. */
  private static boolean tunes(ConfigReader config) {
    JsonNode value = config.value("attn_temperature_tuning");
    if (value != null && value.isNumber()) {
      return value.intValue() != 0;
    }

    return config.flag("attn_temperature_tuning");
  }

  private static IntPredicate sparseLayers(ConfigReader config) {
    List<Integer> stated = config.integers("moe_layers");
    int step = config.size("interleave_moe_layer_step");
    return layer -> stated == null ? (layer + 1) % step == 0 : stated.contains(layer);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return WeightNames.LLAMA
        .with("feed_forward.gate_up", "feed_forward.gate_proj", "feed_forward.up_proj")
        .with("feed_forward.down", "feed_forward.down_proj")
        .with("feed_forward.router", "feed_forward.router")
        .with("feed_forward.experts.gate_up", merged("feed_forward.experts.gate_up_proj"))
        .with("feed_forward.experts.down", merged("feed_forward.experts.down_proj"))
        .with(
            "feed_forward.shared.gate_up",
            "feed_forward.shared_expert.gate_proj",
            "feed_forward.shared_expert.up_proj")
        .with("feed_forward.shared.down", "feed_forward.shared_expert.down_proj")
        .rotatingNeighbours(spec);
  }

  private static Part merged(String name) {
    return new Part(name + WeightNames.WHOLE, Transform.TRANSPOSED);
  }
}
