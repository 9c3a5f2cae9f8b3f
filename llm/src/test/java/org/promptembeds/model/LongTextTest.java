package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.InvalidRequestException;

/** Texts that are longer than what is tokenized at once, or than the context. */
class LongTextTest {
  private static final int CONTEXT = 100_000;
  private static final List<String> MARKED_MERGES =
      List.of("\u2581 a", "a b", "\u2581 \u2581", "\u2581a b", ". .", "c d", "\u2581 ab");
  private static final List<String> PIECES =
      List.of(
          "a",
          "ab",
          "the",
          " the",
          "b",
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          ".",
          ",",
          "...",
          "!?;:",
          "'s",
          "'",
          "12",
          "3",
          "\u00e9",
          "e\u0301",
          "\u0301",
          "\u4f60\u597d",
          "\uff0c",
          "\u3002",
          "\ud83d\ude80",
          "<s>",
          "<|x_y|>",
          "<|x",
          "_y|>",
          "\u2581",
          "=\u0338",
          "\u3000",
          "\ud55c",
          "\u0627\u0644",
          "\u00a0",
          "\u0130",
          "I",
          "S'S");

  @TempDir private Path directory;

  private static String text(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }

    return text.toString();
  }

  /** Returns how many of the texts were cut. */
  private int agreesWithTheWhole(ObjectNode json) throws IOException {
    Path file = TokenizerFixture.write(directory, json);
    TextCuts cuts;
    try (var in = Files.newInputStream(file)) {
      cuts = TextCuts.of(TokenizerFile.read(in));
    }

    int cut = 0;
    Random random = new Random(7);
    try (Tokenizer whole = Tokenizer.open(file, CONTEXT, Tokenizer.PIECE);
        Tokenizer inPieces = Tokenizer.open(file, CONTEXT, 1)) {
      for (int i = 0; i < 3000; i++) {
        String text = text(random, 1 + random.nextInt(12));
        cut += cuts.next(text, 1) < text.length() ? 1 : 0;
        assertThat(inPieces.encode(text, true))
            .as("'%s'", text)
            .containsExactly(whole.encode(text, true));
        assertThat(inPieces.encode(text, false))
            .as("'%s'", text)
            .containsExactly(whole.encode(text, false));
      }
    }

    return cut;
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWithWordsOfGpt2() throws IOException {
    assertThat(agreesWithTheWhole(TokenizerFixture.byteLevel(TokenizerFixture.GPT_2)))
        .isGreaterThan(500);
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWithWordsOfLlama3() throws IOException {
    assertThat(agreesWithTheWhole(TokenizerFixture.byteLevel(TokenizerFixture.LLAMA_3)))
        .isGreaterThan(500);
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWithWordsOfQwen2AndComposition() throws IOException {
    ObjectNode json =
        TokenizerFixture.byteLevel(TokenizerFixture.LLAMA_3.replace("\\\\p{N}{1,3}", "\\\\p{N}"));
    json.set("normalizer", TokenizerFixture.json("{'type': 'NFC'}"));
    assertThat(agreesWithTheWhole(json)).isGreaterThan(500);
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWhereASpaceIsPutBeforeEveryText() throws IOException {
    ObjectNode json =
        TokenizerFixture.byteLevel(
            TokenizerFixture.GPT_2.replace(
                "'add_prefix_space': false", "'add_prefix_space': true"));
    assertThat(agreesWithTheWhole(json)).isGreaterThan(100);
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWhereAMarkIsPutBeforeEveryText() throws IOException {
    ObjectNode json = TokenizerFixture.marked(MARKED_MERGES);
    json.set("normalizer", TokenizerFixture.json(TokenizerFixture.PREPENDED));
    assertThat(agreesWithTheWhole(json)).isGreaterThan(100);
  }

  @Test
  void piecesHaveTheTokensOfTheWholeWithMarksForSpaces() throws IOException {
    ObjectNode json = TokenizerFixture.marked(MARKED_MERGES);
    json.set("pre_tokenizer", TokenizerFixture.json(TokenizerFixture.METASPACE));
    assertThat(agreesWithTheWhole(json)).isGreaterThan(100);
  }

  @Test
  void noCutIsMadeWhereATokenSpansIt() throws IOException {
    ObjectNode json = TokenizerFixture.marked(List.of("b \u2581", "\u2581 a"));
    json.set("normalizer", TokenizerFixture.json(TokenizerFixture.PREPENDED));
    agreesWithTheWhole(json);
  }

  @Test
  void otherTokenizersAreNotCut() throws IOException {
    ObjectNode json =
        TokenizerFixture.byteLevel(TokenizerFixture.GPT_2.replace("ByteLevel", "WhitespaceSplit"));
    assertThat(agreesWithTheWhole(json)).isZero();
  }

  @Test
  void theBoundIsNeverAboveTheTokensThereAre() throws IOException {
    ObjectNode composing = TokenizerFixture.byteLevel(TokenizerFixture.LLAMA_3);
    composing.set("normalizer", TokenizerFixture.json("{'type': 'NFC'}"));
    ObjectNode marked = TokenizerFixture.marked(MARKED_MERGES);
    marked.set("normalizer", TokenizerFixture.json(TokenizerFixture.PREPENDED));
    Random random = new Random(11);
    for (ObjectNode json :
        List.of(TokenizerFixture.byteLevel(TokenizerFixture.GPT_2), composing, marked)) {
      Path file = TokenizerFixture.write(directory, json);
      try (Tokenizer tokenizer = Tokenizer.open(file, CONTEXT, Tokenizer.PIECE);
          var in = Files.newInputStream(file)) {
        TextBound bound = TextBound.of(TokenizerFile.read(in));
        for (int i = 0; i < 2000; i++) {
          String text = text(random, 1 + random.nextInt(12));
          int tokens = tokenizer.encode(text, false).length;
          assertThat(bound.exceeds(text, tokens)).as("'%s'", text).isFalse();
          assertThat(bound.exceeds(text.repeat(20), tokens)).as("'%s'", text).isTrue();
        }
      }
    }
  }

  @Test
  void aTextThatNoContextHoldsIsRefusedUnseen() throws IOException {
    Path file =
        TokenizerFixture.write(directory, TokenizerFixture.byteLevel(TokenizerFixture.GPT_2));
    try (Tokenizer tokenizer = Tokenizer.open(file, 512, Tokenizer.PIECE)) {
      String text = "!?;:".repeat(6_000_000);
      assertThatThrownBy(() -> tokenizer.encode(text, true))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage(
              "a text of 24,000,000 characters is more than the 512 tokens of the model's context:"
                  + " shorten it, or make several prompts of it");
      assertThat(tokenizer.encode("a.".repeat(400), false)).hasSize(800);
      assertThatThrownBy(() -> tokenizer.encodePrompt("a.".repeat(400), false))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("a text of 800 characters is more than the 512 tokens");
    }
  }

  @Test
  void whatCannotBeCutIsBounded() throws IOException {
    Path file =
        TokenizerFixture.write(directory, TokenizerFixture.byteLevel(TokenizerFixture.GPT_2));
    try (Tokenizer tokenizer = Tokenizer.open(file, 50_000_000, Tokenizer.PIECE)) {
      assertThat(tokenizer.encode("!".repeat(Tokenizer.LONGEST_PIECE), false))
          .hasSize(Tokenizer.LONGEST_PIECE);
      String text = "!".repeat(Tokenizer.LONGEST_PIECE + 1);
      assertThatThrownBy(() -> tokenizer.encode(text, false))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage(
              "a text of 1,048,577 characters cannot be tokenized in pieces, and at most 1,048,576"
                  + " are at once: shorten it, or break it into words");
      assertThat(tokenizer.encode("the ".repeat(1 << 20), false)).hasSize(2 * (1 << 20));
    }
  }
}
