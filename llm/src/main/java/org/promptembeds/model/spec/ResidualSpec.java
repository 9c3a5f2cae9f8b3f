package org.promptembeds.model.spec;

import java.util.List;

/**
 * A residual connection: {@code x = carryScale * carried + scale * norm(sum of branches)}, where
 * what is carried is the stream or what the first branch's norm makes of it.
 *
 * @param branches whose sum is added
 * @param norm of the sum
 * @param scale factor on the sum
 * @param carriesNormed whether the normalised stream goes on instead of the stream
 * @param carryScale factor on what goes on
 * @param streamNorm of the new stream
 */
public record ResidualSpec(
    List<BranchSpec> branches,
    NormSpec norm,
    double scale,
    boolean carriesNormed,
    double carryScale,
    NormSpec streamNorm) {
  public ResidualSpec {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("a residual connection needs at least one branch");
    }
  }

  /** Adds the sum of the branches. */
  public static ResidualSpec of(BranchSpec... branches) {
    return new ResidualSpec(List.of(branches), NormSpec.NONE, 1, false, 1, NormSpec.NONE);
  }

  public ResidualSpec scaled(double newScale) {
    return new ResidualSpec(branches, norm, newScale, carriesNormed, carryScale, streamNorm);
  }

  public ResidualSpec withNorm(NormSpec newNorm) {
    return new ResidualSpec(branches, newNorm, scale, carriesNormed, carryScale, streamNorm);
  }

  /** The normalised stream goes on, {@code factor} times. */
  public ResidualSpec carryingNormed(double factor) {
    return new ResidualSpec(branches, norm, scale, true, factor, streamNorm);
  }

  /** The stream goes on, {@code factor} times. */
  public ResidualSpec carrying(double factor) {
    return new ResidualSpec(branches, norm, scale, carriesNormed, factor, streamNorm);
  }

  public ResidualSpec withStreamNorm(NormSpec newNorm) {
    return new ResidualSpec(branches, norm, scale, carriesNormed, carryScale, newNorm);
  }

  /** Whether it is {@code x += scale * block(norm(x))}, which is computed in place. */
  public boolean isSimple() {
    return branches.size() == 1
        && norm.isNone()
        && streamNorm.isNone()
        && branches.get(0).outputNorm().isNone()
        && branches.get(0).scale() == 1
        && branches.get(0).inputScale() == 1
        && !carriesNormed
        && carryScale == 1;
  }
}
