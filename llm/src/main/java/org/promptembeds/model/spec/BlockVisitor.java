package org.promptembeds.model.spec;

/**
 * Something that is done for every kind of block: a new kind does not compile until all of them
 * know it.
 *
 * @param <T> what comes of it
 */
public interface BlockVisitor<T> {
  T grouped(Grouped block);

  T latent(Latent block);

  T shortConvolution(ShortConvolution block);

  T deltaNet(DeltaNet block);

  T mamba(Mamba block);

  T mamba2(Mamba2 block);

  T lightning(Lightning block);

  T gated(Gated block);

  T plain(Plain block);

  T experts(Experts block);

  T differential(Differential block);

  T xielu(Xielu block);

  T perLayerInput(PerLayerInput block);
}
