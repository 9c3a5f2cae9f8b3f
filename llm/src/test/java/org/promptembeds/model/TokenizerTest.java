package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;

/**
 * Against answers of the Python library, made by {@code src/test/reference/generate_tokenizer.py}.
 */
class TokenizerTest {
  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TokenizerTest.class.getResource("/tokenizer/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<JsonNode> answers() throws IOException {
    List<JsonNode> answers = new ArrayList<>();
    new JsonMapper().readTree(resource("expected.json").toFile()).forEach(answers::add);
    return answers;
  }

  private static int[] ints(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  @Test
  void answersAsTheReferenceDoes() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(resource("tokenizer.json"), 4096)) {
      for (JsonNode answer : answers()) {
        String text = answer.path("text").textValue();
        assertThat(tokenizer.encode(text, true)).containsExactly(ints(answer.path("ids")));
        assertThat(tokenizer.encode(text, false)).containsExactly(ints(answer.path("plainIds")));
        assertThat(tokenizer.decode(ints(answer.path("ids"))))
            .isEqualTo(answer.path("decoded").textValue());
      }
    }
  }

  @Test
  void bytesAreKnownWhereTheDecoderJoinsThem(@TempDir Path folder) throws IOException {
    ObjectNode json = TokenizerFixture.marked(List.of());
    Path plain = TokenizerFixture.write(folder, json);
    try (Tokenizer tokenizer = Tokenizer.open(plain, 64, Tokenizer.PIECE)) {
      assertThat(IntStream.range(0, 512).filter(tokenizer::isByte)).isEmpty();
    }

    json.set(
        "decoder",
        TokenizerFixture.json(
            "{'type': 'Sequence', 'decoders': [{'type': 'ByteFallback'}, {'type': 'Fuse'}]}"));
    Path joined = TokenizerFixture.write(folder, json);
    int first = json.path("model").path("vocab").path("<0x00>").asInt();
    try (Tokenizer tokenizer = Tokenizer.open(joined, 64, Tokenizer.PIECE)) {
      assertThat(IntStream.range(0, 512).filter(tokenizer::isByte).boxed().toList())
          .isEqualTo(IntStream.range(first, first + 256).boxed().toList());
    }
  }

  @Test
  void specialTokensStandApartOrNot(@TempDir Path folder) throws IOException {
    ObjectNode json = TokenizerFixture.marked(List.of());
    json.set(
        "decoder",
        TokenizerFixture.json("{'type': 'WordPiece', 'prefix': '##', 'cleanup': false}"));
    int letter = json.path("model").path("vocab").path("a").asInt();
    int[] ids = {1, 2, letter, letter, 1, 1, letter, 2};
    try (Tokenizer tokenizer =
        Tokenizer.open(TokenizerFixture.write(folder, json), 64, Tokenizer.PIECE)) {
      assertThat(tokenizer.decode(ids)).isEqualTo("a a a");
      assertThat(tokenizer.withSpecialTokens(true).decode(ids))
          .isEqualTo("<s> <|x_y|> a a <s> <s> a <|x_y|>");
      assertThat(tokenizer.withSpecialTokens(false).decode(ids))
          .isEqualTo("<s><|x_y|> a a <s><s> a <|x_y|>");
      assertThat(tokenizer.withSpecialTokens(false).decode(new int[0])).isEmpty();
    }
  }

  @Test
  void anIncompleteCharacterDecodesToTheReplacement() {
    try (Tokenizer tokenizer = Tokenizer.open(resource("tokenizer.json"), 4096)) {
      int[] ids = tokenizer.encode("\uD83D\uDE80", false);
      assertThat(ids).hasSizeGreaterThan(1);
      assertThat(tokenizer.decode(new int[] {ids[0]})).isEqualTo("\uFFFD");
      assertThat(tokenizer.decode(new int[0])).isEmpty();
    }
  }

  @Test
  void manyThreadsMayShareIt() throws IOException {
    List<JsonNode> answers = answers();
    try (Tokenizer tokenizer = Tokenizer.open(resource("tokenizer.json"), 4096)) {
      assertThat(
              IntStream.range(0, 200)
                  .parallel()
                  .mapToObj(i -> answers.get(i % answers.size()))
                  .allMatch(
                      answer ->
                          tokenizer
                              .decode(tokenizer.encode(answer.path("text").textValue(), true))
                              .equals(answer.path("decoded").textValue())))
          .isTrue();
    }
  }

  @Test
  void useAfterClosingIsRefused() {
    Tokenizer tokenizer = Tokenizer.open(resource("tokenizer.json"), 4096);
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a", true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer is closed");
  }

  @Test
  void aMalformedFileIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": 1}");
    assertThatThrownBy(() -> Tokenizer.open(file, 4096))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(file + " cannot be opened: ");
  }
}
