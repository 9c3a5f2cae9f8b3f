package org.promptembeds.model.spec;

/**
 * How a mixture chooses experts for a token and weighs them, from one logit per expert in float32.
 *
 * @param scoring from logits to scores
 * @param bias whether the projection to logits has a bias
 * @param choiceBias whether a bias of its own is added to scores for the choice alone
 * @param groups groups of experts, of which the best {@code chosenGroups} are looked at; 1 for none
 * @param chosenGroups groups that are looked at
 * @param groupScore what a group is worth
 * @param renormalise whether the weights of the chosen are divided by their sum
 * @param leastSum what that sum is at least, or what is added to it, see {@code addsLeastSum}
 * @param addsLeastSum whether {@code leastSum} is added to the sum, rather than its lower bound
 * @param scaling factor on the weights
 * @param jitter of the sparse mixer; 0 for the others
 * @param inputNorm of what the router sees
 * @param inputScale factor on what the router sees
 * @param expertScales whether weights are multiplied by a learned number of each expert
 */
public record RouterSpec(
    Scoring scoring,
    boolean bias,
    boolean choiceBias,
    int groups,
    int chosenGroups,
    GroupScore groupScore,
    boolean renormalise,
    double leastSum,
    boolean addsLeastSum,
    double scaling,
    double jitter,
    NormSpec inputNorm,
    double inputScale,
    boolean expertScales) {
  /** From logits to scores. */
  public enum Scoring {
    /** Softmax over all experts. */
    SOFTMAX,
    /** The best logits, and softmax over them. */
    SOFTMAX_OF_CHOSEN,
    SIGMOID,
    /** Two experts, each by a softmax over those that come near it (arXiv:2409.12136). */
    SPARSE_MIXER
  }

  /** What a group is worth. */
  public enum GroupScore {
    /** Its best score. */
    BEST,
    /** The sum of its two best scores. */
    TWO_BEST
  }

  /** A router without biases and groups. */
  public static RouterSpec of(Scoring scoring, boolean renormalise) {
    return builder(scoring, renormalise).build();
  }

  /** Collects what departs from a router without biases and groups. */
  public static Builder builder(Scoring scoring, boolean renormalise) {
    return new Builder(scoring, renormalise);
  }

  /** Collects what departs from a plain router. */
  public static final class Builder {
    private final Scoring scoring;
    private final boolean renormalise;
    private boolean bias;
    private boolean choiceBias;
    private int groups = 1;
    private int chosenGroups = 1;
    private GroupScore groupScore = GroupScore.BEST;
    private double leastSum;
    private boolean addsLeastSum = true;
    private double scaling = 1;
    private double jitter;
    private NormSpec inputNorm = NormSpec.NONE;
    private double inputScale = 1;
    private boolean expertScales;

    private Builder(Scoring scoring, boolean renormalise) {
      this.scoring = scoring;
      this.renormalise = renormalise;
    }

    public Builder withBias() {
      bias = true;
      return this;
    }

    public Builder withChoiceBias() {
      choiceBias = true;
      return this;
    }

    public Builder groups(int count, int chosen, GroupScore score) {
      groups = count;
      chosenGroups = chosen;
      groupScore = score;
      return this;
    }

    /** The sum of weights is at least so much, or so much larger. */
    public Builder leastSum(double least, boolean adds) {
      leastSum = least;
      addsLeastSum = adds;
      return this;
    }

    public Builder scaling(double factor) {
      scaling = factor;
      return this;
    }

    public Builder jitter(double noise) {
      jitter = noise;
      return this;
    }

    /** The router sees {@code factor} times the normalised hidden states. */
    public Builder seeing(NormSpec norm, double factor) {
      inputNorm = norm;
      inputScale = factor;
      return this;
    }

    /** Weights are multiplied by a number of each expert. */
    public Builder withExpertScales() {
      expertScales = true;
      return this;
    }

    public RouterSpec build() {
      return new RouterSpec(
          scoring,
          bias,
          choiceBias,
          groups,
          chosenGroups,
          groupScore,
          renormalise,
          leastSum,
          addsLeastSum,
          scaling,
          jitter,
          inputNorm,
          inputScale,
          expertScales);
    }
  }
}
