package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.promptembeds.torch.StepField.Kind;

/**
 * Writes {@code step.py}: the named tuple {@code Step} and how it is made of what one native call
 * takes.
 *
 * <p>The integers are the numbers, the sizes of the parts, and what {@link Kind#NUMBERS} holds; the
 * tensors are that of the parts, then each of the others.
 */
final class StepSource {
  private StepSource() {}

  static String write() {
    List<StepField> numbers = StepField.of(Kind.NUMBER);
    List<StepField> parts = StepField.of(Kind.INT32, Kind.INT64);
    List<StepField> tensors = StepField.of(Kind.BYTES, Kind.FLOAT64);
    int sizesEnd = numbers.size() + parts.size();
    List<String> values = new ArrayList<>();
    for (StepField field : StepField.values()) {
      values.add(
          switch (field.kind()) {
            case NUMBER -> "ints[%d]".formatted(numbers.indexOf(field));
            case NUMBERS -> "ints[%d:]".formatted(sizesEnd);
            case INT32 -> "parts[%d]".formatted(parts.indexOf(field));
            case INT64 -> "parts[%d].long()".formatted(parts.indexOf(field));
            case BYTES -> "tensors[%d].to(device, 0, True)".formatted(1 + tensors.indexOf(field));
            case FLOAT64 -> "tensors[%d]".formatted(1 + tensors.indexOf(field));
          });
    }

    StringBuilder source = new StringBuilder("class Step(NamedTuple):\n");
    for (StepField field : StepField.values()) {
      source.append("    %s : %s\n".formatted(field.attribute(), type(field.kind())));
    }

    return source
        .append("\n\ndef unpack(ints: List[int], tensors: List[Tensor], device: Device)")
        .append(" -> __torch__.step.Step:\n")
        .append(
            "    parts = torch.split_with_sizes(tensors[0].to(device, 3, True), ints[%d:%d])\n"
                .formatted(numbers.size(), sizesEnd))
        .append("    return __torch__.step.Step(\n        ")
        .append(values.stream().collect(Collectors.joining(",\n        ")))
        .append(")\n")
        .toString();
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case NUMBER -> "int";
      case NUMBERS -> "List[int]";
      case INT32, INT64, BYTES, FLOAT64 -> "Tensor";
    };
  }
}
