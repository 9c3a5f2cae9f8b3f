package org.promptembeds.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A checkpoint of Llama's shape in bfloat16, a file for every few layers, whose weights are one
 * block of random numbers over and over; for measurements.
 */
final class LlamaCheckpoint {
  private static final int FILES = 8;

  private final int hidden;
  private final int feedForward;
  private final int keys;
  private final int layers;
  private final int vocabulary;

  /** The shape of an 8B model, or one of the same widths with fewer layers. */
  LlamaCheckpoint(int layers) {
    this.layers = layers;
    hidden = 4096;
    feedForward = 14336;
    keys = 1024;
    vocabulary = 128256;
  }

  /**
   * Writes configuration, files and index.
   *
   * @return bytes of the weights
   */
  long write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "llama", "torch_dtype": "bfloat16", "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
         "vocab_size": %d, "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "max_position_embeddings": 16384,
         "eos_token_id": 2, "tie_word_embeddings": false}"""
            .formatted(hidden, feedForward, layers, vocabulary));
    StringBuilder index = new StringBuilder("{\"weight_map\": {");
    long total = 0;
    for (int file = 0; file < FILES; file++) {
      for (Map.Entry<String, long[]> tensor : tensors(file).entrySet()) {
        index.append(index.charAt(index.length() - 1) == '{' ? "" : ", ");
        index.append("\"%s\": \"%s\"".formatted(tensor.getKey(), name(file)));
        total += bytes(tensor.getValue());
      }
    }

    Files.writeString(
        directory.resolve("model.safetensors.index.json"), index.append("}}").toString());
    ByteBuffer block = block();
    IntStream.range(0, FILES)
        .parallel()
        .forEach(file -> writeFile(directory.resolve(name(file)), tensors(file), block));
    return total;
  }

  private static String name(int file) {
    return "model-%05d-of-%05d.safetensors".formatted(file + 1, FILES);
  }

  private static long bytes(long[] shape) {
    return 2 * IntStream.range(0, shape.length).mapToLong(i -> shape[i]).reduce(1, (a, b) -> a * b);
  }

  private Map<String, long[]> tensors(int file) {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    if (file == 0) {
      tensors.put("model.embed_tokens.weight", new long[] {vocabulary, hidden});
      tensors.put("model.norm.weight", new long[] {hidden});
    }

    if (file == FILES - 1) {
      tensors.put("lm_head.weight", new long[] {vocabulary, hidden});
    }

    for (int layer = file; layer < layers; layer += FILES) {
      String prefix = "model.layers." + layer + ".";
      tensors.put(prefix + "input_layernorm.weight", new long[] {hidden});
      tensors.put(prefix + "post_attention_layernorm.weight", new long[] {hidden});
      tensors.put(prefix + "self_attn.q_proj.weight", new long[] {hidden, hidden});
      tensors.put(prefix + "self_attn.k_proj.weight", new long[] {keys, hidden});
      tensors.put(prefix + "self_attn.v_proj.weight", new long[] {keys, hidden});
      tensors.put(prefix + "self_attn.o_proj.weight", new long[] {hidden, hidden});
      tensors.put(prefix + "mlp.gate_proj.weight", new long[] {feedForward, hidden});
      tensors.put(prefix + "mlp.up_proj.weight", new long[] {feedForward, hidden});
      tensors.put(prefix + "mlp.down_proj.weight", new long[] {hidden, feedForward});
    }

    return tensors;
  }

  /** Numbers of either sign and of a size between 1/128 and 1/64. */
  private static ByteBuffer block() {
    ByteBuffer block = ByteBuffer.allocateDirect(32 << 20).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    while (block.hasRemaining()) {
      block.putInt((random.nextInt() & 0x807f807f) | 0x3c003c00);
    }

    return block.flip();
  }

  private static void writeFile(Path path, Map<String, long[]> tensors, ByteBuffer block) {
    StringBuilder header = new StringBuilder("{");
    long end = 0;
    for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
      long start = end;
      end += bytes(tensor.getValue());
      header.append(header.length() == 1 ? "" : ", ");
      header.append(
          "\"%s\": {\"dtype\": \"BF16\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
              .formatted(tensor.getKey(), Arrays.toString(tensor.getValue()), start, end));
    }

    byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(text.length).put(text).flip();
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(head);
      for (long done = 0; done < end; done += block.capacity()) {
        ByteBuffer part = block.slice(0, (int) Math.min(block.capacity(), end - done));
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
