package org.promptembeds.remote;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationResult;

/** What came of one attempt. */
sealed interface Outcome {
  /** The row's outputs, in their order. */
  record Done(List<GenerationResult> results) implements Outcome {}

  /** The server refuses the row, and would again. */
  record Refused(String reason) implements Outcome {}

  /** The server has nothing there, whatever the row: the address or the model's name is wrong. */
  record NotFound(String reason) implements Outcome {}

  /**
   * Another attempt may succeed.
   *
   * @param reason what happened
   * @param unavailable whether the server could not answer at all, which another row would not
   *     change, instead of answering this row wrongly
   * @param retryAfter what the server asks to wait; null if nothing
   */
  record Failed(String reason, boolean unavailable, @Nullable Duration retryAfter)
      implements Outcome {}
}
