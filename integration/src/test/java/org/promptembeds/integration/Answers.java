package org.promptembeds.integration;

/** What the example model says to the first and the third of the example chats. */
final class Answers {
  static final String FRANCE = "The capital of France is Paris. Paris is a city in Europe.";
  static final String SUN = "The sun is bigger than the moon.";

  private Answers() {}
}
