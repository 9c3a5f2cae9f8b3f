package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;

/**
 * A model type whose decoder is that of another one, with defaults of its own.
 *
 * @param modelType name in {@code config.json}
 * @param base the other type
 * @param defaults of this one
 */
record DerivedFamily(String modelType, ModelFamily base, String defaults) implements ModelFamily {
  @Override
  public DecoderSpec read(ConfigReader config) {
    return base.read(config);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return base.names(spec);
  }
}
