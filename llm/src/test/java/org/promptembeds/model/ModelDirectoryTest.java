package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.tensor.DType;

class ModelDirectoryTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 48,
       "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
       "eos_token_id": [1, 2], "torch_dtype": "bfloat16"%s}\
      """;

  private final Path directory;

  ModelDirectoryTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private ModelDirectory open(String config) throws IOException {
    Files.writeString(directory.resolve("config.json"), config);
    return ModelDirectory.open(directory);
  }

  @Test
  void readsALlama() throws IOException {
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
    ModelDirectory model = open(LLAMA.formatted(", \"attention_bias\": true"));
    DecoderSpec spec = model.spec();
    assertThat(spec.maxPositions()).isEqualTo(2048);
    assertThat(spec.head().tied()).isFalse();
    assertThat(spec.mixers().map(Grouped.class::cast))
        .hasSize(3)
        .allMatch(block -> block.headDim() == 8 && block.kvHeads() == 2 && block.window() == 0)
        .allMatch(block -> block.qkvBias() && block.outputBias());
    assertThat(spec.blocks().filter(Gated.class::isInstance).map(Gated.class::cast))
        .hasSize(3)
        .noneMatch(block -> block.bias() || block.downBias());
    Positions positions = ((Grouped) spec.mixers().findFirst().orElseThrow()).positions();
    assertThat(((Rotary) positions).embedding().inverseFrequencies())
        .hasSize(4)
        .startsWith(1f, 0.1f);
    assertThat(model.eosTokenIds()).containsExactly(1, 2, 7);
    assertThat(model.checkpointDtype()).isEqualTo(DType.BFLOAT16);
    assertThat(model.tokenizer()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "num_key_value_heads": 3                        | num_key_value_heads must divide num_attention_heads (4), got 3
          "head_dim": "8"                                 | head_dim must be an integer in [1, 2147483647], got "8"
          "num_hidden_layers": 100000                     | num_hidden_layers must be an integer in [1, 10000], got 100000
          "hidden_act": "mish"                            | hidden_act "mish" is not supported, only [gelu, gelu_fast,
          "quantization_config": {"quant_method": "aqlm"} | quant_method "aqlm" is not supported, only [compressed-tensors
          "text_config": {}                               | text_config: models of several parts
          "architectures": ["LlamaForSequenceClassification"] | only …ForCausalLM generates text
          "rope_scaling": {"type": "xrope"}               | rope_type "xrope" is not supported, only [default, linear, dynamic, llama3, yarn, longrope, proportional]
          "rope_scaling": {"type": "linear"}              | the rotary parameter factor is missing
          "rope_scaling": {"type": "linear", "factor": 0} | rope_scaling.factor must be a number above 0, got 0
          "rope_scaling": {"unheard_of": [1]}             | unknown rotary parameters [unheard_of]
          "rope_scaling": [1]                             | rope_scaling must be an object
          "rope_theta": -1                                | rope_theta must be a number above 0, got -1
          "partial_rotary_factor": 0.4                    | the rotated part of a head must be even
          "dtype": "float8_e4m3fn"                        | dtype "float8_e4m3fn" is not supported
          "eos_token_id": "x"                             | eos_token_id must be a token id or a list of them
          """)
  void refusesWhatItCannotRun(String member, String problem) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(LLAMA.formatted(""));
    config.setAll((ObjectNode) JSON.readTree("{" + member + "}"));
    assertThatThrownBy(() -> open(config.toString()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("config.json: ")
        .hasMessageContaining(problem);
  }

  @Test
  void readsTheTextHalfOfAVisionLanguageModel() throws IOException {
    String vision = "\"vision_config\": {\"hidden_size\": 7}, \"architectures\": [\"Any\"]";
    ModelDirectory nested =
        open(
            """
            {"model_type": "llava", %s, "tie_word_embeddings": true, "eos_token_id": 9,
             "torch_dtype": "float16", "text_config": {"hidden_size": 64, "num_hidden_layers": 2,
             "tie_word_embeddings": false, "model_type": "qwen2"}}\
            """
                .formatted(vision));
    assertThat(nested.spec().modelType()).isEqualTo("qwen2");
    assertThat(nested.spec().hiddenSize()).isEqualTo(64);
    assertThat(nested.spec().head().tied()).isTrue();
    assertThat(nested.eosTokenIds()).containsExactly(9);
    assertThat(nested.checkpointDtype()).isEqualTo(DType.FLOAT16);
    ModelDirectory flat = open("{\"model_type\": \"qwen2_vl\", %s}".formatted(vision));
    assertThat(flat.spec().hiddenSize()).isEqualTo(8192);
    assertThat(((Rotary) flat.spec().attention().positions()).sections())
        .containsExactly(16, 24, 24);
  }

  @Test
  void refusesTextHalvesOfTypesThatItCannotRun() {
    assertThatThrownBy(
            () -> open("{\"model_type\": \"llava\", \"text_config\": {\"model_type\": \"t\"}}"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("model_type \"t\" is not supported, only [")
        .hasMessageContaining(", llava, ");
    assertThatThrownBy(
            () ->
                open(
                    "{\"model_type\": \"qwen2_vl\", \"rope_scaling\": {\"mrope_section\": [16,"
                        + " 24]}}"))
        .hasMessageContaining(
            "mrope_section must be 3 numbers of at least 0 that are 64 together, got [16, 24]");
  }

  @Test
  void reportsAllProblemsTogether() {
    assertThatThrownBy(
            () -> open("{\"model_type\": \"qwen3\", \"hidden_size\": 0, \"layer_types\": [\"x\"]}"))
        .hasMessageContaining("hidden_size must be")
        .hasMessageContaining("layer_types has 1 entries, num_hidden_layers is 32");
  }

  @Test
  void namesTheSupportedTypes() {
    assertThatThrownBy(() -> open("{\"model_type\": \"gpt\"}"))
        .hasMessageContaining("model_type \"gpt\" is not supported, only [")
        .hasMessageContaining(", llama, ")
        .hasMessageContaining(", qwen3");
    assertThatThrownBy(() -> open("{}")).hasMessageContaining("has no model_type");
    assertThatThrownBy(() -> open("{\"a\": 1, \"a\": 2}")).hasMessageContaining("not valid JSON");
    assertThatThrownBy(() -> open("[]")).hasMessageContaining("does not hold a JSON object");
  }
}
