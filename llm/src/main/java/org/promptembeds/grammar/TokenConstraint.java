package org.promptembeds.grammar;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.ReadState;
import org.promptembeds.grammar.automaton.Reader;
import org.promptembeds.grammar.automaton.TokenMask;
import org.promptembeds.grammar.automaton.TokenMasks;

/**
 * Which tokens an output may go on with. Confined to the thread of its {@link
 * ConstrainedVocabulary}.
 */
public final class TokenConstraint {
  private final TokenMasks masks;
  private final Reader reader;
  private ReadState state;

  TokenConstraint(TokenMasks masks, Reader reader) {
    this.masks = masks;
    this.reader = reader;
    this.state = reader.start();
  }

  /**
   * The tokens that can come next; empty if there are none, or the output may only end.
   *
   * <p>If each byte has a token of its own, an output that has begun within its limit comes to an
   * end within it: tokens after which that takes too long are left out, unless it may not end here
   * and there are no others.
   *
   * @param tokensLeft how many tokens there may still be, at least 1
   */
  public TokenMask mask(int tokensLeft) {
    reader.trim();
    TokenMask mask = masks.mask(reader, state, tokensLeft - 1);
    return mask.isEmpty() && !mayEnd() ? masks.mask(reader, state, TokenMasks.UNLIMITED) : mask;
  }

  /** Whether the output may end here. */
  public boolean mayEnd() {
    return state.isAccepting();
  }

  /** Whether the output must end here. */
  public boolean isComplete() {
    return state.isAccepting() && state.isLast();
  }

  /** Fewest bytes to an end of the output. */
  public int distance() {
    return state.distance();
  }

  /**
   * Goes on with a token.
   *
   * @return whether it may come here; if it may not, nothing changes
   */
  public boolean accept(int tokenId) {
    byte[] bytes = masks.trie().bytes(tokenId);
    ReadState next = bytes == null ? null : reader.next(state, bytes);
    if (next == null) {
      return false;
    }

    state = next;
    return true;
  }

  /**
   * The tokens of what must come next, because nothing else can: the longest token first, as far as
   * no longer one could reach beyond what is certain. The constraint stays where it is.
   */
  public List<Integer> forced() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ReadState at = state;
    for (ReadState next = only(at, bytes); next != null; next = only(at, bytes)) {
      at = next;
    }

    byte[] certain = bytes.toByteArray();
    List<Integer> tokens = new ArrayList<>();
    for (int from = 0; from < certain.length; ) {
      int token = masks.trie().longestPrefix(certain, from);
      byte[] text = masks.trie().bytes(token);
      if (text == null || (from + text.length == certain.length && canBePart(text, at))) {
        break;
      }

      tokens.add(token);
      from += text.length;
    }

    return tokens;
  }

  /** Whether a longer token begins with {@code text} and goes on as it may from there. */
  private boolean canBePart(byte[] text, ReadState after) {
    return masks.trie().goesOn(text, value -> reader.next(after, value) != null);
  }

  /** The state after the only byte that can come; null if there are several or none. */
  private @Nullable ReadState only(ReadState from, ByteArrayOutputStream bytes) {
    if (from.isAccepting() || bytes.size() > 4096) {
      return null;
    }

    int found = -1;
    ReadState next = null;
    for (int value = 0; value < 256; value++) {
      ReadState after = reader.next(from, value);
      if (after != null) {
        if (found >= 0) {
          return null;
        }

        found = value;
        next = after;
      }
    }

    if (next != null) {
      bytes.write(found);
    }

    return next;
  }
}
