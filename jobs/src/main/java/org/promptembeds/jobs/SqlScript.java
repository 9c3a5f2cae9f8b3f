package org.promptembeds.jobs;

import java.util.ArrayList;
import java.util.List;

/** SQL text with several statements, parted at semicolons outside of quotes and comments. */
final class SqlScript {
  private SqlScript() {}

  /** The statements in {@code text}, blank ones left out. */
  static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int position = 0;
    while (position < text.length()) {
      int end = tokenEnd(text, position);
      if (text.charAt(position) == ';') {
        add(statements, statement);
      } else if (isComment(text, position)) {
        statement.append(' ');
      } else {
        statement.append(text, position, end);
      }

      position = end;
    }

    add(statements, statement);
    return statements;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String sql = statement.toString().strip();
    if (!sql.isEmpty()) {
      statements.add(sql);
    }

    statement.setLength(0);
  }

  /** A hint such as {@code /*+ COALESCE(1) *}{@code /} looks like a comment but is none. */
  private static boolean isComment(String text, int position) {
    return text.startsWith("--", position)
        || (text.startsWith("/*", position) && !text.startsWith("/*+", position));
  }

  /** End of the quoted text, comment or single character that starts at {@code position}. */
  private static int tokenEnd(String text, int position) {
    char first = text.charAt(position);
    if (first == '\'' || first == '"' || first == '`') {
      return quoteEnd(text, position, first);
    }

    if (text.startsWith("--", position)) {
      int newline = text.indexOf('\n', position);
      return newline < 0 ? text.length() : newline;
    }

    if (text.startsWith("/*", position)) {
      int close = text.indexOf("*/", position + 2);
      return close < 0 ? text.length() : close + 2;
    }

    return position + 1;
  }

  private static int quoteEnd(String text, int position, char quote) {
    int end = position + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' && quote != '`' ? 2 : 1;
    }

    return Math.min(end + 1, text.length());
  }
}
