package org.promptembeds.jobs.bench;

import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.ModelSize;

/**
 * What a model's work comes to: operations of its matrix products, and bytes that it has to read.
 *
 * @param tokenParameters weights that every position is multiplied with
 * @param headParameters weights that it is multiplied with besides where a token is chosen
 * @param positionElements elements of keys and values of a position
 * @param dtype of weights, keys and values
 */
public record ModelCosts(
    long tokenParameters, long headParameters, long positionElements, DType dtype) {
  /** The costs of a model; its embedding table counts only as far as it is the head too. */
  public static ModelCosts of(DecoderSpec spec, DType dtype) {
    ModelSize size = ModelSize.of(spec);
    long head = (long) spec.vocabSize() * spec.hiddenSize();
    long tables = spec.head().tied() ? head : 2 * head;
    return new ModelCosts(size.activeParameters() - tables, head, size.positionElements(), dtype);
  }

  /** Operations of the products of a run, without those of attention. */
  public double operations(long promptTokens, long outputTokens) {
    return 2.0 * tokenParameters * (promptTokens + outputTokens)
        + 2.0 * headParameters * outputTokens;
  }

  /**
   * Bytes that a run reads at least: all weights once in a step, and in decoding the keys and
   * values of every position attended to.
   */
  public double bytes(long steps, double attendedPositions) {
    return dtype.bytes()
        * ((double) steps * (tokenParameters + headParameters)
            + attendedPositions * positionElements);
  }
}
