package org.promptembeds.jinja;

/** A template that cannot be parsed or rendered, and the line where it went wrong. */
public class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private int line;

  /** Failure whose line is not known yet: the statement that is being rendered adds it. */
  JinjaException(String reason) {
    this(reason, 0);
  }

  JinjaException(String reason, int line) {
    super(reason);
    this.reason = reason;
    this.line = line;
  }

  /** Line of the template, counted from 1, or 0 where it is unknown. */
  public int line() {
    return line;
  }

  /** What went wrong, without the line. */
  public String reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return line > 0 ? "line " + line + ": " + reason : reason;
  }

  /** This failure, placed at {@code line} unless a statement inside placed it already. */
  JinjaException at(int line) {
    if (this.line == 0) {
      this.line = line;
    }

    return this;
  }
}
