package org.promptembeds.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** A Llama of random weights with a word-level tokenizer and a chat template, for tests. */
final class TinyModel {
  static final int HIDDEN_SIZE = 16;

  private static final int VOCAB_SIZE = 12;
  private static final int INTERMEDIATE_SIZE = 24;
  private static final int KV_SIZE = 8;
  private static final int LAYERS = 2;

  private static final String CONFIG =
      """
      {"model_type": "llama", "vocab_size": 12, "hidden_size": 16, "intermediate_size": 24,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
       "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
       "hidden_act": "silu", "tie_word_embeddings": false, "torch_dtype": "bfloat16",
       "eos_token_id": 1}
      """;
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [
        {"id": 1, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {
         "<unk>": 0, "<|end|>": 1, "user:": 2, "assistant:": 3, "what": 4, "is": 5, "the": 6,
         "sun": 7, "moon": 8, "?": 9, "hot": 10, "far": 11}}}
      """;
  private static final String TOKENIZER_CONFIG =
      """
      {"eos_token": "<|end|>", "chat_template":
       "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }} {{ eos_token }} {% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"}
      """;

  private TinyModel() {}

  /** Writes the model's files into {@code directory}, which is made. */
  static Path write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), CONFIG);
    Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
    Files.writeString(directory.resolve("tokenizer_config.json"), TOKENIZER_CONFIG);
    Random random = new Random(7);
    Path weights = directory.resolve("model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(weights, Map.of("format", "pt"))) {
      add(writer, random, "model.embed_tokens.weight", VOCAB_SIZE, HIDDEN_SIZE);
      for (int i = 0; i < LAYERS; i++) {
        String layer = "model.layers." + i + ".";
        add(writer, random, layer + "input_layernorm.weight", HIDDEN_SIZE);
        add(writer, random, layer + "self_attn.q_proj.weight", HIDDEN_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "self_attn.k_proj.weight", KV_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "self_attn.v_proj.weight", KV_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "self_attn.o_proj.weight", HIDDEN_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "post_attention_layernorm.weight", HIDDEN_SIZE);
        add(writer, random, layer + "mlp.gate_proj.weight", INTERMEDIATE_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "mlp.up_proj.weight", INTERMEDIATE_SIZE, HIDDEN_SIZE);
        add(writer, random, layer + "mlp.down_proj.weight", HIDDEN_SIZE, INTERMEDIATE_SIZE);
      }

      add(writer, random, "model.norm.weight", HIDDEN_SIZE);
      add(writer, random, "lm_head.weight", VOCAB_SIZE, HIDDEN_SIZE);
      writer.commit();
    }

    return directory;
  }

  private static void add(SafetensorsWriter writer, Random random, String name, long... shape)
      throws IOException {
    float[] values = new float[(int) Tensor.elementCount(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.5f + (shape.length == 1 ? 1 : 0);
    }

    writer.add(name, Tensor.ofFloats(values, shape).convert(DType.BFLOAT16));
  }
}
