package org.promptembeds.generation.parameter;

/** A place where users give parameters. */
public enum Surface {
  /** Arguments of the SQL functions, and options of their like for DataFrames. */
  SQL("SQL, DataFrame"),
  /** Parameters of the Spark ML transformer. */
  ML("ML"),
  /** Options of the commands that generate. */
  COMMAND_LINE("`generate`, `chat`, `bench`"),
  /** Fields of requests to {@code serve}. */
  SERVER("`serve`"),
  /** Fields of requests that are sent to another server. */
  REMOTE("remote");

  private final String title;

  Surface(String title) {
    this.title = title;
  }

  /** What the reference calls it, in Markdown. */
  public String title() {
    return title;
  }
}
