package org.promptembeds.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.TokenDecoder;

/**
 * The tokenizer of a {@code tokenizer.json}: text to token ids and back, without truncation or
 * padding whatever the file says. Safe for use by many threads; holds native memory until closed.
 *
 * <p>The native library takes memory in proportion to what it is given at once, and ends the
 * process where it gets none. So a text that cannot fit the context is refused before it sees it, a
 * long one is given to it in pieces where they have the tokens of the whole ({@link TextCuts}), and
 * of large pieces there is one at a time.
 */
public final class Tokenizer implements TokenDecoder, AutoCloseable {
  /** Characters from which on a text is cut where it can be. */
  static final int PIECE = 32 * 1024;

  /** Most characters that are tokenized at once. */
  static final int LONGEST_PIECE = 1 << 20;

  private static final Semaphore LARGE_PIECES = new Semaphore(1, true); // one of this JVM

  private final NativeTokenizer tokens;
  private final int maxModelLen;
  private final int piece;
  private final TextBound bound;
  private final TextCuts cuts;
  private final BitSet byteTokens;
  private final BitSet addedTokens;
  private final @Nullable List<byte @Nullable []> tokenBytes;
  private final @Nullable AddedIds added; // null if it is not the same around every text
  // INVARIANT: the native tokenizer is used under the read lock and freed under the write lock.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Tokenizer(NativeTokenizer tokens, TokenizerFile file, int maxModelLen, int piece) {
    this.tokens = tokens;
    this.maxModelLen = maxModelLen;
    this.piece = piece;
    this.bound = TextBound.of(file);
    this.cuts = TextCuts.of(file);
    this.byteTokens = file.byteTokens();
    this.addedTokens = file.addedIds();
    this.tokenBytes = TokenBytes.of(file);
    this.added = AddedIds.of(tokens).orElse(null);
  }

  /**
   * Opens a {@code tokenizer.json}, in a process of its own first if it is new ({@link
   * TokenizerCheck}); makes no network connection.
   *
   * @param maxModelLen longest prompt and output together, in tokens
   * @throws BackendException if the file is malformed or the native library does not load
   */
  static Tokenizer open(Path file, int maxModelLen) {
    return open(file, maxModelLen, PIECE, TokenizerCheck::require);
  }

  /**
   * As {@link #open(Path, int)}, but in this process at once.
   *
   * @param piece characters from which on a text is cut where it can be
   */
  static Tokenizer open(Path file, int maxModelLen, int piece) {
    return open(file, maxModelLen, piece, tried -> {});
  }

  private static Tokenizer open(Path file, int maxModelLen, int piece, Consumer<Path> trial) {
    try {
      byte[] json = Files.readAllBytes(file);
      TokenizerFile contents = TokenizerFile.read(new ByteArrayInputStream(json));
      TokenizerChecks.check(contents);
      trial.accept(file);
      return new Tokenizer(NativeTokenizer.open(json), contents, maxModelLen, piece);
    } catch (BackendException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new BackendException(file + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /**
   * Token ids of {@code text}, which may be more than the context.
   *
   * @param addSpecialTokens whether the tokenizer adds its own, such as a begin-of-sequence token;
   *     special tokens written out in the text are recognised either way
   * @throws InvalidRequestException if the text is longer than any of as many tokens as the context
   */
  public int[] encode(String text, boolean addSpecialTokens) {
    return encode(text, addSpecialTokens, Integer.MAX_VALUE);
  }

  /**
   * Token ids of {@code text} for a prompt.
   *
   * @param addSpecialTokens as in {@link #encode}
   * @throws InvalidRequestException if they are more than the context
   */
  public int[] encodePrompt(String text, boolean addSpecialTokens) {
    return encode(text, addSpecialTokens, maxModelLen);
  }

  private int[] encode(String text, boolean addSpecialTokens, int most) {
    if (bound.exceeds(text, maxModelLen)) {
      throw tooLong(text);
    }

    int[] ids =
        text.length() <= piece
            ? whileOpen(() -> tokens.encode(text, addSpecialTokens))
            : encodeLong(text, addSpecialTokens, most);
    if (ids.length > most) {
      throw tooLong(text);
    }

    return ids;
  }

  private int[] encodeLong(String text, boolean addSpecialTokens, int most) {
    if (added == null) {
      return encodePiece(text, addSpecialTokens);
    }

    IntStream.Builder ids = IntStream.builder();
    int count = 0;
    for (int from = 0; from < text.length(); ) {
      int end = text.length() - from <= piece ? text.length() : cuts.next(text, from + piece);
      int[] tokenIds = encodePiece(text.substring(from, end), false);
      Arrays.stream(tokenIds).forEach(ids);
      count += tokenIds.length;
      if (count > most) {
        throw tooLong(text);
      }

      from = end + cuts.left();
    }

    int[] plain = ids.build().toArray();
    return addSpecialTokens ? added.around(plain) : plain;
  }

  private int[] encodePiece(String text, boolean addSpecialTokens) {
    if (text.length() > LONGEST_PIECE) {
      throw new InvalidRequestException(
          "a text of %,d characters cannot be tokenized in pieces, and at most %,d are at once: shorten it, or break it into words"
              .formatted(text.length(), LONGEST_PIECE));
    }

    if (text.length() <= 2 * PIECE) {
      return whileOpen(() -> tokens.encode(text, addSpecialTokens));
    }

    LARGE_PIECES.acquireUninterruptibly();
    try {
      return whileOpen(() -> tokens.encode(text, addSpecialTokens));
    } finally {
      LARGE_PIECES.release();
    }
  }

  private InvalidRequestException tooLong(String text) {
    return new InvalidRequestException(
        "a text of %,d characters is more than the %,d tokens of the model's context: shorten it, or make several prompts of it"
            .formatted(text.length(), maxModelLen));
  }

  @Override
  public int[] encode(String text) {
    return encode(text, false);
  }

  @Override
  public String decode(int[] tokenIds) {
    return whileOpen(() -> tokens.decode(tokenIds, true));
  }

  @Override
  public TokenDecoder withSpecialTokens(boolean spaces) {
    return new TokenDecoder() {
      @Override
      public String decode(int[] tokenIds) {
        return spaces ? whileOpen(() -> tokens.decode(tokenIds, false)) : decodeApart(tokenIds);
      }

      @Override
      public boolean isByte(int tokenId) {
        return Tokenizer.this.isByte(tokenId);
      }
    };
  }

  /** A special token behind another begins a text of its own, where no space comes first. */
  private String decodeApart(int[] tokenIds) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= tokenIds.length; i++) {
      if (i == tokenIds.length
          || (addedTokens.get(tokenIds[i - 1]) && addedTokens.get(tokenIds[i]))) {
        int[] part = Arrays.copyOfRange(tokenIds, from, i);
        text.append(whileOpen(() -> tokens.decode(part, false)));
        from = i;
      }
    }

    return text.toString();
  }

  @Override
  public boolean isByte(int tokenId) {
    return byteTokens.get(tokenId);
  }

  @Override
  public @Nullable List<byte @Nullable []> tokenBytes() {
    return tokenBytes;
  }

  private <T> T whileOpen(Supplier<T> use) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }

      return use.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokens.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
