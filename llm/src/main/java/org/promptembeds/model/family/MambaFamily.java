package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Mamba 1: state space mixers alone. */
final class MambaFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "mamba";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50280, "hidden_size": 768, "state_size": 16, "num_hidden_layers": 32,
         "layer_norm_epsilon": 1e-5, "expand": 2, "conv_kernel": 4, "use_bias": false,
         "use_conv_bias": true, "hidden_act": "silu", "time_step_rank": "auto",
         "tie_word_embeddings": true, "max_position_embeddings": 1048576, "eos_token_id": 0}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    int hidden = config.size("hidden_size");
    NormSpec norm = NormSpec.rms(config.positive("layer_norm_epsilon"));
    MixerSpec mixer =
        new Mamba(
            config.value("intermediate_size") == null
                ? config.size("expand") * hidden
                : config.size("intermediate_size"),
            config.size("state_size"),
            MambaParts.rank(config, "time_step_rank", hidden),
            config.size("conv_kernel"),
            config.flag("use_conv_bias"),
            config.flag("use_bias"),
            NormSpec.NONE);
    LayerSpec layer = LayerSpec.of(BranchSpec.of("mixer", mixer).after(norm));
    return Dimensions.withoutAttention(config).decoder(modelType(), norm, number -> layer);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return MambaParts.backbone();
  }
}
