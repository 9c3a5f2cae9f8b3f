package org.promptembeds.serve;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.model.PromptEncoder;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.torch.LocalBackend;

/**
 * The model that is served.
 *
 * @param name what requests call it
 * @param backend generates
 * @param encoder makes embeddings of text
 * @param hiddenSize width of an embedding
 * @param maxModelLen longest prompt and output together, in tokens
 * @param stats what the engine has done
 * @param parsers how calls and thoughts are found in what it writes in chats
 * @param adapters names of the adapters that requests may have as their model
 */
public record ServedModel(
    String name,
    GenerationBackend backend,
    PromptEncoder encoder,
    int hiddenSize,
    int maxModelLen,
    Supplier<EngineStats> stats,
    ChatParsers parsers,
    Set<String> adapters) {
  /** What torch.save adds to the elements of a tensor, generously. */
  private static final int FORMAT_BYTES = 64 * 1024;

  public ServedModel {
    adapters = Collections.unmodifiableSet(new TreeSet<>(adapters));
    if (adapters.contains(name)) {
      throw new IllegalArgumentException(
          "an adapter is called '%s' as the model is: give either another name".formatted(name));
    }
  }

  /** A model without adapters. */
  public ServedModel(
      String name,
      GenerationBackend backend,
      PromptEncoder encoder,
      int hiddenSize,
      int maxModelLen,
      Supplier<EngineStats> stats,
      ChatParsers parsers) {
    this(name, backend, encoder, hiddenSize, maxModelLen, stats, parsers, Set.of());
  }

  /** What requests may have as their model: the model itself first. */
  List<String> names() {
    return Stream.concat(Stream.of(name), adapters.stream()).toList();
  }

  /**
   * Refuses a model that is not here.
   *
   * @throws ApiException naming it and those that are
   */
  void require(String asked) {
    if (!names().contains(asked)) {
      throw ApiException.noModel(asked, String.join("', '", names()));
    }
  }

  /**
   * Size of the longest prompt as a tensor: the widest elements are of eight bytes, and more
   * positions than the context cannot be used.
   */
  long maxTensorBytes() {
    return 8L * hiddenSize * maxModelLen + FORMAT_BYTES;
  }

  /** A model in this JVM, which the server that takes it closes. */
  public static ServedModel of(String name, LocalBackend backend, PromptEncoder encoder) {
    ModelLimits limits = backend.limits();
    return new ServedModel(
        name,
        backend,
        encoder,
        limits.hiddenSize(),
        Math.min(limits.maxModelLen(), limits.kvSlots()),
        backend::stats,
        ChatParsers.AUTO,
        backend.adapterNames());
  }

  /** The same model, whose calls and thoughts are found in another way. */
  public ServedModel with(ChatParsers other) {
    return new ServedModel(name, backend, encoder, hiddenSize, maxModelLen, stats, other, adapters);
  }
}
