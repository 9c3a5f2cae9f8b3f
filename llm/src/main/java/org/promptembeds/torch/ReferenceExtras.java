package org.promptembeds.torch;

import java.io.IOException;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile.Entry;

/** What a prompt of a reference carries besides its embeddings, as a file has it. */
final class ReferenceExtras {
  static final String POSITIONS = "position_ids";
  static final String SPANS = "spans";
  static final String DEEPSTACK = "deepstack";
  static final String DEEPSTACK_ROWS = "deepstack_rows";
  static final String TOKEN_IDS = "token_ids";

  /** Names of the tensors; all may be missing. */
  static final List<String> NAMES = List.of(POSITIONS, SPANS, DEEPSTACK, DEEPSTACK_ROWS, TOKEN_IDS);

  private final SafetensorsFile file;
  private final Map<String, Entry> parts;
  private final String name;

  private ReferenceExtras(SafetensorsFile file, Map<String, Entry> parts, String name) {
    this.file = file;
    this.parts = parts;
    this.name = name;
  }

  /**
   * The extras of one prompt.
   *
   * @param parts the prompt's tensors, by what follows its name
   * @param name of the prompt
   * @throws BackendException if one is of another type or shape than it must have
   */
  static PromptExtras read(SafetensorsFile file, Map<String, Entry> parts, String name)
      throws IOException {
    return new ReferenceExtras(file, parts, name).read();
  }

  private PromptExtras read() throws IOException {
    PromptExtras extras = PromptExtras.NONE;
    if (parts.containsKey(POSITIONS)) {
      extras = extras.withPositions(PromptPositions.of(lists(POSITIONS)));
    }

    if (parts.containsKey(SPANS)) {
      extras = extras.withSpans(BidirectionalSpans.of(lists(SPANS)));
    }

    Entry deepstack = parts.get(DEEPSTACK);
    if (deepstack != null) {
      Tensor embeds = file.read(deepstack);
      extras =
          extras.withDeepstack(
              parts.containsKey(DEEPSTACK_ROWS)
                  ? DeepstackEmbeds.of(embeds, list(DEEPSTACK_ROWS))
                  : DeepstackEmbeds.of(embeds));
    }

    return parts.containsKey(TOKEN_IDS)
        ? extras.withTokens(PromptTokens.of(list(TOKEN_IDS)))
        : extras;
  }

  private int[][] lists(String part) throws IOException {
    Tensor tensor = integers(part, 2);
    int[][] lists = new int[(int) tensor.size(0)][(int) tensor.size(1)];
    IntBuffer values = tensor.data().asIntBuffer();
    for (int[] list : lists) {
      values.get(list);
    }

    return lists;
  }

  private int[] list(String part) throws IOException {
    Tensor tensor = integers(part, 1);
    int[] list = new int[(int) tensor.size(0)];
    tensor.data().asIntBuffer().get(list);
    return list;
  }

  private Tensor integers(String part, int rank) throws IOException {
    Entry entry = Objects.requireNonNull(parts.get(part), part);
    Tensor tensor = file.read(entry);
    if (tensor.rank() != rank || tensor.dtype() != DType.INT32) {
      throw new BackendException(
          "%s.%s must be int32 in %s, got %s"
              .formatted(name, part, rank == 1 ? "one dimension" : "two dimensions", tensor));
    }

    return tensor;
  }
}
