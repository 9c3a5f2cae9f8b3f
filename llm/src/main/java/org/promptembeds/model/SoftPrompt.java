package org.promptembeds.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.tensor.NonFinite;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.tensor.TensorFormatException;
import org.promptembeds.tensor.TorchFormat;

/**
 * Embeddings that were trained to stand before a prompt: a prompt-tuning or p-tuning adapter as the
 * library PEFT saves it.
 *
 * @param embeds {@code (num_virtual_tokens, hidden_size)}
 */
public record SoftPrompt(Tensor embeds) {
  private static final String CONFIG = "adapter_config.json";
  private static final String SAFETENSORS = "adapter_model.safetensors";
  private static final String TORCH = "adapter_model.bin";
  private static final long MAX_TORCH_BYTES = 1L << 30;
  private static final String NAME = "prompt_embeddings";
  private static final List<String> SUPPORTED = List.of("PROMPT_TUNING", "P_TUNING");

  /**
   * Reads the adapter in {@code directory}: {@code adapter_config.json} and {@code
   * adapter_model.safetensors}, or else {@code adapter_model.bin}.
   *
   * @param hiddenSize of the model that is to read the prompt
   * @throws BackendException if they are missing or malformed, belong to an adapter of another
   *     kind, or were trained for another hidden size
   */
  public static SoftPrompt open(Path directory, int hiddenSize) {
    requireFile(directory, CONFIG);
    ConfigReader config = new ConfigReader(ConfigReader.readObject(directory.resolve(CONFIG)));
    requireSupported(directory, config.text("peft_type"));
    int length = config.sizeOr("num_virtual_tokens", 0);
    int width = config.sizeOr("token_dim", hiddenSize);
    int copies = config.sizeOr("num_transformer_submodules", 1);
    if (copies != 1) {
      config.problem(
          "num_transformer_submodules is %d, only models of one stack (1) are supported"
              .formatted(copies));
    }

    if (width != hiddenSize) {
      config.problem(
          "token_dim is %d, but the hidden size of the model is %d: the adapter was trained for another model"
              .formatted(width, hiddenSize));
    }

    if (config.hasProblems()) {
      throw new BackendException(
          directory.resolve(CONFIG) + ": " + String.join("; ", config.problems()));
    }

    boolean isTorch =
        !Files.exists(directory.resolve(SAFETENSORS)) && Files.exists(directory.resolve(TORCH));
    Path weights = requireFile(directory, isTorch ? TORCH : SAFETENSORS);
    Tensor embeds = isTorch ? readTorch(weights) : readSafetensors(weights);
    requireShape(weights, embeds, length, hiddenSize);
    return new SoftPrompt(embeds);
  }

  private static Path requireFile(Path directory, String name) {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      throw new BackendException(
          "soft prompt %s holds no %s: save the adapter with PEFT's save_pretrained"
              .formatted(directory, name));
    }

    return file;
  }

  private static void requireSupported(Path directory, @Nullable String type) {
    if (type != null && SUPPORTED.contains(type)) {
      return;
    }

    String reason =
        "PREFIX_TUNING".equals(type)
            ? "its %s are keys and values of every layer, not embeddings".formatted(NAME)
            : "it is not made of embeddings alone";
    throw new BackendException(
        "soft prompt %s: an adapter of peft_type %s is not supported, only %s; %s"
            .formatted(directory, type, SUPPORTED, reason));
  }

  private static Tensor readSafetensors(Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      TensorFile.Entry entry =
          weights
              .find(NAME)
              .orElseThrow(
                  () -> noTensor(file, weights.entries().stream().map(TensorFile.Entry::name)));
      return weights.read(entry);
    } catch (TensorFormatException | IOException e) {
      throw new BackendException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Tensor readTorch(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_TORCH_BYTES) {
        throw new BackendException(
            "%s has %d bytes, at most %d are read: save the adapter as %s"
                .formatted(file, size, MAX_TORCH_BYTES, SAFETENSORS));
      }

      Map<String, Tensor> tensors =
          TorchFormat.readAll(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      Tensor embeds = tensors.get(NAME);
      if (embeds == null) {
        throw noTensor(file, tensors.keySet().stream());
      }

      return embeds;
    } catch (TensorFormatException | IOException e) {
      throw new BackendException(
          "%s cannot be read: %s; save the adapter anew with PEFT's save_pretrained, which writes %s"
              .formatted(file, e.getMessage(), SAFETENSORS),
          e);
    }
  }

  private static BackendException noTensor(Path file, Stream<String> names) {
    return new BackendException(
        "%s holds no tensor %s, only %s".formatted(file, NAME, names.limit(8).toList()));
  }

  private static void requireShape(Path weights, Tensor embeds, int length, int hiddenSize) {
    long[] expected = {length == 0 && embeds.rank() > 0 ? embeds.size(0) : length, hiddenSize};
    if (!embeds.dtype().isFloat()
        || !Arrays.equals(embeds.shape(), expected)
        || embeds.elementCount() == 0) {
      throw new BackendException(
          "%s: tensor %s has shape %s and type %s, but %s of a floating-point type is expected"
              .formatted(
                  weights,
                  NAME,
                  Arrays.toString(embeds.shape()),
                  embeds.dtype(),
                  Arrays.toString(expected)));
    }

    long index = NonFinite.firstIndex(embeds);
    if (index >= 0) {
      throw new BackendException(
          "%s: element %d of %s is not a finite number: train the adapter again"
              .formatted(weights, index, NAME));
    }
  }
}
