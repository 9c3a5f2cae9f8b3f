package org.promptembeds.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.TokenDecoder;

/**
 * The tokenizer of a {@code tokenizer.json}: text to token ids and back, without truncation or
 * padding whatever the file says. Safe for use by many threads; holds native memory until closed.
 */
public final class Tokenizer implements TokenDecoder, AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

  private final HuggingFaceTokenizer delegate;
  // INVARIANT: the native tokenizer is used under the read lock and freed under the write lock.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Tokenizer(HuggingFaceTokenizer delegate) {
    this.delegate = delegate;
  }

  /**
   * Opens a {@code tokenizer.json}; makes no network connection.
   *
   * @throws BackendException if the file is malformed or the native library does not load
   */
  static Tokenizer open(Path file) {
    stayOffline();
    try (InputStream json = Files.newInputStream(file)) {
      return new Tokenizer(HuggingFaceTokenizer.newInstance(json, OPTIONS));
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new BackendException(file + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Without these DJL reports its use on EC2, and downloads another library where it sees CUDA. */
  private static void stayOffline() {
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("RUST_FLAVOR", "cpu");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getenv(property) == null && System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Token ids of {@code text}.
   *
   * @param addSpecialTokens whether the tokenizer adds its own, such as a begin-of-sequence token;
   *     special tokens written out in the text are recognised either way
   */
  public int[] encode(String text, boolean addSpecialTokens) {
    return whileOpen(
        () -> {
          long[] ids = delegate.encode(text, addSpecialTokens, false).getIds();
          int[] tokenIds = new int[ids.length];
          for (int i = 0; i < ids.length; i++) {
            tokenIds[i] = Math.toIntExact(ids[i]);
          }

          return tokenIds;
        });
  }

  @Override
  public String decode(int[] tokenIds) {
    long[] ids = new long[tokenIds.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokenIds[i];
    }

    return whileOpen(() -> delegate.decode(ids, true));
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
        delegate.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
