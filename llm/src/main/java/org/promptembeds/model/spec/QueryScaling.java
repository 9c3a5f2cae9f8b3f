package org.promptembeds.model.spec;

/**
 * Queries grow with their position: by {@code 1 + beta * log(1 + floor((position + shift) /
 * span))}.
 *
 * @param beta 0 changes nothing
 * @param span positions after which they grow
 * @param shift added to the position
 */
public record QueryScaling(double beta, double span, double shift) {
  /** Queries stay as they are. */
  public static final QueryScaling NONE = new QueryScaling(0, 1, 0);
}
