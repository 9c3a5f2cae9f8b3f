package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.BlockSpec;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.ExpertInput;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Nemotron-H: one block a layer, Mamba 2, attention without positions, or a feed-forward block. */
final class NemotronHFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "nemotron_h";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 131072, "hidden_size": 4096, "intermediate_size": 21504,
         "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
         "max_position_embeddings": 4096, "layer_norm_epsilon": 1e-5, "mlp_hidden_act": "relu2",
         "mamba_num_heads": 128, "mamba_head_dim": 64, "n_groups": 8, "ssm_state_size": 128,
         "conv_kernel": 4, "use_conv_bias": true, "use_bias": false, "mlp_bias": false,
         "n_routed_experts": 8, "n_shared_experts": 1, "moe_intermediate_size": 7688,
         "moe_shared_expert_intermediate_size": 7688, "num_experts_per_tok": 2,
         "routed_scaling_factor": 1.0, "n_group": 1, "topk_group": 1, "norm_topk_prob": true,
         "eos_token_id": 2}""";
  }

  private static final String MIXER = "mixer";

  @Override
  public DecoderSpec read(ConfigReader config) {
    double epsilon = config.positive("layer_norm_epsilon");
    NormSpec norm = NormSpec.rms(epsilon);
    List<String> kinds = kinds(config);
    Dimensions sizes = Dimensions.withLayers(config, Math.max(1, kinds.size()));
    Activation activation = config.activation("mlp_hidden_act");
    boolean bias = config.flag("mlp_bias");
    Plain plain = new Plain(config.size("intermediate_size"), activation, bias);
    MixerSpec attention = sizes.attention().build();
    return sizes.decoder(
        modelType(),
        norm,
        layer -> {
          BlockSpec block =
              switch (kinds.get(layer)) {
                case "attention", "full_attention" -> attention;
                case "mlp" -> plain;
                case "moe" -> experts(config, activation, bias);
                default -> mamba(config, epsilon);
              };
          return LayerSpec.of(BranchSpec.of(MIXER, block).after(norm));
        });
  }

  /** A list of kinds, or a letter for each layer. */
  private static List<String> kinds(ConfigReader config) {
    List<String> kinds = config.texts("layers_block_type");
    String pattern = config.text("hybrid_override_pattern");
    if (kinds == null && pattern != null) {
      kinds = pattern.chars().mapToObj(NemotronHFamily::kind).toList();
    }

    List<String> known =
        List.of("mamba", "linear_attention", "attention", "full_attention", "mlp", "moe");
    if (kinds == null || kinds.isEmpty() || !known.containsAll(kinds)) {
      config.problem(
          "layers_block_type must be a list of %s, or hybrid_override_pattern of M, E, * and -, got %s"
              .formatted(known, kinds == null ? "none" : kinds));
      return List.of("mamba");
    }

    return kinds;
  }

  private static String kind(int letter) {
    return switch (letter) {
      case 'M' -> "mamba";
      case 'E' -> "moe";
      case '*' -> "attention";
      case '-' -> "mlp";
      default -> Character.toString(letter);
    };
  }

  private static Mamba2 mamba(ConfigReader config, double epsilon) {
    boolean bias = config.flag("use_bias");
    int groups = config.size("n_groups");
    return new Mamba2(
        config.size("mamba_num_heads"),
        config.size("mamba_head_dim"),
        groups,
        config.size("ssm_state_size"),
        config.size("conv_kernel"),
        config.flag("use_conv_bias"),
        bias,
        bias,
        Mamba2.GatedNorm.AFTER_GATE,
        groups,
        epsilon,
        List.of());
  }

  private static Experts experts(ConfigReader config, Activation activation, boolean bias) {
    int shared = config.size("moe_shared_expert_intermediate_size");
    return Experts.of(
            config.size("n_routed_experts"),
            config.size("num_experts_per_tok"),
            MixtureReader.grouped(
                    config, RouterSpec.builder(Scoring.SIGMOID, config.flag("norm_topk_prob")))
                .withChoiceBias()
                .build(),
            config.size("moe_intermediate_size"),
            activation)
        .withoutGate()
        .seeing(
            config.value("moe_latent_size") == null
                ? ExpertInput.same()
                : new ExpertInput.Latent(config.size("moe_latent_size"), bias))
        .withShared(new Plain(shared, activation, bias), false);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return MambaParts.backbone()
        .with("mixer.qkv", "mixer.q_proj", "mixer.k_proj", "mixer.v_proj")
        .or("mixer.output", new Part("mixer.o_proj", Transform.NONE))
        .with("mixer.up", "mixer.up_proj")
        .with("mixer.down", "mixer.down_proj")
        .with("mixer.router", "mixer.gate")
        .with("mixer.choice_bias", "mixer.gate.e_score_correction_bias")
        .with("mixer.experts.up", "mixer.experts.{expert}.up_proj")
        .or("mixer.experts.up", ExpertNames.merged("mixer.experts.up_proj"))
        .with("mixer.experts.down", "mixer.experts.{expert}.down_proj")
        .or("mixer.experts.down", ExpertNames.merged("mixer.experts.down_proj"))
        .with("mixer.latent_in", "mixer.fc1_latent_proj")
        .with("mixer.latent_out", "mixer.fc2_latent_proj")
        .with("mixer.shared.up", "mixer.shared_experts.up_proj")
        .with("mixer.shared.down", "mixer.shared_experts.down_proj");
  }
}
