package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is known to make the native tokenizer abort the process or never end, looked for before it
 * sees the file: expressions whose time explodes, sequences without end, replacements that multiply
 * a text, templates with unknown tokens, and character maps that lead outside of themselves.
 */
final class TokenizerChecks {
  private static final int MOST_STEPS = 1000;
  private static final double MOST_GROWTH = 64;

  private final List<String> problems = new ArrayList<>();
  private double growth = 1;

  private TokenizerChecks() {}

  /**
   * Checks a file.
   *
   * @throws IOException naming every problem
   */
  static void check(TokenizerFile file) throws IOException {
    TokenizerChecks checks = new TokenizerChecks();
    checks.steps("normalizer", file.normalizers());
    checks.steps("pre_tokenizer", file.preTokenizers());
    checks.steps("decoder", file.decoders());
    file.normalizers().forEach(checks::normalizer);
    checks.template(file.root().path("post_processor"));
    if (!checks.problems.isEmpty()) {
      throw new IOException(String.join("; ", checks.problems));
    }
  }

  private void steps(String field, List<JsonNode> steps) {
    if (steps.size() > MOST_STEPS) {
      problems.add(
          "%s has %,d steps, at most %,d are taken".formatted(field, steps.size(), MOST_STEPS));
    }

    for (JsonNode step : steps) {
      String expression = step.path("pattern").path("Regex").asText("");
      if (NestedQuantifiers.in(expression)) {
        problems.add(
            "%s has an expression that repeats what it repeats, which takes exponential time: %s"
                .formatted(field, expression));
      }

      if (TokenizerFile.type(step).equals("FixedLength") && step.path("length").asInt(0) < 1) {
        problems.add(field + " cuts text into pieces of length 0");
      }
    }
  }

  private void normalizer(JsonNode step) {
    switch (TokenizerFile.type(step)) {
      case "Replace" -> replacement(step);
      case "Precompiled" -> {
        try {
          PrecompiledMap.check(step.path("precompiled_charsmap").asText(""));
        } catch (IOException e) {
          problems.add("precompiled_charsmap of the normalizer: " + e.getMessage());
        }
      }
      default -> {}
    }
  }

  private void replacement(JsonNode step) {
    int replaced = Math.max(1, step.path("pattern").path("String").asText("").length());
    double factor = (double) step.path("content").asText("").length() / replaced;
    double before = growth;
    growth *= Math.max(1, factor);
    if (growth > MOST_GROWTH && before <= MOST_GROWTH) {
      problems.add(
          "the replacements of the normalizer make a text more than %.0f times as long"
              .formatted(MOST_GROWTH));
    }
  }

  /** Every special token of a template is one that it defines. */
  private void template(JsonNode node) {
    node.path("processors").forEach(this::template);
    if (!TokenizerFile.type(node).equals("TemplateProcessing")) {
      return;
    }

    for (String side : List.of("single", "pair")) {
      for (JsonNode piece : node.path(side)) {
        String token = piece.path("SpecialToken").path("id").asText("");
        JsonNode known = node.path("special_tokens").path(token);
        if (piece.has("SpecialToken") && (known.path("ids").isEmpty() || unlike(known))) {
          problems.add(
              "post_processor puts the token '%s' around texts, which its special_tokens do not define"
                  .formatted(token));
        }
      }
    }
  }

  private static boolean unlike(JsonNode known) {
    return known.path("ids").size() != known.path("tokens").size();
  }

  /** Expressions that repeat without bound what is repeated without bound. */
  private static final class NestedQuantifiers {
    private static final Pattern UNBOUNDED = Pattern.compile("[*+]|\\{\\d*,\\}");

    private NestedQuantifiers() {}

    static boolean in(String expression) {
      List<Boolean> repeats = new ArrayList<>(List.of(false)); // of each open group
      boolean closed = false; // whether a group that repeats ends just before
      boolean inClass = false;
      for (int i = 0; i < expression.length(); i++) {
        char c = expression.charAt(i);
        boolean afterRepeating = closed;
        closed = false;
        if (c == '\\') {
          i = endOfEscape(expression, i);
        } else if (inClass) {
          inClass = c != ']';
        } else if (c == '[') {
          inClass = true;
          i += expression.startsWith("^", i + 1) ? 1 : 0;
          i += expression.startsWith("]", i + 1) ? 1 : 0;
        } else if (c == '(') {
          repeats.add(false);
        } else if (c == ')' && repeats.size() > 1) {
          closed = repeats.remove(repeats.size() - 1);
          repeats.set(repeats.size() - 1, repeats.get(repeats.size() - 1) || closed);
        } else if (UNBOUNDED.matcher(expression).region(i, expression.length()).lookingAt()) {
          if (afterRepeating) {
            return true;
          }

          repeats.set(repeats.size() - 1, true);
        }
      }

      return false;
    }

    private static int endOfEscape(String expression, int at) {
      int braced = at + 2;
      boolean property =
          at + 1 < expression.length()
              && "pPx".indexOf(expression.charAt(at + 1)) >= 0
              && expression.startsWith("{", braced);
      int end = property ? expression.indexOf('}', braced) : at + 1;
      return end < 0 ? expression.length() : end;
    }
  }
}
