package org.promptembeds.source;

import org.apache.spark.sql.connector.read.streaming.Offset;

/** How far a stream has come: the number of the last entry of its log; {@link #START} is none. */
final class StreamOffset extends Offset {
  static final StreamOffset START = new StreamOffset(-1);

  private final long entry;

  StreamOffset(long entry) {
    this.entry = entry;
  }

  /**
   * The offset that {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is another source's
   */
  static StreamOffset parse(String json) {
    try {
      return new StreamOffset(Long.parseLong(json.trim()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the checkpoint has offset %s, which is none of %s: choose another checkpointLocation"
              .formatted(json, PromptEmbedsSource.NAME),
          e);
    }
  }

  long entry() {
    return entry;
  }

  @Override
  public String json() {
    return Long.toString(entry);
  }
}
