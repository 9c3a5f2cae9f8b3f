package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.promptembeds.generation.TokenDecoder;

/**
 * The pieces of a growing text, put together, are the beginning of the text of all its tokens,
 * whatever tokens follow each other, for each kind of tokenizer that models have.
 */
class DetokenizationTest {
  private static final int OUTPUTS = 150;
  private static final int LONGEST = 40;

  /** Characters of several scripts, one to four bytes long, and signs that texts are cleaned of. */
  private static final List<String> PIECES =
      List.of(
          "a", "the", "in", "é", "ß", "中", "文", "ا", "🙂", "👩‍🔬", ".", ",", "'", "n't", "!",
          "\n");

  /** A kind of tokenizer. */
  enum Kind {
    BYTES(
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true}"),
    BYTE_FALLBACK(
        """
        {"type": "Sequence", "decoders": [
          {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
          {"type": "ByteFallback"}, {"type": "Fuse"},
          {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        """),
    METASPACE("{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\"}"),
    WORD_PIECE("{\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true}"),
    WORD_PIECE_PLAIN("{\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": false}"),
    WORDS("null");

    private final String decoder;

    Kind(String decoder) {
      this.decoder = decoder;
    }

    /** Its tokens: the pieces as this kind writes them, and bytes where it has them. */
    private List<String> tokens() {
      List<String> tokens = new ArrayList<>();
      switch (this) {
        case BYTES -> {
          for (char c = 0; c < 256; c++) {
            tokens.add(String.valueOf(letterOf(c)));
          }

          tokens.addAll(List.of("Ġthe", "Ġin", "th", "ĠĠ", "ðŁ", "ä¸"));
        }
        case BYTE_FALLBACK -> {
          for (int b = 0; b < 256; b++) {
            tokens.add("<0x%02X>".formatted(b));
          }

          PIECES.forEach(piece -> tokens.addAll(List.of(piece, "▁" + piece)));
          tokens.addAll(List.of("▁", "▁▁"));
        }
        case METASPACE -> PIECES.forEach(piece -> tokens.addAll(List.of(piece, "▁" + piece)));
        case WORD_PIECE, WORD_PIECE_PLAIN ->
            PIECES.forEach(piece -> tokens.addAll(List.of(piece, "##" + piece)));
        case WORDS -> tokens.addAll(PIECES);
      }

      return tokens;
    }

    /** The letter that stands for a byte in the alphabet of GPT-2. */
    private static char letterOf(int b) {
      boolean printable = (b > 32 && b < 127) || (b > 160 && b != 173);
      if (printable) {
        return (char) b;
      }

      int rank = 0;
      for (int other = 0; other < b; other++) {
        boolean shown = (other > 32 && other < 127) || (other > 160 && other != 173);
        rank += shown ? 0 : 1;
      }

      return (char) (256 + rank);
    }

    TokenDecoder decoder(HuggingFaceTokenizer tokenizer) {
      return new TokenDecoder() {
        @Override
        public String decode(int[] tokenIds) {
          return tokenizer.decode(Arrays.stream(tokenIds).asLongStream().toArray(), true);
        }

        @Override
        public boolean isByte(int tokenId) {
          return Kind.this == BYTE_FALLBACK && tokenId >= 1 && tokenId <= 256;
        }
      };
    }

    HuggingFaceTokenizer open() throws IOException {
      JsonMapper mapper = new JsonMapper();
      ObjectNode root = mapper.createObjectNode().put("version", "1.0");
      for (String absent : List.of("truncation", "padding", "normalizer", "post_processor")) {
        root.putNull(absent);
      }

      root.putNull("pre_tokenizer");
      root.set("decoder", mapper.readTree(decoder));
      root.withArray("added_tokens")
          .addObject()
          .put("id", 0)
          .put("content", "<s>")
          .put("special", true)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false);
      ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", "<s>");
      ObjectNode vocabulary = model.putObject("vocab").put("<s>", 0);
      for (String token : tokens()) {
        if (!vocabulary.has(token)) {
          vocabulary.put(token, vocabulary.size());
        }
      }

      byte[] json = mapper.writeValueAsBytes(root);
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), Map.of());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void piecesAreTheBeginningOfTheWholeText(Kind kind) throws IOException {
    SplittableRandom random = new SplittableRandom(kind.name().hashCode());
    try (HuggingFaceTokenizer tokenizer = kind.open()) {
      int vocabulary = kind.tokens().size();
      TokenDecoder decoder = kind.decoder(tokenizer);
      for (int i = 0; i < OUTPUTS; i++) {
        int[] tokens = random.ints(1 + random.nextInt(LONGEST), 0, vocabulary).toArray();
        TextStream stream = TextStream.whole(OutputText.settled(decoder));
        StringBuilder told = new StringBuilder();
        for (int length = 1; length <= tokens.length; length++) {
          told.append(stream.next(tokens, length));
        }

        assertThat(decoder.decode(tokens))
            .as("the text of %s", Arrays.toString(tokens))
            .startsWith(told);
      }
    }
  }
}
