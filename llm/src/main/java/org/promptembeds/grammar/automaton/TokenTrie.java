package org.promptembeds.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary as a tree by their bytes. Nodes are numbered in depth-first order, so
 * that the nodes under one are a range. Immutable.
 */
public final class TokenTrie {
  /** Bytes of a token, at most: longer ones are left out, and never chosen. */
  public static final int LONGEST_TOKEN = 512;

  static final int ROOT = 0;
  static final int NONE = -1;

  private final int vocabSize;
  private final int longest;
  private final byte[] labels;
  private final int[] ends;
  private final int[] tokens;
  private final int[] twins;
  private final List<byte @Nullable []> bytes;
  private int size = 1;

  /**
   * A tree.
   *
   * @param bytes what each token stands for; null for those that are never to come
   */
  public TokenTrie(List<byte @Nullable []> bytes) {
    this.vocabSize = bytes.size();
    this.bytes = new ArrayList<>(bytes);
    Integer[] sorted =
        IntStream.range(0, vocabSize)
            .filter(id -> fits(this.bytes.get(id)))
            .boxed()
            .sorted(Comparator.comparing(this::of, Arrays::compareUnsigned))
            .toArray(Integer[]::new);
    int nodes = 1 + Arrays.stream(sorted).mapToInt(id -> of(id).length).sum();
    byte[] newLabels = new byte[nodes];
    int[] newEnds = new int[nodes];
    int[] newTokens = new int[nodes];
    this.twins = new int[vocabSize];
    Arrays.fill(newTokens, NONE);
    Arrays.fill(twins, NONE);
    int[] path = new int[LONGEST_TOKEN + 1];
    byte[] last = {};
    int deepest = 0;
    for (int id : sorted) {
      byte[] token = of(id);
      int shared = Math.max(0, Arrays.mismatch(last, token));
      if (Arrays.equals(last, token) && token.length > 0) {
        shared = token.length;
      }

      for (int depth = shared; depth < last.length; depth++) {
        newEnds[path[depth + 1]] = size;
      }

      for (int depth = shared; depth < token.length; depth++) {
        newLabels[size] = token[depth];
        path[depth + 1] = size++;
      }

      int node = path[token.length];
      twins[id] = newTokens[node];
      newTokens[node] = id;
      last = token;
      deepest = Math.max(deepest, token.length);
    }

    for (int depth = 0; depth <= last.length; depth++) {
      newEnds[path[depth]] = size;
    }

    this.longest = deepest;
    this.labels = Arrays.copyOf(newLabels, size);
    this.ends = Arrays.copyOf(newEnds, size);
    this.tokens = Arrays.copyOf(newTokens, size);
  }

  private static boolean fits(byte @Nullable [] token) {
    return token != null && token.length > 0 && token.length <= LONGEST_TOKEN;
  }

  private byte[] of(int id) {
    byte[] token = bytes.get(id);
    if (token == null) {
      throw new IllegalArgumentException("token " + id + " is no text");
    }

    return token;
  }

  /** Tokens of the vocabulary, those that are no text too. */
  public int vocabSize() {
    return vocabSize;
  }

  /** Bytes of the longest token. */
  int longest() {
    return longest;
  }

  int size() {
    return size;
  }

  /** The bytes of a token; null if it is no text or left out. */
  public byte @Nullable [] bytes(int tokenId) {
    byte[] token = tokenId >= 0 && tokenId < vocabSize ? bytes.get(tokenId) : null;
    return fits(token) ? token : null;
  }

  /** The last byte on the way to a node, 0 to 255. */
  int label(int node) {
    return labels[node] & 0xff;
  }

  /** The first node behind those under {@code node}; its first child is {@code node + 1}. */
  int end(int node) {
    return ends[node];
  }

  boolean isLeaf(int node) {
    return ends[node] == node + 1;
  }

  /** Sets the bits of the tokens that end at a node; whether there is one. */
  boolean mark(int node, long[] bits) {
    int token = tokens[node];
    if (token == NONE) {
      return false;
    }

    for (; token != NONE; token = twins[token]) {
      bits[token >> 6] |= 1L << token;
    }

    return true;
  }

  /** Clears the bits of the tokens that end at a node. */
  void unmark(int node, long[] bits) {
    for (int token = tokens[node]; token != NONE; token = twins[token]) {
      bits[token >> 6] &= ~(1L << token);
    }
  }

  /** Whether the bits of the tokens that end at a node are set; false if there is none. */
  boolean isMarked(int node, long[] bits) {
    int token = tokens[node];
    return token != NONE && (bits[token >> 6] >>> token & 1) != 0;
  }

  /** A bit for each token, none of them set. */
  long[] noBits() {
    return new long[(vocabSize + 63) >> 6];
  }

  /** Whether no bit is set. */
  boolean isNone(long[] bits) {
    for (long word : bits) {
      if (word != 0) {
        return false;
      }
    }

    return true;
  }

  /** The longest token that {@code text} begins with; -1 if there is none. */
  public int longestPrefix(byte[] text, int from) {
    int node = ROOT;
    int found = NONE;
    for (int i = from; i < text.length; i++) {
      node = child(node, text[i] & 0xff);
      if (node == NONE) {
        break;
      }

      found = tokens[node] == NONE ? found : tokens[node];
    }

    return found;
  }

  /**
   * Whether there is a longer token that begins with {@code text}, a token.
   *
   * @param next which bytes of 0 to 255 may come next in it
   */
  public boolean goesOn(byte[] text, IntPredicate next) {
    int node = ROOT;
    for (byte value : text) {
      node = child(node, value & 0xff);
    }

    for (int child = node + 1; child < ends[node]; child = ends[child]) {
      if (next.test(label(child))) {
        return true;
      }
    }

    return false;
  }

  private int child(int node, int value) {
    for (int child = node + 1; child < ends[node]; child = ends[child]) {
      if (label(child) == value) {
        return child;
      }
    }

    return NONE;
  }
}
