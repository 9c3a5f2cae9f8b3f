package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.promptembeds.model.family.ModelFamilies;

/**
 * Holds {@code docs/models.md}, and the family that {@code CONTRIBUTING.md} shows, to the code.
 * With {@code -Dpromptembeds.docs.write=true} the page is written.
 */
class ModelsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "models.md");
  private static final Path FAMILY =
      Path.of("src/main/java/org/promptembeds/model/family/ArceeFamily.java");

  @Test
  void pageSaysWhatTheCodeSays() throws IOException {
    String page = ModelsReference.markdown();
    if (Boolean.getBoolean("promptembeds.docs.write")) {
      Files.writeString(PAGE, page);
    }

    assertThat(ModelFamilies.modelTypes()).allMatch(type -> page.contains("| `" + type + "` |"));
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  @Test
  void contributorsAreShownAFamilyThatIsThere() throws IOException {
    String source = Files.readString(FAMILY);

    assertThat(source.lines()).hasSizeLessThan(60);
    assertThat(Files.readString(Path.of("..", "CONTRIBUTING.md")))
        .contains("```java\n" + source.substring(source.indexOf("/**")) + "```");
  }
}
