package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Mamba 2: state space mixers alone. */
final class Mamba2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "mamba2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32768, "hidden_size": 4096, "state_size": 128, "num_hidden_layers": 64,
         "num_heads": 128, "head_dim": 64, "n_groups": 8, "layer_norm_epsilon": 1e-5, "expand": 2,
         "conv_kernel": 4, "use_bias": false, "use_conv_bias": true, "hidden_act": "silu",
         "tie_word_embeddings": false, "max_position_embeddings": 1048576, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    double epsilon = config.positive("layer_norm_epsilon");
    NormSpec norm = NormSpec.rms(epsilon);
    boolean bias = config.flag("use_bias");
    MixerSpec mixer =
        new Mamba2(
            config.size("num_heads"),
            config.size("head_dim"),
            config.size("n_groups"),
            config.size("state_size"),
            config.size("conv_kernel"),
            config.flag("use_conv_bias"),
            bias,
            bias,
            Mamba2.GatedNorm.AFTER_GATE,
            1,
            epsilon,
            List.of());
    LayerSpec layer = LayerSpec.of(BranchSpec.of("mixer", mixer).after(norm));
    return Dimensions.withoutAttention(config).decoder(modelType(), norm, number -> layer);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return MambaParts.backbone();
  }
}
