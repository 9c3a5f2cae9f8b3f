package org.promptembeds.model;

/**
 * A {@code model_type} of Hugging Face transformers: the defaults of its configuration class, and
 * what its keys say about the decoder. To support another type, implement this and add it to {@link
 * ModelFamilies}.
 */
interface ModelFamily {
  /** Name in {@code config.json}. */
  String modelType();

  /** Values of keys that {@code config.json} may leave out. */
  ModelDefaults defaults();

  /** Sets what is peculiar to this type; sizes, norm, activation and rotary embedding are set. */
  void read(ConfigReader config, DecoderConfigBuilder decoder);
}
