package org.promptembeds.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * The character map of SentencePiece: the length of a trie, the trie as a double array of 32-bit
 * units (as the library Darts-clone writes it), and texts that end with a zero, to which its values
 * point. The native library follows it without looking where it leads.
 */
final class PrecompiledMap {
  private static final int BYTES = 256;

  private final int[] units;
  private final byte[] texts;

  private PrecompiledMap(int[] units, byte[] texts) {
    this.units = units;
    this.texts = texts;
  }

  /**
   * Checks that no text leads out of a map.
   *
   * @throws IOException saying where it does
   */
  static void check(String base64) throws IOException {
    ByteBuffer map;
    try {
      map = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new IOException("it is not base64: " + e.getMessage(), e);
    }

    int size = map.remaining() < Integer.BYTES ? -1 : map.getInt();
    if (size < Integer.BYTES || size > map.remaining() || size % Integer.BYTES != 0) {
      throw new IOException("its trie does not lie inside it");
    }

    int[] units = new int[size / Integer.BYTES];
    map.asIntBuffer().get(units);
    map.position(map.position() + size);
    byte[] texts = new byte[map.remaining()];
    map.get(texts);
    requireText(texts);
    new PrecompiledMap(units, texts).walk();
  }

  private static void requireText(byte[] texts) throws IOException {
    try {
      CharBuffer unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      throw new IOException("its texts are not UTF-8", e);
    }
  }

  /** Visits every place of the trie that some text leads to. */
  private void walk() throws IOException {
    BitSet seen = new BitSet(units.length);
    Deque<Integer> places = new ArrayDeque<>();
    visit(offset(units[0]), seen, places);
    while (!places.isEmpty()) {
      int place = places.remove();
      for (int character = 1; character < BYTES; character++) {
        int unit = units[require(place ^ character)];
        if (label(unit) == character) {
          int next = place ^ character ^ offset(unit);
          if ((unit >>> 8 & 1) == 1) {
            requireValue(units[require(next)] & Integer.MAX_VALUE);
          }

          visit(next, seen, places);
        }
      }
    }
  }

  private void visit(int place, BitSet seen, Deque<Integer> places) throws IOException {
    if (!seen.get(require(place))) {
      seen.set(place);
      places.add(place);
    }
  }

  private int require(int place) throws IOException {
    if (place < 0 || place >= units.length) {
      throw new IOException("its trie leads to unit %d of %d".formatted(place, units.length));
    }

    return place;
  }

  private void requireValue(int value) throws IOException {
    // A byte 10xxxxxx is inside of a character.
    if (value >= texts.length || (texts[value] & 0xc0) == 0x80) {
      throw new IOException("its trie has the value %d, where no text begins".formatted(value));
    }
  }

  private static int label(int unit) {
    return unit & (1 << 31 | 0xff);
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }
}
