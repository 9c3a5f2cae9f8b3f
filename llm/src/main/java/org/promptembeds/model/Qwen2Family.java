package org.promptembeds.model;

/** Qwen 1.5, 2 and 2.5: biases on query, key and value, a sliding window in the upper layers. */
final class Qwen2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public ModelDefaults defaults() {
    return new ModelDefaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, -1);
  }

  @Override
  public void read(ConfigReader config, DecoderConfigBuilder decoder) {
    decoder.qkvBias = true;
    SlidingWindows.readUpperLayers(config, decoder.slidingWindows);
  }
}
