package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Differential;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;

/** DiffLlama: Llama with differential attention. */
final class DiffLlamaFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "diffllama";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 2048, "intermediate_size": 8192,
         "num_hidden_layers": 16, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-5, "hidden_act": "silu", "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    double epsilon = config.positive("rms_norm_eps");
    NormSpec norm = NormSpec.rms(epsilon);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    Rotary rotary = sizes.rotary(config);
    boolean bias = config.flag("attention_bias");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            LayerSpec.pre(
                norm,
                new Differential(
                    sizes.heads(),
                    sizes.kvHeads(),
                    sizes.headDim(),
                    bias,
                    rotary,
                    0.8 - 0.6 * Math.exp(-0.3 * layer),
                    epsilon),
                feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("attention.lambda_q1", "self_attn.lambda_q1")
        .with("attention.lambda_k1", "self_attn.lambda_k1")
        .with("attention.lambda_q2", "self_attn.lambda_q2")
        .with("attention.lambda_k2", "self_attn.lambda_k2");
  }
}
