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
    double jitter) {
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
    return new RouterSpec(scoring, false, false, 1, 1, GroupScore.BEST, renormalise, 0, true, 1, 0);
  }

  public RouterSpec withBias() {
    return new RouterSpec(
        scoring,
        true,
        choiceBias,
        groups,
        chosenGroups,
        groupScore,
        renormalise,
        leastSum,
        addsLeastSum,
        scaling,
        jitter);
  }

  public RouterSpec withChoiceBias() {
    return new RouterSpec(
        scoring,
        bias,
        true,
        groups,
        chosenGroups,
        groupScore,
        renormalise,
        leastSum,
        addsLeastSum,
        scaling,
        jitter);
  }

  public RouterSpec withGroups(int count, int chosen, GroupScore score) {
    return new RouterSpec(
        scoring,
        bias,
        choiceBias,
        count,
        chosen,
        score,
        renormalise,
        leastSum,
        addsLeastSum,
        scaling,
        jitter);
  }

  /** The sum of weights is at least so much, or so much larger. */
  public RouterSpec withLeastSum(double least, boolean adds) {
    return new RouterSpec(
        scoring,
        bias,
        choiceBias,
        groups,
        chosenGroups,
        groupScore,
        renormalise,
        least,
        adds,
        scaling,
        jitter);
  }

  public RouterSpec withScaling(double factor) {
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
        factor,
        jitter);
  }

  public RouterSpec withJitter(double noise) {
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
        noise);
  }
}
