package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;
import org.promptembeds.testing.SoftPrompts;

class SoftPromptTest {
  @TempDir private Path adapter;

  private void configure(String json) throws IOException {
    Files.writeString(adapter.resolve("adapter_config.json"), json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROMPT_TUNING", "P_TUNING"})
  void anAdapterOfEmbeddingsIsRead(String type) throws IOException {
    SoftPrompts.write(adapter, type, 3, 4);

    float[] embeds = SoftPrompt.open(adapter, 4).embeds().toFloats();

    assertThat(embeds).hasSize(12).startsWith(SoftPrompts.value(0), SoftPrompts.value(1));
  }

  @Test
  void aConfigurationMayLeaveTheSizesOut() throws IOException {
    SoftPrompts.write(adapter, "PROMPT_TUNING", 3, 4);
    configure("{\"peft_type\": \"PROMPT_TUNING\", \"num_virtual_tokens\": null}");

    assertThat(SoftPrompt.open(adapter, 4).embeds().shape()).containsExactly(3, 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"peft_type\": \"PREFIX_TUNING\"} | peft_type PREFIX_TUNING is not supported, only [PROMPT_TUNING, P_TUNING]; its prompt_embeddings are keys and values",
        "{\"peft_type\": \"LORA\"} | peft_type LORA is not supported",
        "{} | peft_type null is not supported",
        "[] | does not hold a JSON object",
        "{\"peft_type\": \"P_TUNING\", \"num_virtual_tokens\": 5} | has shape [3, 4] and type FLOAT32, but [5, 4] of a floating-point type is expected",
        "{\"peft_type\": \"P_TUNING\", \"token_dim\": 8} | token_dim is 8, but the hidden size of the model is 4",
        "{\"peft_type\": \"P_TUNING\", \"num_transformer_submodules\": 2} | only models of one stack",
      })
  void anotherAdapterIsRefused(String config, String reason) throws IOException {
    SoftPrompts.write(adapter, "PROMPT_TUNING", 3, 4);
    configure(config);

    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(adapter.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void missingAndMalformedFilesAreNamed() throws IOException {
    SoftPrompts.write(adapter, "PROMPT_TUNING", 3, 4);
    Files.writeString(adapter.resolve("adapter_model.safetensors"), "no tensors here");
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("adapter_model.safetensors cannot be read");

    Files.delete(adapter.resolve("adapter_model.safetensors"));
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("holds no adapter_model.safetensors");
  }

  /**
   * Written by {@code torch.save({"prompt_embeddings": torch.arange(12.).reshape(3, 4) / 64 -
   * 0.5})}.
   */
  @Test
  void weightsAsTorchSavesThemAreRead() throws IOException {
    SoftPrompts.write(adapter, "PROMPT_TUNING", 3, 4);
    float[] expected = SoftPrompt.open(adapter, 4).embeds().toFloats();
    Files.delete(adapter.resolve("adapter_model.safetensors"));
    Path weights = adapter.resolve("adapter_model.bin");
    try (InputStream saved = SoftPromptTest.class.getResourceAsStream("/adapters/prompt.bin")) {
      Files.copy(Objects.requireNonNull(saved), weights);
    }

    assertThat(SoftPrompt.open(adapter, 4).embeds().toFloats()).isEqualTo(expected);

    Files.write(weights, TorchFormat.write(Tensor.ofFloats(expected, 3, 4)));
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .hasMessageContaining("adapter_model.bin holds no tensor prompt_embeddings, only [0]");

    Files.write(weights, new byte[] {(byte) 0x80, 2, 'c'});
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("adapter_model.bin cannot be read")
        .hasMessageContaining("which writes adapter_model.safetensors");
  }

  @Test
  void aTensorOfAnotherNameOrOfNaNIsRefused() throws IOException {
    SoftPrompts.write(adapter, "PROMPT_TUNING", 3, 4);
    SoftPrompts.writeTensor(adapter, "base.lora_A", new float[12], 3, 4);
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .hasMessageContaining("holds no tensor prompt_embeddings, only [base.lora_A]");

    float[] values = new float[12];
    values[7] = Float.NaN;
    SoftPrompts.writeTensor(adapter, "prompt_embeddings", values, 3, 4);
    assertThatThrownBy(() -> SoftPrompt.open(adapter, 4))
        .hasMessageContaining("element 7 of prompt_embeddings is not a finite number");
  }
}
