package org.promptembeds.jinja;

/** A refusal by the template itself, through {@code raise_exception(message)}. */
public final class RaisedException extends JinjaException {
  private static final long serialVersionUID = 1L;

  RaisedException(String message) {
    super(message);
  }
}
