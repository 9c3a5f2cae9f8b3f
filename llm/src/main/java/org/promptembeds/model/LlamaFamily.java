package org.promptembeds.model;

/** Llama 1 to 3.3, and the many models that share its architecture. */
final class LlamaFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public ModelDefaults defaults() {
    return new ModelDefaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, 2);
  }

  @Override
  public void read(ConfigReader config, DecoderConfigBuilder decoder) {
    boolean attentionBias = config.flag("attention_bias", false);
    decoder.qkvBias = attentionBias;
    decoder.outputBias = attentionBias;
    decoder.mlpBias = config.flag("mlp_bias", false);
  }
}
