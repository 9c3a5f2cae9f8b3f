package org.promptembeds.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.ModelFamilies;
import org.promptembeds.model.family.ModelFamily;
import org.promptembeds.model.spec.BlockOutline;
import org.promptembeds.model.spec.DecoderOutline;
import org.promptembeds.model.spec.DecoderOutline.Layers;
import org.promptembeds.model.spec.DecoderSpec;

/**
 * The page of model types: what their classes say, what their defaults and the golden models of
 * their type make of a decoder, and which golden models there are.
 */
final class ModelsReference {
  private static final String HEAD =
      """
      # Models

      Made from the code by `ModelsReferenceTest`; do not edit.

      A model is supported if its `config.json` names one of these types and asks for nothing else than what is listed here;
      otherwise it is refused before weights are read, with everything that is in the way. `prompt-embeds inspect --model DIR`
      tells both, and how much memory the model needs; `prompt-embeds verify` compares it with Hugging Face transformers.
      What is in brackets is there in some layers or some configurations only.

      | `model_type` | what it is | blocks | besides | golden models |
      |---|---|---|---|---|
      """;
  private static final String EMBEDDINGS =
      """

      ## What embeddings must carry
      Prompt embeddings are what transformers takes as `inputs_embeds`. Some models do more with them before the first layer, and
      some do more with a token's row of the table when they look it up: then rows that are made outside, such as images, must be
      as large as rows after that. `embed_tokens` and its kin give rows after it. Of all other types embeddings are taken as they are, and a token's row is that of the table.

      | `model_type` | embeddings are, in the model | a token's row is, when it is looked up |
      |---|---|---|
      """;
  private static final String LIMITS =
      """

      ## Limits
      - Golden models are tiny ones with random weights, for which `GoldenTest` compares greedy tokens and logits with
        transformers in float32.
      - Rows that begin alike share what is computed of it (prefix caching), except where a layer keeps recurrent state
        (%s) or where positions depend on the length of a row.
      - Context ends at `max_position_embeddings`.
      """;

  private final Map<String, List<DecoderOutline>> outlines = new TreeMap<>();
  private final Map<String, List<String>> golden = new TreeMap<>();
  private final Set<String> recurrent = new LinkedHashSet<>();

  static String markdown() throws IOException {
    ModelsReference reference = new ModelsReference();
    for (String type : ModelFamilies.modelTypes()) {
      reference.addDefaults(ModelFamilies.find(type).orElseThrow());
    }

    for (Path directory : goldenModels()) {
      ModelDirectory model = ModelDirectory.open(directory);
      reference.add(model.spec().modelType(), model.spec());
      reference
          .golden
          .computeIfAbsent(model.spec().modelType(), type -> new ArrayList<>())
          .add(String.valueOf(directory.getFileName()));
    }

    return reference.page();
  }

  private static List<Path> goldenModels() throws IOException {
    URL folder = Objects.requireNonNull(ModelsReference.class.getResource("/golden"));
    try (Stream<Path> directories = Files.list(Path.of(folder.toURI()))) {
      return directories.sorted().toList();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** A family whose defaults alone are no model is described by its golden models. */
  private void addDefaults(ModelFamily family) {
    ConfigReader config =
        new ConfigReader(JsonNodeFactory.instance.objectNode()).withDefaults(family.defaults());
    outlines.put(family.modelType(), new ArrayList<>());
    try {
      DecoderSpec spec = family.read(config);
      if (!config.hasProblems()) {
        add(family.modelType(), spec);
      }
    } catch (IllegalArgumentException e) {
      outlines.put(family.modelType(), new ArrayList<>());
    }
  }

  private void add(String type, DecoderSpec spec) {
    outlines.computeIfAbsent(type, ignored -> new ArrayList<>()).add(DecoderOutline.of(spec));
    if (spec.isRecurrent()) {
      recurrent.add("`" + type + "`");
    }
  }

  private String page() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    for (String type : ModelFamilies.modelTypes()) {
      List<DecoderOutline> all = outlines.getOrDefault(type, List.of());
      page.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  type,
                  FamilySource.documentation(ModelFamilies.find(type).orElseThrow()),
                  blocks(all),
                  joined(all.stream().map(DecoderOutline::traits).toList()),
                  String.join(", ", golden.getOrDefault(type, List.of("–")))));
    }

    page.append(EMBEDDINGS);
    for (String type : ModelFamilies.modelTypes()) {
      List<DecoderOutline> all = outlines.getOrDefault(type, List.of());
      String inputs = joined(all.stream().map(DecoderOutline::inputs).toList());
      String lookup = joined(all.stream().map(DecoderOutline::lookup).toList());
      if (!inputs.equals("–") || !lookup.equals("–")) {
        page.append("| `%s` | %s | %s |\n".formatted(type, inputs, lookup));
      }
    }

    return page + LIMITS.formatted(String.join(", ", recurrent.stream().sorted().toList()));
  }

  /** Every kind of block, and what sets those of a kind apart. */
  private static String blocks(List<DecoderOutline> outlines) {
    List<List<BlockOutline>> layers =
        outlines.stream().flatMap(o -> o.layers().stream()).map(Layers::blocks).toList();
    Map<String, List<List<String>>> traits = new LinkedHashMap<>();
    for (BlockOutline block : layers.stream().flatMap(List::stream).toList()) {
      traits.computeIfAbsent(block.kind(), kind -> new ArrayList<>()).add(block.traits());
    }

    return traits.entrySet().stream()
        .map(
            entry -> {
              String kind = entry.getKey();
              boolean always =
                  layers.stream().allMatch(l -> l.stream().anyMatch(b -> b.kind().equals(kind)));
              String words = joined(entry.getValue());
              return (always ? kind : "(" + kind + ")") + (words.equals("–") ? "" : ": " + words);
            })
        .collect(Collectors.joining("; "));
  }

  /** What all lists have, and in brackets what some have. */
  private static String joined(List<? extends Collection<String>> lists) {
    Set<String> every = new LinkedHashSet<>();
    lists.forEach(every::addAll);
    List<String> shown =
        every.stream()
            .map(
                word ->
                    lists.stream().allMatch(list -> list.contains(word)) ? word : "(" + word + ")")
            .toList();
    return shown.isEmpty() ? "–" : String.join(", ", shown);
  }
}
