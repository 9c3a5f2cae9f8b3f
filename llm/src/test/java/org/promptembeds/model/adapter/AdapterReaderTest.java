package org.promptembeds.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.adapter.AdaptableMatrix.Part;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** What is read of adapters, for a matrix of two modules of which one has its rows reversed. */
class AdapterReaderTest {
  private static final AdaptableMatrix MATRIX =
      new AdaptableMatrix(
          "layers.0.attention.qkv",
          5,
          3,
          List.of(
              new Part("model.layers.0.q_proj", 0, 2, null),
              new Part("model.layers.0.k_proj", 2, 3, new int[] {2, 1, 0})));

  private static final AdapterReader READER = new AdapterReader(List.of(MATRIX), DType.BFLOAT16);

  @TempDir Path folder;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  AdapterReaderTest() {
    put("q_proj.lora_A", new float[] {1, 2, 3}, 1, 3);
    put("q_proj.lora_B", new float[] {4, 5}, 2, 1);
    put("k_proj.lora_A", new float[] {6, 7, 8, 9, 10, 11}, 2, 3);
    put("k_proj.lora_B", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  }

  private void put(String name, float[] values, long... shape) {
    tensors.put(
        "base_model.model.model.layers.0." + name + ".weight", Tensor.ofFloats(values, shape));
  }

  private LoraAdapter read(String config) throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), config);
    Path file = folder.resolve("adapter_model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of())) {
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        writer.add(tensor.getKey(), tensor.getValue());
      }

      writer.commit();
    }

    return READER.read("sql", folder);
  }

  @Test
  void modulesHaveColumnsOfTheirOwn() throws IOException {
    LoraAdapter adapter =
        read(
            """
            {"peft_type": "LORA", "r": 1, "lora_alpha": 2, "target_modules": ["q_proj", "k_proj"],
             "rank_pattern": {"k_proj": 2}, "alpha_pattern": {"layers.0.k_proj": 20}}""");
    assertThat(adapter.bytes()).isEqualTo(2 * (3 * 3 + 5 * 3));
    adapter.read(
        (matrix, down, up) -> {
          assertThat(matrix.path()).isEqualTo("layers.0.attention.qkv");
          assertThat(down).containsExactly(6, 7, 8, 9, 10, 11, 1, 2, 3);
          assertThat(up)
              .containsExactly(
                  0, 0, 8, //
                  0, 0, 10, //
                  50, 60, 0, //
                  30, 40, 0, //
                  10, 20, 0);
          return true;
        });
  }

  @Test
  void theScaleIsDividedByTheRootOfTheRank() throws IOException {
    tensors.keySet().removeIf(name -> name.contains("q_proj"));
    LoraAdapter adapter =
        read("{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 3, \"use_rslora\": true}");
    adapter.read(
        (matrix, down, up) -> {
          assertThat(up[4]).isEqualTo((float) (5 * 3 / Math.sqrt(2)));
          return true;
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"peft_type": "LORA", "r": 4}                     | q_proj.lora_A.weight is F32 [1, 3], but the model and the rank ask for floating-point numbers [4, 3]
          {"peft_type": "LORA", "r": 300}                   | r must be an integer in [1, 256], got 300
          {"peft_type": "LORA", "rank_pattern": {"q.*": 300}} | q_proj has rank 300, at most 256
          {"peft_type": "LORA", "rank_pattern": {"(": 1}}   | rank_pattern has (, which is no regular expression
          {"peft_type": "LORA", "target_modules": ["k_proj"]} | 1 tensors are for modules that target_modules does not name: model.layers.0.q_proj
          {"peft_type": "LORA", "target_modules": ".*k_proj"} | target_modules does not name: model.layers.0.q_proj
          {"peft_type": "LORA", "target_modules": "all-linear", "exclude_modules": ["q_proj"]} | target_modules does not name: model.layers.0.q_proj
          {"peft_type": "IA3"}                              | peft_type is IA3, only LORA is computed per row: merge it into the model with PEFT (merge_and_unload)
          {"peft_type": "PROMPT_TUNING"}                    | a soft prompt is given as soft_prompt
          {"peft_type": "LORA", "bias": "all"}              | bias is "all", only none is computed per row: merge it
          {"peft_type": "LORA", "use_dora": true}           | use_dora is true: DoRA, which scales whole weights, is not computed per row; merge it
          {"peft_type": "LORA", "modules_to_save": ["lm_head"]} | modules_to_save is ["lm_head"]: copies of whole modules are not kept per row; merge it
          {"peft_type": "LORA", "init_lora_weights": "pissa"} | init_lora_weights is "pissa", which changed the weights of the model beneath: convert the adapter with PEFT (path_initial_model_for_weight_conversion
          {"peft_type": "LORA", "something_new": 3}         | something_new is 3: this key is not known, and may change what is computed
          """)
  void whatCannotBeComputedIsRefused(String config, String problem) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(problem);
  }

  @Test
  void tensorsOfOtherModulesAndKindsAreRefused() {
    put("gate.lora_A", new float[3], 1, 3);
    put("q_proj.lora_magnitude_vector", new float[2], 2);
    put("embed.lora_embedding_A", new float[2], 2);
    tensors.keySet().removeIf(name -> name.contains("k_proj.lora_B"));
    assertThatThrownBy(() -> read("{\"peft_type\": \"LORA\", \"r\": 1}"))
        .hasMessageContaining(
            "2 tensors are not of a kind that is computed per row: base_model.model.model.layers.0")
        .hasMessageContaining("lora_magnitude_vector")
        .hasMessageContaining(
            "1 tensors are for modules that are none of the model's linear layers")
        .hasMessageContaining("model.layers.0.gate")
        .hasMessageContaining("model.layers.0.k_proj has no lora_B");
  }

  @Test
  void filesThatAreNotThereAreNamed() throws IOException {
    assertThatThrownBy(() -> READER.read("sql", folder))
        .hasMessageContaining("adapter_config.json cannot be read");
    Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
    assertThatThrownBy(() -> READER.read("sql", folder))
        .hasMessageContaining("adapter_model.safetensors cannot be read")
        .hasMessageContaining("save the adapter with PEFT's save_pretrained");
  }
}
