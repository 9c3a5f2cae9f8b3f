package org.promptembeds.serve.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the body of a message of gpt-oss.
 *
 * @param function whom it calls; empty if it calls no function
 */
record HarmonyHeader(Kind kind, String function) {
  private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*([^\\s<]+)");
  private static final Pattern FUNCTION = Pattern.compile("\\bto=functions\\.([^\\s<]+)");

  /** What a body is. */
  enum Kind {
    REASONING,
    CONTENT,
    CALL
  }

  /** Reads a header, such as {@code <|channel|>commentary to=functions.f <|constrain|>json}. */
  static HarmonyHeader parse(String header) {
    Matcher function = FUNCTION.matcher(header);
    if (function.find()) {
      return new HarmonyHeader(Kind.CALL, function.group(1));
    }

    Matcher channel = CHANNEL.matcher(header);
    boolean thinks = channel.find() && channel.group(1).equals("analysis");
    return new HarmonyHeader(thinks ? Kind.REASONING : Kind.CONTENT, "");
  }
}
