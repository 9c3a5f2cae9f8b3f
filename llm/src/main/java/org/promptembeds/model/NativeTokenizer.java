package org.promptembeds.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * The tokenizer of the native library. It checks nothing: {@link Tokenizer} keeps from it what it
 * does not survive.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

  private final HuggingFaceTokenizer delegate;

  private NativeTokenizer(HuggingFaceTokenizer delegate) {
    this.delegate = delegate;
  }

  /**
   * Loads a {@code tokenizer.json}; makes no network connection.
   *
   * @throws RuntimeException of any kind where the library refuses it
   */
  static NativeTokenizer open(byte[] json) throws IOException {
    stayOffline();
    return new NativeTokenizer(
        HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS));
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

  /** Token ids of {@code text}, without the other things that DJL makes of each token. */
  int[] encode(String text, boolean addSpecialTokens) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(delegate.getHandle(), text, addSpecialTokens);
    try {
      long[] ids = library.getTokenIds(encoding);
      int[] tokenIds = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        tokenIds[i] = Math.toIntExact(ids[i]);
      }

      return tokenIds;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Text of tokens, with the special ones or without. */
  String decode(int[] tokenIds, boolean skipSpecialTokens) {
    long[] ids = new long[tokenIds.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokenIds[i];
    }

    return delegate.decode(ids, skipSpecialTokens);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
