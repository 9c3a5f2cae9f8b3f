package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.PromptTruncation;
import org.promptembeds.generation.parameter.PromptParameters;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TensorFormatException;

/** Reads prompts: text, token ids, and tensors. */
final class PromptReader {
  private final ServedModel model;
  private final ByteBudget.Lease memory;
  private final PromptTruncation truncation;

  /**
   * A reader for one request.
   *
   * @param memory what the embeddings are taken from
   * @param truncation what is kept of each prompt
   */
  PromptReader(ServedModel model, ByteBudget.Lease memory, PromptTruncation truncation) {
    this.model = model;
    this.memory = memory;
    this.truncation = truncation;
  }

  /**
   * The prompts of a completion: embeddings before texts, as vLLM orders them. They are counted
   * before any is embedded.
   */
  List<Prompt> prompts(
      @Nullable JsonNode prompt,
      @Nullable JsonNode promptEmbeds,
      ExtrasReader extras,
      Outputs outputs) {
    List<JsonNode> tensors = promptEmbeds == null ? List.of() : elements(promptEmbeds);
    // Clients that must send a prompt send an empty one beside embeddings.
    boolean stopgap =
        prompt != null && !tensors.isEmpty() && prompt.isTextual() && prompt.asText().isEmpty();
    List<JsonNode> texts = prompt == null || stopgap ? List.of() : texts(prompt);
    if (tensors.isEmpty() && texts.isEmpty()) {
      throw ApiException.invalid(
          "prompt", "there is nothing to complete: give prompt or prompt_embeds");
    }

    outputs.check(tensors.size() + texts.size());
    boolean isList = promptEmbeds != null && promptEmbeds.isArray();
    extras.check(tensors.size(), isList);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      String label = isList ? "prompt_embeds[" + i + "]" : "prompt_embeds";
      prompts.add(ofEmbeds(tensor(tensors.get(i), label), extras.read(i, isList), label));
    }

    for (int i = 0; i < texts.size(); i++) {
      String label = texts.size() > 1 ? "prompt[" + i + "]" : "prompt";
      prompts.add(ofTokens(tokenIds(texts.get(i)), extras.ofText(), label));
    }

    return prompts;
  }

  private static List<JsonNode> elements(JsonNode node) {
    List<JsonNode> elements = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(elements::add);
    } else {
      elements.add(node);
    }

    return elements;
  }

  private static List<JsonNode> texts(JsonNode prompt) {
    boolean isOneOfTokens = prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isNumber();
    return isOneOfTokens ? List.of(prompt) : elements(prompt);
  }

  private int[] tokenIds(JsonNode prompt) {
    if (prompt.isTextual()) {
      return model.encoder().tokenIds(prompt.asText(), true);
    }

    if (!prompt.isArray()) {
      throw RequestFields.wrongType("prompt", "a text, token ids, or a list of either", prompt);
    }

    int[] tokenIds = new int[prompt.size()];
    for (int i = 0; i < tokenIds.length; i++) {
      if (!prompt.get(i).canConvertToInt() || !prompt.get(i).isIntegralNumber()) {
        throw RequestFields.wrongType("prompt", "a list of token ids", prompt.get(i));
      }

      tokenIds[i] = prompt.get(i).asInt();
    }

    return tokenIds;
  }

  /** A prompt of embeddings. */
  Prompt ofEmbeds(Tensor whole, PromptExtras extras, String label) {
    try {
      return new Prompt(truncation.cut(whole), null, truncation.cut(extras, whole), label);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(
          PromptParameters.TRUNCATE_PROMPT_TOKENS.name(), label + ": " + e.getMessage());
    }
  }

  /** A prompt of tokens. */
  Prompt ofTokens(int[] wholeIds, PromptExtras extras, String label) {
    int[] tokenIds = truncation.cut(wholeIds);
    if (tokenIds.length == 0) {
      throw ApiException.invalid("prompt", label + " has no tokens: give at least 1");
    }

    if (tokenIds.length >= model.maxModelLen()) {
      throw ApiException.invalid(
          "prompt",
          "%s has %d tokens and leaves no room for output in the context of %d"
              .formatted(label, tokenIds.length, model.maxModelLen()));
    }

    PromptExtras known =
        model.backend().takesTokens() ? extras.withTokens(PromptTokens.of(tokenIds)) : extras;
    return new Prompt(embed(tokenIds), tokenIds, known, label);
  }

  /** Embeddings of tokens, whose memory is taken first, as if they were the widest. */
  Tensor embed(int[] tokenIds) {
    long most = (long) tokenIds.length * model.hiddenSize() * DType.FLOAT32.bytes();
    memory.take(most);
    Tensor embeds = model.encoder().embed(tokenIds);
    memory.giveBack(most - embeds.byteCount());
    return embeds;
  }

  /** Embeddings that {@code node} holds, the bytes of a tensor. */
  Tensor tensor(JsonNode node, String label) {
    if (!(node instanceof BinaryNode binary)) {
      throw RequestFields.wrongType(label, "base64 of a tensor that torch.save wrote", node);
    }

    Tensor tensor;
    try {
      tensor = TensorBytes.readTorch(label, ByteBuffer.wrap(binary.binaryValue()), memory::take);
    } catch (TensorFormatException e) {
      throw ApiException.invalid("prompt_embeds", String.valueOf(e.getMessage()));
    }

    if (tensor.size(1) != model.hiddenSize()) {
      throw ApiException.invalid(
          "prompt_embeds",
          "%s has hidden size %d, the model's is %d: make it with this model's embedding layer"
              .formatted(label, tensor.size(1), model.hiddenSize()));
    }

    checkRange(tensor, label);
    return tensor;
  }

  /** No model computes in float64: what is finite there must be in float32 too. */
  private void checkRange(Tensor tensor, String label) {
    if (tensor.dtype() != DType.FLOAT64) {
      return;
    }

    DoubleBuffer values = tensor.data().asDoubleBuffer();
    for (int i = 0; i < values.limit(); i++) {
      double value = values.get(i);
      if (Double.isFinite(value) && Float.isInfinite((float) value)) {
        throw ApiException.invalid(
            "prompt_embeds",
            "%s is not finite in float32 at position %d, dimension %d: %s, at most %s can be"
                .formatted(
                    label, i / model.hiddenSize(), i % model.hiddenSize(), value, Float.MAX_VALUE));
      }
    }
  }
}
