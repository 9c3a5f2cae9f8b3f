package org.promptembeds.model.spec;

/**
 * A block on its way into a residual stream: {@code scale * outputNorm(block(inputScale *
 * inputNorm(x)))}.
 *
 * @param name of the branch, once in a layer; weight names refer to it
 * @param inputNorm of what the block sees
 * @param inputScale factor on what the block sees
 * @param block what is computed
 * @param outputNorm of what the block says
 * @param scale factor on what is added
 */
public record BranchSpec(
    String name,
    NormSpec inputNorm,
    double inputScale,
    BlockSpec block,
    NormSpec outputNorm,
    double scale) {

  public static BranchSpec of(String name, BlockSpec block) {
    return new BranchSpec(name, NormSpec.NONE, 1, block, NormSpec.NONE, 1);
  }

  /** The block sees the stream after {@code norm}. */
  public BranchSpec after(NormSpec norm) {
    return new BranchSpec(name, norm, inputScale, block, outputNorm, scale);
  }

  /** What the block says passes {@code norm}. */
  public BranchSpec before(NormSpec norm) {
    return new BranchSpec(name, inputNorm, inputScale, block, norm, scale);
  }

  /** The block sees {@code factor} times the normalised stream. */
  public BranchSpec withInputScale(double factor) {
    return new BranchSpec(name, inputNorm, factor, block, outputNorm, scale);
  }

  public BranchSpec scaled(double newScale) {
    return new BranchSpec(name, inputNorm, inputScale, block, outputNorm, newScale);
  }
}
