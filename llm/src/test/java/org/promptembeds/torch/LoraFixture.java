package org.promptembeds.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;

/**
 * An adapter of a golden model, and what the reference computes with both. To make them again: run
 * {@code python generate_lora.py ../resources/golden ../resources/lora} in {@code
 * src/test/reference}.
 *
 * @param model that is changed
 * @param path of the adapter
 * @param prompts of the model, with the outputs that the adapter makes
 */
record LoraFixture(GoldenModel model, Path path, List<GoldenModel.Prompt> prompts) {
  private static final List<String> KINDS = List.of("attention", "all", "feed-forward");

  /** Names of the models that have adapters. */
  static Stream<String> models() {
    try (Stream<Path> models = Files.list(root())) {
      return models.map(path -> path.getFileName().toString()).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The adapters of a model. */
  static List<LoraFixture> of(String model) {
    return KINDS.stream().map(kind -> of(model, kind)).toList();
  }

  static LoraFixture of(String name, String kind) {
    GoldenModel model = GoldenModel.of(name);
    Path path = root().resolve(name).resolve(kind);
    try (SafetensorsFile tensors = SafetensorsFile.open(path.resolve("expected.safetensors"))) {
      JsonNode tokens =
          new ObjectMapper().readTree(path.resolve("expected.json").toFile()).get("token_ids");
      List<GoldenModel.Prompt> prompts = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        JsonNode ids = tokens.get(i);
        GoldenModel.Prompt plain = model.prompts().get(i);
        Tensor logits = tensors.read(tensors.find(i + ".logits").orElseThrow());
        prompts.add(
            new GoldenModel.Prompt(
                plain.embeds(),
                IntStream.range(0, ids.size()).map(j -> ids.get(j).intValue()).toArray(),
                GoldenModel.rows(logits),
                plain.extras()));
      }

      return new LoraFixture(model, path, prompts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(Objects.requireNonNull(LoraFixture.class.getResource("/lora")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
