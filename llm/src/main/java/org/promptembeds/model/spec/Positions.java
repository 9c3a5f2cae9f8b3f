package org.promptembeds.model.spec;

import java.util.List;

/** How an attention block knows where its keys are. */
public sealed interface Positions {
  /** Not at all, but for the causal mask. */
  record None() implements Positions {}

  /**
   * Rotary embedding (arXiv:2104.09864) of the first {@code 2 * pairs} elements of a head, in
   * halves (element i with element i + pairs); checkpoints in which neighbours are pairs are
   * reordered when they are loaded.
   *
   * @param embedding frequencies
   * @param sections pairs that turn with the temporal, the vertical and the horizontal position of
   *     multimodal rotary embedding; empty if all turn with one position
   * @param interleavedSections whether the pairs of a section lie three apart, not side by side
   */
  record Rotary(RotaryEmbedding embedding, List<Integer> sections, boolean interleavedSections)
      implements Positions {
    public Rotary {
      sections = List.copyOf(sections);
    }

    public Rotary(RotaryEmbedding embedding) {
      this(embedding, List.of(), false);
    }

    /** Per pair, which of three positions turns it; empty if all turn with one. */
    public int[] axes() {
      int[] axes = new int[sections.isEmpty() ? 0 : embedding.inverseFrequencies().length];
      int start = 0;
      for (int axis = 0; axis < sections.size(); axis++) {
        int length = sections.get(axis);
        for (int i = 0; i < length; i++) {
          int pair = interleavedSections ? 3 * i + axis : start + i;
          if (pair < axes.length && (axis > 0 || !interleavedSections)) {
            axes[pair] = axis;
          }
        }

        start += length;
      }

      return axes;
    }
  }

  /**
   * Linear biases (arXiv:2108.12409): a score falls by the head's slope for each position of
   * distance.
   *
   * @param slopes one per query head
   */
  record Alibi(List<Float> slopes) implements Positions {
    public Alibi {
      slopes = List.copyOf(slopes);
    }
  }

  /** No positions. */
  Positions NONE = new None();
}
