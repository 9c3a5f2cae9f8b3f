package org.promptembeds.sql.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.generation.InvalidRequestException;

/** The arguments of {@code concat_embeds}: the fields of a struct, all of which are parts. */
final class PromptParts {
  private final List<PromptPart> parts;

  PromptParts(StructType type) {
    parts =
        Arrays.stream(type.fields())
            .map(StructField::dataType)
            .map(PromptPart::ofArgument)
            .toList();
  }

  /** What is wrong with the types of the arguments. */
  static List<String> problems(StructType type) {
    List<String> problems = new ArrayList<>();
    for (StructField field : type.fields()) {
      try {
        var unused = PromptPart.ofArgument(field.dataType());
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }

    return problems;
  }

  /**
   * Adds the arguments to {@code prompt}; none of them is NULL.
   *
   * @throws InvalidRequestException naming the argument that is at fault
   */
  void append(InternalRow row, PromptBuilder prompt) {
    for (int i = 0; i < parts.size(); i++) {
      try {
        parts.get(i).append(row, i, prompt);
      } catch (InvalidRequestException e) {
        throw PromptPart.inPart(i, e);
      }
    }
  }
}
