package org.promptembeds.serve.chat;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls of functions among text, as a {@link CallSyntax} has them. What looks like a call and
 * turns out to be none is content.
 */
final class CallReader extends HeldReader {
  /** Characters after which what is no call yet is text: reading it again must stay cheap. */
  private static final int LONGEST_DOUBT = 8192;

  private final CallSyntax syntax;
  private final Marks opening;
  private final Predicate<String> isFunction;
  private final TrimmedText content = new TrimmedText(MessagePart.Content::new);
  private State state;
  private int calls;
  private int at; // in the text that is held: what is read of a call that is not certain yet
  private @Nullable CallBody call;

  private enum State {
    /** Nothing has come, so that a call may begin without a mark. */
    BEGINNING,
    TEXT,
    /** A mark, or what may begin a call without one, is held from its beginning on. */
    MAYBE_CALL,
    CALL,
    /** After a call: another, its closing mark, or text. */
    AFTER
  }

  /**
   * A reader.
   *
   * @param isFunction whether there is a function of a name; asked where no mark tells calls
   */
  CallReader(CallSyntax syntax, Predicate<String> isFunction) {
    this.syntax = syntax;
    this.opening = syntax.opening();
    this.isFunction = isFunction;
    this.state = syntax.bare() ? State.BEGINNING : State.TEXT;
  }

  @Override
  boolean step(Consumer<MessagePart> parts, boolean last) {
    return switch (state) {
      case BEGINNING -> begin(parts);
      case TEXT -> text(parts, last);
      case MAYBE_CALL -> maybeCall(parts, last);
      case CALL -> goOn(parts);
      case AFTER -> after(last);
    };
  }

  private boolean begin(Consumer<MessagePart> parts) {
    int from = 0;
    while (from < held.length() && Character.isWhitespace(held.charAt(from))) {
      from++;
    }

    if (from == held.length()) {
      return false;
    }

    content.add(take(from), parts);
    state = held.charAt(0) == '{' ? State.MAYBE_CALL : State.TEXT;
    return true;
  }

  private boolean text(Consumer<MessagePart> parts, boolean last) {
    content.add(take(opening.find(held)), parts);
    if (opening.at(held, 0) != null) {
      state = State.MAYBE_CALL;
      return true;
    }

    if (last) {
      content.add(take(held.length()), parts);
    }

    return false;
  }

  private boolean maybeCall(Consumer<MessagePart> parts, boolean last) {
    boolean marked = opening.at(held, 0) != null;
    CallBody body = call;
    if (body == null) {
      at = marked ? syntax.open().length() : 0;
      while (at < held.length() && held.charAt(at) != '{' && syntax.isSeparator(held.charAt(at))) {
        at++;
      }

      if (at == held.length() || at >= LONGEST_DOUBT) {
        return (last || at >= LONGEST_DOUBT) && reject(parts, marked);
      }

      body = CallBody.begin(syntax, held.charAt(at), syntax.bare() ? isFunction : name -> true);
      call = body;
    }

    int end = Math.min(held.length(), LONGEST_DOUBT);
    while (at < end && !body.hasFailed() && !body.isCall()) {
      body.take(held.charAt(at++));
    }

    if (body.isCall()) {
      take(at);
      content.trim();
      parts.accept(new MessagePart.Call(calls, body.name()));
      tellArguments(body, parts);
      state = body.hasEnded() ? State.AFTER : State.CALL;
      return true;
    }

    return (body.hasFailed() || at >= LONGEST_DOUBT || last) && reject(parts, marked);
  }

  /** Takes the beginning of what is held for text, and reads the rest anew. */
  private boolean reject(Consumer<MessagePart> parts, boolean marked) {
    call = null;
    state = State.TEXT;
    content.add(take(marked ? syntax.open().length() : 1), parts);
    return true;
  }

  private boolean goOn(Consumer<MessagePart> parts) {
    CallBody body = call;
    if (body == null) {
      throw new IllegalStateException("no call has begun");
    }

    int read = 0;
    while (read < held.length() && !body.hasEnded()) {
      body.take(held.charAt(read++));
    }

    take(read);
    tellArguments(body, parts);
    state = body.hasEnded() ? State.AFTER : State.CALL;
    return true;
  }

  private void tellArguments(CallBody body, Consumer<MessagePart> parts) {
    String more = body.moreArguments();
    if (!more.isEmpty()) {
      parts.accept(new MessagePart.Arguments(calls, more));
    }

    if (body.hasEnded()) {
      calls++;
      call = null;
    }
  }

  private boolean after(boolean last) {
    Marks marks = syntax.close().isEmpty() ? opening : Marks.of(syntax.open(), syntax.close());
    String mark = marks.at(held, 0);
    if (mark != null) {
      boolean opens = mark.equals(syntax.open());
      take(opens ? 0 : mark.length());
      state = opens ? State.MAYBE_CALL : State.AFTER;
    } else if (!last && marks.mayBegin(held, 0)) {
      return false;
    } else if (held.charAt(0) == '{' && syntax.close().isEmpty()) {
      state = State.MAYBE_CALL;
    } else if (syntax.isSeparator(held.charAt(0))) {
      take(1);
    } else {
      state = State.TEXT;
    }

    return true;
  }

  @Override
  void finish(Consumer<MessagePart> parts) {
    content.add(take(held.length()), parts);
    content.flush(parts);
  }
}
