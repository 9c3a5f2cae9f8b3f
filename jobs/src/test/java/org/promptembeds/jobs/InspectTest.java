package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
  /** Table and head, two layers, and the norm before the head. */
  private static final int PARAMETERS =
      2 * 12 * 16 + 2 * (2 * 16 + 2 * 16 * 16 + 2 * 8 * 16 + 3 * 24 * 16) + 16;

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.write(folder.resolve("model"));
  }

  private CommandLineRun inspect(String... options) {
    String[] arguments = new String[options.length + 5];
    System.arraycopy(
        new String[] {"inspect", "--model", model.toString(), "--device", "cpu"},
        0,
        arguments,
        0,
        5);
    System.arraycopy(options, 0, arguments, 5, options.length);
    return CommandLineRun.of(arguments);
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void tellsWhatTheModelIsAndNeeds() throws IOException {
    CommandLineRun run = inspect();

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "llama: 2 layers, width 16, vocabulary 12, context 64\n",
            "2 × attention (heads 4, kv heads 2, head dim 4; shared key/value heads)"
                + " + gated feed-forward (size 24)\n",
            "embeddings  width 16, taken as they are\n",
            "supported   yes\n");

    JsonNode report = json(inspect("--format", "json", "--dtype", "bfloat16"));
    assertThat(report.get("parameters").asLong()).isEqualTo(PARAMETERS);
    assertThat(report.get("weight_bytes").asLong()).isEqualTo(2L * PARAMETERS);
    assertThat(report.get("kv_bytes_per_1000_positions").asLong())
        .isEqualTo(1000 * 2 * 2 * 2 * 4 * 2);
    int linear = 2 * (2 * 16 * 16 + 2 * 8 * 16 + 3 * 24 * 16);
    int scales = 2 * 4 * (16 + 8 + 8 + 16 + 24 + 24 + 16);
    assertThat(report.get("weight_bytes_int8").asLong())
        .isEqualTo(2L * PARAMETERS - linear + scales);
    assertThat(report.get("stored")).isEmpty();
    assertThat(report.get("state_bytes_per_sequence").asLong()).isZero();
    assertThat(report.get("max_sequences").asInt()).isBetween(1, 256);
    assertThat(report.at("/layer_kinds/0/count").asInt()).isEqualTo(2);
  }

  @Test
  void configurationAloneIsEnough() throws IOException {
    Files.delete(model.resolve("model.safetensors"));

    CommandLineRun run = inspect();

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("in float32; none are there\n", "supported   yes\n");
  }

  @Test
  void everyReasonAgainstAConfigurationIsListed() throws IOException {
    Path config = model.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"silu\"", "\"mish\", \"is_encoder_decoder\": true")
            .replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 0"));

    CommandLineRun run = inspect("--format", "json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(json(run).get("supported").asBoolean()).isFalse();
    assertThat(json(run).get("problems"))
        .extracting(JsonNode::asText)
        .anyMatch(text -> text.startsWith("is_encoder_decoder:"))
        .anyMatch(text -> text.startsWith("hidden_act \"mish\" is not supported"))
        .anyMatch(text -> text.startsWith("num_attention_heads must be"));
    assertThat(inspect().out()).contains("supported   no\n  - is_encoder_decoder: ");
  }

  @Test
  void weightsThatAreMissingAreNamed() throws IOException {
    Path config = model.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));

    CommandLineRun run = inspect();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("llama: 3 layers", "supported   no\n  - 9 missing: model.layers.2.");
  }

  @Test
  void optionsThatCannotBeAreUsageErrors() {
    CommandLineRun run = inspect("--dtype", "int3");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("inspect: --dtype must be one of auto, float32").hasLineCount(1);
    assertThat(CommandLineRun.of("inspect", "--model", "/no/model").err())
        .contains("--model: /no/model is not a folder");
  }

  @Test
  void tellsWhatAnAdapterChanges() throws IOException {
    Path adapter = folder.resolve("adapter");
    writeAdapter(adapter, "model.layers.1.self_attn.o_proj", 3);

    CommandLineRun run = inspect("--lora", adapter.toString(), "--dtype", "bfloat16");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("adapter     %s: rank 3, modules o_proj, 1 in all, 192 B\n".formatted(adapter));
    JsonNode report = json(inspect("--lora", adapter.toString(), "--format", "json"));
    assertThat(report.at("/adapters/0/ranks/model.layers.1.self_attn.o_proj").asInt()).isEqualTo(3);
    assertThat(report.at("/adapters/0/bytes").asLong()).isEqualTo(4L * 3 * (16 + 16));
  }

  @Test
  void listsWhatIsInTheWayOfAnAdapter() throws IOException {
    Path adapter = folder.resolve("adapter");
    writeAdapter(adapter, "model.layers.7.self_attn.o_proj", 3);

    CommandLineRun run = inspect("--lora", adapter.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("adapter     %s: not supported\n".formatted(adapter), "supported   no\n")
        .containsPattern("  - adapter .*layers\\.7\\.self_attn\\.o_proj");
  }

  /** An adapter of zeros for a module of 16 inputs and outputs. */
  private static void writeAdapter(Path directory, String module, int rank) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": %d, \"target_modules\": [\"o_proj\"]}".formatted(rank));
    String name = "base_model.model." + module;
    int bytes = 4 * 16 * rank;
    byte[] header =
        """
        {"%1$s.lora_A.weight": {"dtype": "F32", "shape": [%2$d, 16], "data_offsets": [0, %3$d]},
        "%1$s.lora_B.weight": {"dtype": "F32", "shape": [16, %2$d], "data_offsets": [%3$d, %4$d]}}"""
            .formatted(name, rank, bytes, 2 * bytes)
            .getBytes(StandardCharsets.UTF_8);
    Files.write(
        directory.resolve("adapter_model.safetensors"),
        ByteBuffer.allocate(8 + header.length + 2 * bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }
}
