package org.promptembeds.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;

/**
 * A tiny random model and what Hugging Face transformers computes with it. To make them again: run
 * {@code python src/test/reference/generate_golden.py src/test/resources/golden}.
 */
record GoldenModel(Path path, List<Prompt> prompts) {
  /** Part of a name: {@code -Dgolden=gemma} runs the models of that name alone. */
  private static final String WANTED = System.getProperty("golden", "");

  /**
   * A prompt and the reference's greedy output.
   *
   * @param embeds {@code (length, hidden_size)}
   * @param tokenIds tokens generated
   * @param logits one row per token
   * @param extras what it carries besides embeddings
   */
  record Prompt(Tensor embeds, int[] tokenIds, float[][] logits, PromptExtras extras) {}

  static Stream<GoldenModel> all() {
    return all("/golden");
  }

  /** Those whose weights are quantised, which {@code generate_quantized.py} makes. */
  static Stream<GoldenModel> quantized() {
    return all("/quantized");
  }

  private static Stream<GoldenModel> all(String root) {
    try (Stream<Path> directories = Files.list(root(root))) {
      return directories
          .filter(path -> path.getFileName().toString().contains(WANTED))
          .sorted()
          .map(GoldenModel::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root(String root) {
    URL golden = Objects.requireNonNull(GoldenModel.class.getResource(root));
    try {
      return Path.of(golden.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static GoldenModel of(String name) {
    return read(root("/golden").resolve(name));
  }

  static GoldenModel quantized(String name) {
    return read(root("/quantized").resolve(name));
  }

  ModelDirectory directory() {
    return ModelDirectory.open(path);
  }

  private static GoldenModel read(Path path) {
    try (SafetensorsFile tensors = SafetensorsFile.open(path.resolve("expected.safetensors"))) {
      JsonNode expected = new ObjectMapper().readTree(path.resolve("expected.json").toFile());
      List<Prompt> prompts = new ArrayList<>();
      for (JsonNode prompt : expected.get("prompts")) {
        String prefix = prompts.size() + ".";
        Tensor embeds = tensors.read(tensors.find(prefix + "embeds").orElseThrow());
        Tensor logits = tensors.read(tensors.find(prefix + "logits").orElseThrow());
        int[] tokenIds = new int[prompt.get("token_ids").size()];
        for (int i = 0; i < tokenIds.length; i++) {
          tokenIds[i] = prompt.get("token_ids").get(i).intValue();
        }

        prompts.add(new Prompt(embeds, tokenIds, rows(logits), extras(tensors, prefix)));
      }

      return new GoldenModel(path, prompts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with other logits, {@code N.logits} of prompt N. */
  GoldenModel withLogits(Path file) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      List<Prompt> changed = new ArrayList<>();
      for (Prompt prompt : prompts) {
        Tensor logits = tensors.read(tensors.find(changed.size() + ".logits").orElseThrow());
        changed.add(new Prompt(prompt.embeds(), prompt.tokenIds(), rows(logits), prompt.extras()));
      }

      return new GoldenModel(path, changed);
    }
  }

  private static PromptExtras extras(SafetensorsFile tensors, String prefix) throws IOException {
    Map<String, TensorFile.Entry> parts = new HashMap<>();
    for (String name : ReferenceExtras.NAMES) {
      tensors.find(prefix + name).ifPresent(entry -> parts.put(name, entry));
    }

    return ReferenceExtras.read(tensors, parts, prefix);
  }

  static float[][] rows(Tensor tensor) {
    float[][] rows = new float[(int) tensor.size(0)][(int) tensor.size(1)];
    float[] values = tensor.toFloats();
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, i * rows[i].length, rows[i], 0, rows[i].length);
    }

    return rows;
  }

  @Override
  public String toString() {
    return String.valueOf(path.getFileName());
  }
}
