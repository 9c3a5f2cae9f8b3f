package org.promptembeds.model.family;

import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** ERNIE 4.5 with a mixture of experts in a range of its layers. */
final class Ernie45MoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "ernie4_5_moe";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 103424, "hidden_size": 2560, "intermediate_size": 12288,
         "num_hidden_layers": 28, "num_attention_heads": 20, "num_key_value_heads": 4,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 500000.0, "tie_word_embeddings": true, "moe_intermediate_size": 1536,
         "moe_k": 6, "moe_num_experts": 64, "moe_num_shared_experts": 2,
         "moe_layer_start_index": 1, "moe_layer_end_index": -1, "moe_layer_interval": 1,
         "moe_norm_min": 1e-12, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean bias = config.flag("use_bias");
    MixerSpec attention =
        sizes.attention().positions(sizes.rotary(config)).biases(bias, bias).build();
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"), bias);
    Experts experts = experts(config, bias);
    IntPredicate isSparse = sparseLayers(config, sizes.layers());
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withBias(bias),
        layer -> LayerSpec.pre(norm, attention, isSparse.test(layer) ? experts : dense));
  }

  private static Experts experts(ConfigReader config, boolean bias) {
    RouterSpec router =
        RouterSpec.builder(RouterSpec.Scoring.SOFTMAX, true)
            .withChoiceBias()
            .leastSum(config.positive("moe_norm_min"), false)
            .build();
    int size = config.size("moe_intermediate_size");
    Experts experts =
        Experts.of(
            MixtureReader.count(config),
            config.size("moe_k"),
            router,
            size,
            config.activation("hidden_act"));
    int shared = config.count("moe_num_shared_experts");
    return shared == 0
        ? experts
        : experts.withShared(
            new Gated(Math.multiplyExact(shared, size), experts.activation(), bias), false);
  }

  /** Every {@code moe_layer_interval}-th layer of a range, whose end -1 is the last one. */
  private static IntPredicate sparseLayers(ConfigReader config, int layers) {
    int start = config.count("moe_layer_start_index");
    Double end = config.number("moe_layer_end_index", -1);
    int last = end == null || end < 0 ? layers - 1 : end.intValue();
    int interval = config.size("moe_layer_interval");
    return layer -> (layer + 1) % interval == 0 && layer >= start && layer <= last;
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return ExpertNames.DEEPSEEK
        .with("feed_forward.choice_bias", "mlp.moe_statics.e_score_correction_bias")
        .rotatingNeighbours(spec);
  }
}
