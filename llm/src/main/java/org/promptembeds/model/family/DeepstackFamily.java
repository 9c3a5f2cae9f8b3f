package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;

/**
 * A model type to whose stream prompts may add features of a vision tower's inner layers.
 *
 * @param base the type without them
 */
record DeepstackFamily(ModelFamily base) implements ModelFamily {
  @Override
  public String modelType() {
    return base.modelType();
  }

  @Override
  public String defaults() {
    return base.defaults();
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    return base.read(config).withDeepstack();
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return base.names(spec);
  }
}
