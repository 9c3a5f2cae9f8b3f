package org.promptembeds.serve;

import java.util.function.Supplier;
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
 */
public record ServedModel(
    String name,
    GenerationBackend backend,
    PromptEncoder encoder,
    int hiddenSize,
    int maxModelLen,
    Supplier<EngineStats> stats,
    ChatParsers parsers) {
  /** What torch.save adds to the elements of a tensor, generously. */
  private static final int FORMAT_BYTES = 64 * 1024;

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
        ChatParsers.AUTO);
  }

  /** The same model, whose calls and thoughts are found in another way. */
  public ServedModel with(ChatParsers other) {
    return new ServedModel(name, backend, encoder, hiddenSize, maxModelLen, stats, other);
  }
}
