package org.promptembeds.jobs.doctor;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param subject what it is
 * @param state whether it fits
 * @param found what is there
 * @param remedy what to do about it, best a line to type; null if nothing is to be done
 */
public record Finding(String subject, State state, String found, @Nullable String remedy) {
  /** Checks that what does not fit has a remedy. */
  public Finding {
    if (state == State.PROBLEM && remedy == null) {
      throw new IllegalArgumentException("the problem of " + subject + " has no remedy");
    }
  }

  /** Whether something fits. */
  public enum State {
    /** It does. */
    OK,
    /** It works, and could be better. */
    NOTE,
    /** It does not. */
    PROBLEM
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, State.OK, found, null);
  }

  static Finding note(String subject, String found, String remedy) {
    return new Finding(subject, State.NOTE, found, remedy);
  }

  static Finding problem(String subject, String found, String remedy) {
    return new Finding(subject, State.PROBLEM, found, remedy);
  }

  Optional<String> whatToDo() {
    return Optional.ofNullable(remedy);
  }
}
