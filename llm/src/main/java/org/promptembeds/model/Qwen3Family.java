package org.promptembeds.model;

/** Qwen 3, dense: normalised queries and keys, a head width of its own. */
final class Qwen3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public ModelDefaults defaults() {
    return new ModelDefaults(151936, 4096, 22016, 32, 32, 32, 128, 32768, -1);
  }

  @Override
  public void read(ConfigReader config, DecoderConfigBuilder decoder) {
    boolean attentionBias = config.flag("attention_bias", false);
    decoder.qkvBias = attentionBias;
    decoder.outputBias = attentionBias;
    decoder.qkNorm = true;
    SlidingWindows.readUpperLayers(config, decoder.slidingWindows);
  }
}
