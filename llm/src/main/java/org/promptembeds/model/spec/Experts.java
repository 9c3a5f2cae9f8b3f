package org.promptembeds.model.spec;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts (arXiv:1701.06538): each token passes the few feed-forward blocks that a
 * router chooses for it, and the shared one if there is one.
 *
 * @param count experts
 * @param perToken experts that a token passes
 * @param router that chooses them
 * @param size inner width of an expert
 * @param activation of an expert
 * @param gated whether an expert multiplies its activated gate by a second projection
 * @param bias whether the experts' projections have biases
 * @param limit GPT-OSS's bound on the gate and on the other projection, to which 1 is then added; 0
 *     for none
 * @param scalesInput whether weights multiply what an expert sees, not what it says
 * @param shared block that every token passes
 * @param sharedGate whether what it says is multiplied by the sigmoid of a gate
 * @param input what experts see
 */
public record Experts(
    int count,
    int perToken,
    RouterSpec router,
    int size,
    Activation activation,
    boolean gated,
    boolean bias,
    double limit,
    boolean scalesInput,
    @Nullable FeedForwardSpec shared,
    boolean sharedGate,
    ExpertInput input)
    implements FeedForwardSpec {
  public Experts {
    if (perToken < 1 || perToken > count) {
      throw new IllegalArgumentException(
          "%d experts per token must be between 1 and the %d that there are"
              .formatted(perToken, count));
    }

    int groups = router.groups();
    if (groups < 1 || count % groups != 0) {
      throw new IllegalArgumentException(
          "%d groups do not divide %d experts".formatted(groups, count));
    }

    int ofChosen = count / groups * router.chosenGroups();
    if (router.chosenGroups() > groups || perToken > ofChosen) {
      throw new IllegalArgumentException(
          "%d of %d groups of %d experts each cannot give %d experts per token"
              .formatted(router.chosenGroups(), groups, count / groups, perToken));
    }

    if (groups > 1 && groups == count && router.groupScore() == RouterSpec.GroupScore.TWO_BEST) {
      throw new IllegalArgumentException("groups of one expert have no two best");
    }
  }

  /** Gated experts without biases, and no shared one. */
  public static Experts of(
      int count, int perToken, RouterSpec router, int size, Activation activation) {
    return new Experts(
        count,
        perToken,
        router,
        size,
        activation,
        true,
        false,
        0,
        false,
        null,
        false,
        ExpertInput.same());
  }

  public Experts withShared(FeedForwardSpec block, boolean gate) {
    Draft draft = new Draft(this);
    draft.shared = block;
    draft.sharedGate = gate;
    return draft.finish();
  }

  public Experts withBias(double newLimit) {
    Draft draft = new Draft(this);
    draft.bias = true;
    draft.limit = newLimit;
    return draft.finish();
  }

  public Experts scalingInput() {
    Draft draft = new Draft(this);
    draft.scalesInput = true;
    return draft.finish();
  }

  public Experts withoutGate() {
    Draft draft = new Draft(this);
    draft.gated = false;
    return draft.finish();
  }

  /** Experts that see {@code newInput} of the hidden states. */
  public Experts seeing(ExpertInput newInput) {
    Draft draft = new Draft(this);
    draft.input = newInput;
    return draft.finish();
  }

  /** A copy of which some parts are about to change. */
  private static final class Draft {
    private final Experts like;
    private boolean gated;
    private boolean bias;
    private double limit;
    private boolean scalesInput;
    private @Nullable FeedForwardSpec shared;
    private boolean sharedGate;
    private ExpertInput input;

    Draft(Experts like) {
      this.like = like;
      gated = like.gated;
      bias = like.bias;
      limit = like.limit;
      scalesInput = like.scalesInput;
      shared = like.shared;
      sharedGate = like.sharedGate;
      input = like.input;
    }

    Experts finish() {
      return new Experts(
          like.count,
          like.perToken,
          like.router,
          like.size,
          like.activation,
          gated,
          bias,
          limit,
          scalesInput,
          shared,
          sharedGate,
          input);
    }
  }

  /** Rows of an expert's first projection. */
  public int firstRows() {
    return gated ? 2 * size : size;
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.experts(this);
  }
}
