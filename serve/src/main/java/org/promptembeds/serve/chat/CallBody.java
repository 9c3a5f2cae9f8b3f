package org.promptembeds.serve.chat;

import java.util.function.Predicate;

/** One call, read character by character. */
interface CallBody {
  /**
   * A call of which nothing has been taken.
   *
   * @param first what it begins with
   */
  static CallBody begin(CallSyntax syntax, char first, Predicate<String> isFunction) {
    return first == '{' || syntax.nameEnds().isEmpty()
        ? new CallObject(syntax.argumentKeys(), isFunction)
        : new NamedCall(syntax.nameEnds());
  }

  /** Takes the next character; nothing once it has ended or failed. */
  void take(char c);

  /** Whether it certainly is a call: its name is known, and arguments have begun. */
  boolean isCall();

  /** Whether it is none. */
  boolean hasFailed();

  boolean hasEnded();

  String name();

  /** What the arguments have grown by since this was asked. */
  String moreArguments();
}
