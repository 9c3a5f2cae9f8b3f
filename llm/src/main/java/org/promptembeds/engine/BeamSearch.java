package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.promptembeds.generation.TokenLogprobs;

/**
 * Beam search as Hugging Face transformers has it, with {@code early_stopping} false: of all
 * continuations of the beams the best go on that do not end, and those of the best {@code width}
 * that end are candidates for the outputs, by their log-probability over length to the power of the
 * penalty.
 *
 * <p>Scores are 32-bit floats, as there, so that sums round alike. Confined to one thread.
 */
final class BeamSearch {
  private static final int[] NO_TOKENS = {};

  private final int width;
  private final double lengthPenalty;
  private final int[] endingTokenIds;
  private final int mostTokens;

  /** Beams that go on, best first. */
  private List<Beam> live = List.of(new Beam(0, NO_TOKENS, 0));

  /** Outputs that have ended, best first, at most {@code width}. */
  private List<Beam> ended = List.of();

  /**
   * An output so far.
   *
   * @param parent place of the beam that it continues among those that were live before
   * @param tokenIds its tokens
   * @param score the sum of their log-probabilities, of an ended one over its length
   */
  record Beam(int parent, int[] tokenIds, float score) {
    private Beam with(int parentPlace, int tokenId, float newScore) {
      int[] longer = Arrays.copyOf(tokenIds, tokenIds.length + 1);
      longer[tokenIds.length] = tokenId;
      return new Beam(parentPlace, longer, newScore);
    }

    private Beam scored(float newScore) {
      return new Beam(parent, tokenIds, newScore);
    }
  }

  /**
   * A search whose one beam has no tokens.
   *
   * @param width beams that go on
   * @param endingTokenIds tokens that end an output, ascending
   * @param mostTokens most tokens of an output
   */
  BeamSearch(int width, double lengthPenalty, int[] endingTokenIds, int mostTokens) {
    this.width = width;
    this.lengthPenalty = lengthPenalty;
    this.endingTokenIds = endingTokenIds;
    this.mostTokens = mostTokens;
  }

  /** Continuations that have to be known of each beam: so many that {@code width} go on. */
  static int candidates(int width, int[] endingTokenIds) {
    return width + endingTokenIds.length;
  }

  int width() {
    return width;
  }

  /** Beams that go on, best first; 1 at the beginning, at most {@code width} later. */
  List<Beam> live() {
    return live;
  }

  /** The outputs, best first: {@code width} of them once the search has ended. */
  List<Beam> ended() {
    return ended;
  }

  /** Whether an output ended with a token of its own, not for its length. */
  boolean hasEnding(Beam beam) {
    return isEnding(beam.tokenIds()[beam.tokenIds().length - 1]);
  }

  private boolean isEnding(int tokenId) {
    return Arrays.binarySearch(endingTokenIds, tokenId) >= 0;
  }

  /**
   * Makes every beam one token longer.
   *
   * @param answers for each live beam the {@link #candidates} most likely tokens
   * @return whether the search goes on
   */
  boolean advance(List<TokenLogprobs> answers) {
    List<Beam> best = continuations(answers);
    int length = live.get(0).tokenIds().length + 1;
    boolean isLast = length >= mostTokens;
    List<Beam> going = new ArrayList<>(width);
    List<Beam> merged = new ArrayList<>(ended);
    for (int i = 0; i < best.size(); i++) {
      Beam beam = best.get(i);
      if (!isLast && !hasEnding(beam)) {
        going.add(beam);
      } else if (i < width) {
        merged.add(beam.scored(overLength(beam.score(), length)));
      }
    }

    // The sort is stable: of equal ones the first that ended stays.
    merged.sort(Comparator.comparingDouble(beam -> -(double) beam.score()));
    ended = List.copyOf(merged.subList(0, Math.min(width, merged.size())));
    live = List.copyOf(going.subList(0, Math.min(width, going.size())));
    return !live.isEmpty() && canImprove(length);
  }

  /** Whether the best live beam would be among the outputs if it ended as it is. */
  private boolean canImprove(int length) {
    return ended.size() < width
        || overLength(live.get(0).score(), length) > ended.get(width - 1).score();
  }

  private float overLength(float score, int length) {
    return score / (float) Math.pow(length, lengthPenalty);
  }

  private List<Beam> continuations(List<TokenLogprobs> answers) {
    List<Beam> all = new ArrayList<>();
    for (int parent = 0; parent < live.size(); parent++) {
      TokenLogprobs told = answers.get(parent);
      for (int i = 0; i < told.topTokenIds().length; i++) {
        float score = live.get(parent).score() + told.topLogprobs()[i];
        all.add(live.get(parent).with(parent, told.topTokenIds()[i], score));
      }
    }

    all.sort(Comparator.comparingDouble(beam -> -(double) beam.score()));
    return all;
  }
}
