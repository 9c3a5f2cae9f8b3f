package org.promptembeds.jobs;

import org.jspecify.annotations.Nullable;

/**
 * One tensor as a row: a bean, as Spark's encoders want it, which pass arrays of primitives on
 * without boxing.
 */
public final class PromptRow {
  private @Nullable String name;
  private float @Nullable [] @Nullable [] embeds; // (sequence_length, hidden_size)
  private @Nullable String problem;

  /** An empty row, for Spark. */
  public PromptRow() {}

  PromptRow(String name, float @Nullable [] @Nullable [] embeds, @Nullable String problem) {
    this.name = name;
    this.embeds = embeds;
    this.problem = problem;
  }

  /** The tensor's name. */
  public @Nullable String getName() {
    return name;
  }

  public void setName(@Nullable String name) {
    this.name = name;
  }

  /** Its values; null if it cannot be a prompt. */
  public float @Nullable [] @Nullable [] getEmbeds() {
    return embeds;
  }

  public void setEmbeds(float @Nullable [] @Nullable [] embeds) {
    this.embeds = embeds;
  }

  /** Why it cannot be a prompt; null if it can. */
  public @Nullable String getProblem() {
    return problem;
  }

  public void setProblem(@Nullable String problem) {
    this.problem = problem;
  }
}
