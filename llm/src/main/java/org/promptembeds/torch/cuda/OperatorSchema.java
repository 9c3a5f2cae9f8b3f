package org.promptembeds.torch.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signature of an operator, as TorchScript writes it.
 *
 * @param name of the operator, without its namespace
 * @param kinds of its parameters, in their order
 * @param text the whole of it
 */
record OperatorSchema(String name, List<Kind> kinds, String text) {
  /** What a cell of the stack holds. */
  enum Kind {
    TENSOR,
    OPTIONAL_TENSOR,
    NUMBER
  }

  private static final Pattern WHOLE = Pattern.compile("(\\w+)\\((.*)\\) -> \\(\\)");
  private static final Pattern PARAMETER =
      Pattern.compile("(Tensor|int|float|bool)(\\([a-z]!\\))?(\\?)? \\w+(?:=None)?");

  OperatorSchema {
    kinds = List.copyOf(kinds);
  }

  /**
   * Reads a signature.
   *
   * @throws IllegalArgumentException if it uses what operators here cannot take
   */
  static OperatorSchema parse(String text) {
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      throw new IllegalArgumentException("not a signature \"name(...) -> ()\": " + text);
    }

    List<Kind> kinds = new ArrayList<>();
    for (String parameter : whole.group(2).split(", ", -1)) {
      Matcher matcher = PARAMETER.matcher(parameter);
      boolean known = matcher.matches();
      boolean optional = known && matcher.group(3) != null;
      if (!known || (optional && !matcher.group(1).equals("Tensor"))) {
        throw new IllegalArgumentException(
            "parameter \"%s\" is none of Tensor, Tensor?, int, float, bool: %s"
                .formatted(parameter, text));
      }

      boolean tensor = matcher.group(1).equals("Tensor");
      kinds.add(optional ? Kind.OPTIONAL_TENSOR : tensor ? Kind.TENSOR : Kind.NUMBER);
    }

    return new OperatorSchema(whole.group(1), kinds, text);
  }
}
