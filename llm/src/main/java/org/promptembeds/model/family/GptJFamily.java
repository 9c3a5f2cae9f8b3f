package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.Positions.Rotary;

/** GPT-J: attention and feed-forward in parallel, neighbours rotated, a bias at the head. */
final class GptJFamily implements ModelFamily {
  private static final double THETA = 10_000;

  @Override
  public String modelType() {
    return "gptj";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50400, "n_embd": 4096, "n_layer": 28, "n_head": 16, "n_positions": 2048,
         "rotary_dim": 64, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
         "eos_token_id": 50256}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader gpt = config.withNames(GptParts.KEYS);
    Dimensions sizes = Dimensions.read(gpt);
    NormSpec norm = GptParts.norm(gpt);
    int rotaryDim = gpt.size("rotary_dim");
    if (rotaryDim > sizes.headDim() || rotaryDim % 2 != 0) {
      gpt.problem(
          "rotary_dim must be even and at most %d, got %d".formatted(sizes.headDim(), rotaryDim));
    }

    MixerSpec attention =
        sizes.attention().positions(new Rotary(RotaryReader.plain(THETA, rotaryDim))).build();
    Plain feedForward = GptParts.feedForward(gpt, sizes, "activation_function", true);
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withBias(true),
        layer -> LayerSpec.parallel(norm, attention, norm, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.NAMES
        .with("attention.qkv", "attn.q_proj", "attn.k_proj", "attn.v_proj")
        .with("attention.output", "attn.out_proj")
        .with("feed_forward.norm", "ln_1")
        .with("feed_forward.up", "mlp.fc_in")
        .with("feed_forward.down", "mlp.fc_out")
        .rotatingNeighbours(spec);
  }
}
