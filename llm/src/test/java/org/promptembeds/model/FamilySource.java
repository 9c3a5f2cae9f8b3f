package org.promptembeds.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.promptembeds.model.family.ModelFamily;

/** The source file of a family, whose documentation says what is its own. */
final class FamilySource {
  private static final Path FOLDER =
      Path.of("src", "main", "java", "org", "promptembeds", "model", "family");
  private static final Pattern DOCUMENTATION =
      Pattern.compile(
          "(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:public )?(?:final )?(?:class|record|enum) ");

  private FamilySource() {}

  /** What the documentation of the family's class says, in one line. */
  static String documentation(ModelFamily family) throws IOException {
    Class<?> outer = family.getClass();
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }

    Path file = FOLDER.resolve(outer.getSimpleName() + ".java");
    Matcher matcher = DOCUMENTATION.matcher(Files.readString(file));
    if (!matcher.find()) {
      throw new IllegalStateException(file + " does not say what the family is");
    }

    return matcher
        .group(1)
        .replaceAll("(?m)^\\s*\\* ?", " ")
        .replaceAll("\\{@(?:code|link) #?([^}]*)\\}", "`$1`")
        .replaceAll("(?s)(<p>|@param.*)", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
