package org.promptembeds.model.spec;

import java.util.List;
import java.util.stream.Stream;

/** A layer: residual connections, one after another. */
public record LayerSpec(List<ResidualSpec> residuals) {
  /** Name of the branch that mixes positions. */
  public static final String ATTENTION = "attention";

  /** Name of the branch that works on each position alone. */
  public static final String FEED_FORWARD = "feed_forward";

  public LayerSpec {
    residuals = List.copyOf(residuals);
  }

  /** Each block sees the normalised stream: {@code x += block(norm(x))}. */
  public static LayerSpec pre(NormSpec norm, MixerSpec mixer, FeedForwardSpec feedForward) {
    return of(
        BranchSpec.of(ATTENTION, mixer).after(norm),
        BranchSpec.of(FEED_FORWARD, feedForward).after(norm));
  }

  /** What a block says is normalised: {@code x += norm(block(x))}. */
  public static LayerSpec post(NormSpec norm, MixerSpec mixer, FeedForwardSpec feedForward) {
    return of(
        BranchSpec.of(ATTENTION, mixer).before(norm),
        BranchSpec.of(FEED_FORWARD, feedForward).before(norm));
  }

  /** Both: {@code x += norm(block(norm(x)))}. */
  public static LayerSpec sandwich(NormSpec norm, MixerSpec mixer, FeedForwardSpec feedForward) {
    return of(
        BranchSpec.of(ATTENTION, mixer).after(norm).before(norm),
        BranchSpec.of(FEED_FORWARD, feedForward).after(norm).before(norm));
  }

  /** The stream is normalised after each block: {@code x = norm(x + block(x))}. */
  public static LayerSpec streamNormed(
      NormSpec norm, MixerSpec mixer, FeedForwardSpec feedForward) {
    LayerSpec plain = of(BranchSpec.of(ATTENTION, mixer), BranchSpec.of(FEED_FORWARD, feedForward));
    return new LayerSpec(
        plain.residuals().stream().map(residual -> residual.withStreamNorm(norm)).toList());
  }

  /** Both blocks see the same stream: {@code x += mixer(norm(x)) + feedForward(norm(x))}. */
  public static LayerSpec parallel(
      NormSpec mixerNorm, MixerSpec mixer, NormSpec feedForwardNorm, FeedForwardSpec feedForward) {
    return new LayerSpec(
        List.of(
            ResidualSpec.of(
                BranchSpec.of(ATTENTION, mixer).after(mixerNorm),
                BranchSpec.of(FEED_FORWARD, feedForward).after(feedForwardNorm))));
  }

  /** One residual connection per branch. */
  public static LayerSpec of(BranchSpec... branches) {
    return new LayerSpec(Stream.of(branches).map(ResidualSpec::of).toList());
  }

  /** The same layer whose residual connections add {@code scale} times what their blocks say. */
  public LayerSpec scaled(double scale) {
    return new LayerSpec(residuals.stream().map(residual -> residual.scaled(scale)).toList());
  }

  /** Branches of all residual connections. */
  public Stream<BranchSpec> branches() {
    return residuals.stream().flatMap(residual -> residual.branches().stream());
  }
}
