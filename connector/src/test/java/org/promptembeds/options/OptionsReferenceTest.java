package org.promptembeds.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.parameter.Parameters;

/**
 * Holds {@code docs/options.md} and {@code docs/sampling.md} to the code. With {@code
 * -Dpromptembeds.docs.write=true} the pages are written.
 */
class OptionsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "options.md");
  private static final Path SAMPLING = Path.of("..", "docs", "sampling.md");

  @Test
  void pageSaysWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(PAGE, OptionsReference.markdown());
    }

    assertThat(Files.readString(PAGE)).isEqualTo(OptionsReference.markdown());
  }

  @Test
  void pageOfSamplingSaysWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(SAMPLING, SamplingReference.markdown());
    }

    assertThat(Files.readString(SAMPLING)).isEqualTo(SamplingReference.markdown());
  }

  @Test
  void whatVllmHasAndIsNotHereSaysWhy() {
    assertThat(VllmParameter.ALL)
        .allSatisfy(
            theirs ->
                assertThat(Parameters.find(theirs.name()).isPresent() || !theirs.note().isEmpty())
                    .as(theirs.name())
                    .isTrue());
  }
}
