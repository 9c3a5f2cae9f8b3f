package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;

/**
 * A {@code model_type} of Hugging Face transformers: the defaults of its configuration class, what
 * its keys say about the decoder, and what its checkpoints call the weights. To support another
 * type, implement this in one file and add it to {@link ModelFamilies}.
 */
public interface ModelFamily {
  /** Name in {@code config.json}. */
  String modelType();

  /** A JSON object: the values of keys that {@code config.json} may leave out. */
  String defaults();

  /**
   * The decoder that a configuration describes. Problems are noted in {@code config}; what is then
   * returned, or thrown as an {@link IllegalArgumentException}, is not used.
   */
  DecoderSpec read(ConfigReader config);

  /**
   * Names of the weights in checkpoints; those that Llama made common unless a family has others.
   */
  default WeightNames names() {
    return WeightNames.LLAMA;
  }

  /**
   * The same names, with what heads and layouts of a decoder make of them.
   *
   * @param spec what {@link #read} made of the configuration
   */
  default WeightNames names(DecoderSpec spec) {
    return names();
  }
}
