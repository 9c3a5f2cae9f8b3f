package org.promptembeds.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/options.md} to the code. With {@code -Dpromptembeds.docs.write=true} the page
 * is written.
 */
class OptionsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "options.md");

  @Test
  void pageSaysWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(PAGE, OptionsReference.markdown());
    }

    assertThat(Files.readString(PAGE)).isEqualTo(OptionsReference.markdown());
  }
}
