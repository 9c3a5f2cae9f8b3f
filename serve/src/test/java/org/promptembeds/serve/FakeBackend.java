package org.promptembeds.serve;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.testing.ScriptedBackend;

/** A backend whose tokens are characters: it answers at once, or whenever a test lets it. */
final class FakeBackend extends ScriptedBackend {
  /**
   * A backend.
   *
   * @param answers the text for a row; null leaves the row to the test
   */
  FakeBackend(Function<GenerationRequest, @Nullable String> answers) {
    super(
        row -> {
          String answer = answers.apply(row.request());
          if (answer != null) {
            row.finish(answer);
          }
        });
  }

  private FakeBackend(Script script) {
    super(script);
  }

  /** A backend that tells of {@code text} character by character. */
  static FakeBackend telling(String text) {
    return new FakeBackend(
        (Script)
            row -> {
              text.chars().forEach(c -> row.tell("" + (char) c));
              row.finish(text);
            });
  }
}
