package org.promptembeds.serve.chat;

import java.util.Set;
import java.util.function.Predicate;

/**
 * The JSON object of one call, read character by character: a name, and arguments under one of some
 * names. It is a call from where its name is known and its arguments have begun.
 */
final class CallObject implements CallBody {
  private final Set<String> argumentKeys;
  private final Predicate<String> isFunction;
  private final StringBuilder name = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private JsonValueScan scan = new JsonValueScan();
  private final StringBuilder key = new StringBuilder();
  private State state = State.BEFORE;
  private Field field = Field.OTHER;
  private boolean named;
  private boolean begun;

  private enum State {
    BEFORE,
    KEY_OR_END,
    KEY,
    COLON,
    VALUE,
    IN_VALUE,
    COMMA_OR_END,
    ENDED,
    FAILED
  }

  private enum Field {
    NAME,
    ARGUMENTS,
    OTHER
  }

  /**
   * An object that has not begun.
   *
   * @param argumentKeys what the arguments may be called
   * @param isFunction whether there is a function of a name
   */
  CallObject(Set<String> argumentKeys, Predicate<String> isFunction) {
    this.argumentKeys = argumentKeys;
    this.isFunction = isFunction;
  }

  @Override
  public boolean hasEnded() {
    return state == State.ENDED;
  }

  @Override
  public boolean hasFailed() {
    return state == State.FAILED;
  }

  @Override
  public boolean isCall() {
    return named && (begun || hasEnded());
  }

  @Override
  public String name() {
    return JsonValueScan.text(name.toString());
  }

  @Override
  public String moreArguments() {
    String more = hasEnded() && !begun ? "{}" : arguments.toString();
    begun = true;
    arguments.setLength(0);
    return more;
  }

  @Override
  public void take(char c) {
    boolean isSpace = Character.isWhitespace(c);
    switch (state) {
      case BEFORE -> move(isSpace, c, '{', State.KEY_OR_END);
      case KEY_OR_END -> {
        if (c == '}') {
          state = named ? State.ENDED : State.FAILED;
        } else {
          move(isSpace, c, '"', State.KEY);
          begin(c);
        }
      }
      case KEY -> {
        if (scan.endsWith(c)) {
          state = State.COLON;
        }

        key.append(c);
      }
      case COLON -> move(isSpace, c, ':', State.VALUE);
      case VALUE -> beginValue(isSpace, c);
      case IN_VALUE -> goOn(c);
      case COMMA_OR_END -> {
        if (c == ',') {
          state = State.KEY_OR_END;
        } else if (c == '}') {
          state = named ? State.ENDED : State.FAILED;
        } else if (!isSpace) {
          fail();
        }
      }
      case ENDED, FAILED -> {}
    }
  }

  private void move(boolean isSpace, char c, char expected, State next) {
    if (c == expected) {
      state = next;
    } else if (!isSpace) {
      fail();
    }
  }

  private void begin(char quote) {
    if (state == State.KEY) {
      scan = new JsonValueScan();
      scan.endsWith(quote);
      key.setLength(0);
      key.append(quote);
    }
  }

  private void beginValue(boolean isSpace, char c) {
    if (isSpace) {
      return;
    }

    field = field();
    boolean fits =
        switch (field) {
          case NAME -> c == '"' && !named;
          case ARGUMENTS -> c == '{' && !begun;
          case OTHER -> true;
        };
    if (!fits) {
      fail();
      return;
    }

    scan = new JsonValueScan();
    state = State.IN_VALUE;
    begun |= field == Field.ARGUMENTS;
    goOn(c);
  }

  private Field field() {
    String text = JsonValueScan.text(key.toString());
    if (argumentKeys.contains(text)) {
      return Field.ARGUMENTS;
    }

    return text.equals("name") ? Field.NAME : Field.OTHER;
  }

  private void goOn(char c) {
    if (scan.endsBefore(c)) {
      state = State.COMMA_OR_END;
      take(c);
      return;
    }

    boolean ends = scan.endsWith(c);
    if (ends) {
      state = State.COMMA_OR_END;
    }

    switch (field) {
      case NAME -> {
        name.append(c);
        if (ends) {
          named = isFunction.test(name());
          state = named ? state : State.FAILED;
        }
      }
      case ARGUMENTS -> arguments.append(c);
      case OTHER -> {}
    }
  }

  /** What fails as a call already is one ends there. */
  private void fail() {
    state = isCall() ? State.ENDED : State.FAILED;
  }
}
