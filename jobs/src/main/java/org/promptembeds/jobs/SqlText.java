package org.promptembeds.jobs;

/** Spark SQL text made from values. */
final class SqlText {
  private SqlText() {}

  /** A string literal, quotes and backslashes escaped. */
  static String string(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** An identifier in backquotes. */
  static String identifier(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
