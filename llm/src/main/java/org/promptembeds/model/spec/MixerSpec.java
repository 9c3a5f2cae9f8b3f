package org.promptembeds.model.spec;

/** A block that mixes positions, and so keeps something of those that it has seen. */
public sealed interface MixerSpec extends BlockSpec
    permits Grouped, Latent, ShortConvolution, Differential, DeltaNet, Mamba, Mamba2, Lightning {
  /** What is kept. */
  StateLayout state();

  /** How it knows where the positions are. */
  default Positions positions() {
    return Positions.NONE;
  }
}
