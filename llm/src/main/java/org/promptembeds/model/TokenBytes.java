package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.TokenDecoder;

/** What each token of a vocabulary stands for within a text, in bytes. */
final class TokenBytes {
  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
  private static final String SPACE_MARK = "\u2581";

  private final TokenizerFile file;
  private final boolean bytewise;
  private final boolean fallsBack;
  private final List<byte @Nullable []> bytes = new ArrayList<>();

  private TokenBytes(TokenizerFile file, boolean bytewise) {
    this.file = file;
    this.bytewise = bytewise;
    this.fallsBack = hasDecoder(file, "ByteFallback");
  }

  /**
   * The bytes of each token by its id; null if a token has none of its own, as in vocabularies of
   * whole words, between which the decoder puts spaces.
   */
  static @Nullable List<byte @Nullable []> of(TokenizerFile file) {
    boolean bytewise = hasDecoder(file, "ByteLevel");
    if (!bytewise && !marksSpaces(file)) {
      return null;
    }

    TokenBytes tokens = new TokenBytes(file, bytewise);
    tokens.read();
    return tokens.bytes;
  }

  private static boolean hasDecoder(TokenizerFile file, String type) {
    return file.decoders().stream().anyMatch(step -> TokenizerFile.type(step).equals(type));
  }

  private static boolean marksSpaces(TokenizerFile file) {
    return hasDecoder(file, "Metaspace")
        || file.decoders().stream()
            .anyMatch(
                step ->
                    TokenizerFile.type(step).equals("Replace")
                        && step.path("pattern").path("String").asText("").equals(SPACE_MARK)
                        && step.path("content").asText("").equals(" "));
  }

  private void read() {
    JsonNode vocabulary = file.model().path("vocab");
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      put(entry.getValue().asInt(-1), plain(entry.getKey()));
    }

    for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
      put(id, plain(vocabulary.get(id).path(0).asText("")));
    }

    for (JsonNode added : file.root().path("added_tokens")) {
      String content = added.path("content").asText("");
      put(
          added.path("id").asInt(-1),
          added.path("special").asBoolean(false)
              ? TokenDecoder.specialBytes(content)
              : content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void put(int id, byte @Nullable [] text) {
    if (id >= 0) {
      while (bytes.size() <= id) {
        bytes.add(null);
      }

      bytes.set(id, text);
    }
  }

  private byte @Nullable [] plain(String token) {
    if (!bytewise) {
      Matcher matcher = BYTE.matcher(token);
      return fallsBack && matcher.matches()
          ? new byte[] {(byte) Integer.parseInt(matcher.group(1), 16)}
          : token.replace(SPACE_MARK, " ").getBytes(StandardCharsets.UTF_8);
    }

    byte[] text = new byte[token.length()];
    for (int i = 0; i < text.length; i++) {
      int value = ByteAlphabet.byteOf(token.charAt(i));
      if (value < 0) {
        return null; // no text becomes this token
      }

      text[i] = (byte) value;
    }

    return text;
  }
}
