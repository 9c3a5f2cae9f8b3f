package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Mamba2.GatedNorm;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Granite 4: Mamba 2, attention in some layers, a shared block beside experts. */
final class GraniteMoeHybridFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "granitemoehybrid";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-6, "hidden_act": "silu", "embedding_multiplier": 1.0,
         "logits_scaling": 1.0, "residual_multiplier": 1.0, "attention_multiplier": 1.0,
         "num_local_experts": 8, "num_experts_per_tok": 2, "shared_intermediate_size": 1024,
         "mamba_n_heads": 128, "mamba_n_groups": 1, "mamba_d_state": 256, "mamba_d_head": "auto",
         "mamba_d_conv": 4, "mamba_expand": 2, "mamba_conv_bias": true, "mamba_proj_bias": false,
         "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean bias = config.flag("attention_bias");
    Grouped.Builder attention =
        sizes.attention().biases(bias, bias).scale(config.positive("attention_multiplier"));
    if ("rope".equals(config.text("position_embedding_type"))) {
      attention.positions(sizes.rotary(config));
    }

    int inner = config.size("mamba_expand") * sizes.hiddenSize();
    MixerSpec full = attention.build();
    MixerSpec mamba =
        MambaParts.bamba(
            config, inner, config.flag("mamba_proj_bias"), GatedNorm.AFTER_GATE, 1, List.of());
    FeedForwardSpec feedForward = feedForward(config, sizes);
    List<String> types =
        LayerTypes.read(
            config,
            sizes.layers(),
            List.of("mamba", "linear_attention", "attention", LayerTypes.FULL),
            layer -> "mamba");
    double scale = config.positive("residual_multiplier");
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize())
            .withInputScale(config.positive("embedding_multiplier")),
        norm,
        HeadSpec.of(sizes.tied()).withScale(1 / config.positive("logits_scaling")),
        layer ->
            LayerSpec.pre(
                    norm,
                    List.of("attention", LayerTypes.FULL).contains(types.get(layer)) ? full : mamba,
                    feedForward)
                .scaled(scale));
  }

  /** The shared block, and experts beside it if there are any. */
  private static FeedForwardSpec feedForward(ConfigReader config, Dimensions sizes) {
    Gated shared =
        new Gated(config.size("shared_intermediate_size"), config.activation("hidden_act"));
    int count = config.count("num_local_experts");
    return count == 0
        ? shared
        : Experts.of(
                count,
                config.size("num_experts_per_tok"),
                RouterSpec.of(Scoring.SOFTMAX_OF_CHOSEN, false),
                sizes.intermediateSize(),
                config.activation("hidden_act"))
            .withShared(shared, false);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    String experts = "block_sparse_moe.";
    return MambaParts.named(WeightNames.LLAMA, "attention", "mamba.")
        .with("feed_forward.gate_up", "shared_mlp.input_linear")
        .with("feed_forward.down", "shared_mlp.output_linear")
        .with("feed_forward.shared.gate_up", "shared_mlp.input_linear")
        .with("feed_forward.shared.down", "shared_mlp.output_linear")
        .with("feed_forward.router", experts + "router.layer")
        .or("feed_forward.router", new Part(experts + "router", Transform.NONE))
        .with("feed_forward.experts.gate_up", experts + "input_linear")
        .or("feed_forward.experts.gate_up", ExpertNames.merged(experts + "experts.gate_up_proj"))
        .with("feed_forward.experts.down", experts + "output_linear")
        .or("feed_forward.experts.down", ExpertNames.merged(experts + "experts.down_proj"));
  }
}
