package org.promptembeds.jobs.files;

/** Spark SQL text made from values. */
public final class SqlText {
  private SqlText() {}

  /** A string literal, quotes and backslashes escaped. */
  public static String string(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** An identifier in backquotes. */
  public static String identifier(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
