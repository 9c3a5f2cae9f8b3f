package org.promptembeds.jobs;

/** What the launcher knows of the console: a JVM sees only its own two streams together. */
final class Console {
  private Console() {}

  /** Whether the error stream is a terminal. */
  static boolean isTerminal() {
    return System.getenv("PROMPT_EMBEDS_TERMINAL") != null;
  }
}
