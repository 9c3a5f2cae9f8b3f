package org.promptembeds.model.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * Architecture of a decoder-only model, free of any one family's configuration dialect.
 *
 * @param modelType {@code model_type} of {@code config.json}
 * @param vocabSize rows of the embedding table
 * @param hiddenSize width of the residual stream
 * @param maxPositions longest context, in tokens
 * @param embedding how tokens and prompt embeddings enter
 * @param layers from input to output
 * @param finalNorm before the head
 * @param head from the residual stream to logits
 */
public record DecoderSpec(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int maxPositions,
    EmbeddingSpec embedding,
    List<LayerSpec> layers,
    NormSpec finalNorm,
    HeadSpec head) {
  public DecoderSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a decoder needs at least one layer");
    }
  }

  /** The same decoder, to whose stream a prompt may add features after any layer. */
  public DecoderSpec withDeepstack() {
    return new DecoderSpec(
        modelType,
        vocabSize,
        hiddenSize,
        maxPositions,
        embedding.withDeepstack(layers.size()),
        layers,
        finalNorm,
        head);
  }

  /** Every block of every layer, in the order of computation. */
  public Stream<BlockSpec> blocks() {
    return layers.stream().flatMap(LayerSpec::branches).map(BranchSpec::block);
  }

  /** Every block that mixes positions, in the order of computation. */
  public Stream<MixerSpec> mixers() {
    return blocks().filter(MixerSpec.class::isInstance).map(MixerSpec.class::cast);
  }

  /**
   * The first block of softmax attention.
   *
   * @throws IllegalStateException if there is none
   */
  public Grouped attention() {
    return attentions().findFirst().orElseThrow(() -> new IllegalStateException(modelType));
  }

  /** Width of the part of a head that is rotated in the first block that rotates; 0 without one. */
  public int rotaryDim() {
    return mixers()
        .map(MixerSpec::positions)
        .filter(Positions.Rotary.class::isInstance)
        .map(positions -> ((Positions.Rotary) positions).embedding().rotaryDim())
        .findFirst()
        .orElse(0);
  }

  private Stream<Grouped> attentions() {
    return mixers().filter(Grouped.class::isInstance).map(Grouped.class::cast);
  }

  /** Whether some block keeps recurrent state, which cannot be cut at any position as keys can. */
  public boolean isRecurrent() {
    return mixers().anyMatch(mixer -> mixer.state().isRecurrent());
  }
}
