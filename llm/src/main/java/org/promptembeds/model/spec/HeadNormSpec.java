package org.promptembeds.model.spec;

/**
 * Normalisation of queries and keys.
 *
 * @param norm what is computed
 * @param scope over which elements
 * @param afterRotation whether positions are applied first
 */
public record HeadNormSpec(NormSpec norm, Scope scope, boolean afterRotation) {
  /** No normalisation. */
  public static final HeadNormSpec NONE = new HeadNormSpec(NormSpec.NONE, Scope.HEAD, false);

  /** Over which elements. */
  public enum Scope {
    /** Each head, with the same weights for all heads. */
    HEAD,
    /** Each head, with weights of its own. */
    EACH_HEAD,
    /** All heads of the projection together. */
    PROJECTION
  }

  /** Each head before its rotation, as Qwen 3 has it. */
  public static HeadNormSpec perHead(NormSpec norm) {
    return new HeadNormSpec(norm, Scope.HEAD, false);
  }

  public boolean isNone() {
    return norm.isNone();
  }
}
