package org.promptembeds.jobs.files;

import org.jspecify.annotations.Nullable;

/** A chat with its prompt embeddings: a bean, as Spark's encoders want it. */
public final class ChatRow {
  private String id = "";
  private float[] embeds = {}; // (sequence_length * hidden_size), row-major
  private @Nullable String question;

  /** An empty row, for Spark. */
  public ChatRow() {}

  ChatRow(String id, float[] embeds, @Nullable String question) {
    this.id = id;
    this.embeds = embeds;
    this.question = question;
  }

  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }

  /** Prompt embeddings, one position after the other. */
  public float[] getEmbeds() {
    return embeds;
  }

  public void setEmbeds(float[] embeds) {
    this.embeds = embeds;
  }

  /** What was asked last. */
  public @Nullable String getQuestion() {
    return question;
  }

  public void setQuestion(@Nullable String question) {
    this.question = question;
  }
}
