package org.promptembeds.engine;

/**
 * How many slots to reserve for a sequence, from the outputs that have ended so far.
 *
 * <p>Rows of one job tend to have outputs of similar length. Room for that length, reserved from
 * the start, saves most copies and pre-emptions; room for {@code max_tokens} would keep other rows
 * out.
 */
final class OutputForecast {
  private static final double FIRST_GUESS = 64;
  private static final double WEIGHT = 1.0 / 16;

  /** Least growth in slots, so that the copy that it may take pays off. */
  private static final int LEAST_GROWTH = 16;

  private double meanOutput = FIRST_GUESS;

  /** Takes note of an output that has ended. */
  void observe(int outputLength) {
    meanOutput += WEIGHT * (outputLength - meanOutput);
  }

  /** Slots for a sequence that is admitted, or for all beams of its search, to their end. */
  int capacityToStartWith(Sequence sequence) {
    if (sequence.gang() != null) {
      return sequence.together().size() * sequence.slotLimit();
    }

    int rest = (int) Math.ceil(meanOutput) - sequence.outputLength();
    return bounded(sequence, Math.max(LEAST_GROWTH, rest));
  }

  /** Slots below which growth is not worth while. */
  int leastCapacity(Sequence sequence) {
    return bounded(sequence, LEAST_GROWTH);
  }

  /** Slots for a sequence that has outgrown its region: the output may double. */
  int capacityToGrowTo(Sequence sequence) {
    return bounded(sequence, Math.max(LEAST_GROWTH, sequence.outputLength()));
  }

  private static int bounded(Sequence sequence, int headroom) {
    return (int) Math.min((long) sequence.length() + headroom, sequence.slotLimit());
  }
}
