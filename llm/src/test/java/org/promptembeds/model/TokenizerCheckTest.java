package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;

/** A file that would end this process ends another one. */
class TokenizerCheckTest {
  private static final TrialProcess TRIAL = new TrialProcess(Duration.ofMinutes(2));

  @TempDir private Path directory;

  @Test
  void aGoodFileIsTaken() throws IOException {
    Path file =
        TokenizerFixture.write(directory, TokenizerFixture.byteLevel(TokenizerFixture.LLAMA_3));
    assertThatCode(() -> TRIAL.run(file)).doesNotThrowAnyException();
  }

  @Test
  void aFileThatAbortsTheLibraryIsAnError() throws IOException {
    ObjectNode json = TokenizerFixture.byteLevel(TokenizerFixture.GPT_2);
    ((ObjectNode) json.get("post_processor")).putObject("special_tokens");
    json.putObject("normalizer").put("type", "Precompiled").put("precompiled_charsmap", "AQAAAA==");
    Path file = TokenizerFixture.write(directory, json);
    assertThatThrownBy(() -> TRIAL.run(file))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void aFileThatTheLibraryRefusesSaysWhy() throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": 1}");
    assertThatThrownBy(() -> TRIAL.run(file))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(file + " cannot be opened: ");
  }

  @Test
  void aFileThatDoesNotEndIsStopped() throws IOException {
    Path file =
        TokenizerFixture.write(directory, TokenizerFixture.byteLevel(TokenizerFixture.LLAMA_3));
    assertThatThrownBy(() -> new TrialProcess(Duration.ofMillis(1)).run(file))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            file
                + " does not load, and tokenize short texts, within 0 s: the file is damaged, or"
                + " made to hang");
  }
}
