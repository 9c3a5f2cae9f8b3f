package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TensorFormatException;

/** Reads prompts: text, token ids, and tensors in base64. */
final class PromptReader {
  /** What torch.save adds to the elements of a tensor, generously. */
  private static final int FORMAT_BYTES = 64 * 1024;

  private final ServedModel model;

  PromptReader(ServedModel model) {
    this.model = model;
  }

  /** The prompts of a completion: embeddings before texts, as vLLM orders them. */
  List<Prompt> prompts(@Nullable JsonNode prompt, @Nullable JsonNode promptEmbeds) {
    List<Prompt> prompts = new ArrayList<>();
    if (promptEmbeds != null) {
      List<JsonNode> tensors = elements(promptEmbeds);
      for (int i = 0; i < tensors.size(); i++) {
        String label = promptEmbeds.isArray() ? "prompt_embeds[" + i + "]" : "prompt_embeds";
        prompts.add(new Prompt(tensor(tensors.get(i), label), null, label));
      }
    }

    // Clients that must send a prompt send an empty one beside embeddings.
    boolean stopgap =
        prompt != null && !prompts.isEmpty() && prompt.isTextual() && prompt.asText().isEmpty();
    if (prompt != null && !stopgap) {
      addTexts(prompt, prompts);
    }

    if (prompts.isEmpty()) {
      throw ApiException.invalid(
          "prompt", "there is nothing to complete: give prompt or prompt_embeds");
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

  private void addTexts(JsonNode prompt, List<Prompt> prompts) {
    boolean isOneOfTokens = prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isNumber();
    List<JsonNode> elements = isOneOfTokens ? List.of(prompt) : elements(prompt);
    for (int i = 0; i < elements.size(); i++) {
      String label = elements.size() > 1 ? "prompt[" + i + "]" : "prompt";
      prompts.add(ofTokens(tokenIds(elements.get(i)), label));
    }
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

  /** A prompt of tokens. */
  Prompt ofTokens(int[] tokenIds, String label) {
    if (tokenIds.length == 0) {
      throw ApiException.invalid("prompt", label + " has no tokens: give at least 1");
    }

    if (tokenIds.length >= model.maxPositions()) {
      throw ApiException.invalid(
          "prompt",
          "%s has %d tokens and leaves no room for output in the context of %d"
              .formatted(label, tokenIds.length, model.maxPositions()));
    }

    return new Prompt(model.encoder().embed(tokenIds), tokenIds, label);
  }

  /** Embeddings of {@code node}, a string. */
  Tensor tensor(JsonNode node, String label) {
    if (!node.isTextual()) {
      throw RequestFields.wrongType(label, "base64 of a tensor that torch.save wrote", node);
    }

    // The widest elements are of eight bytes, and more positions than the context cannot be used.
    long most = 8L * model.hiddenSize() * model.maxPositions() + FORMAT_BYTES;
    long bytes = node.asText().length() / 4L * 3;
    if (bytes > most) {
      throw ApiException.invalid(
          "prompt_embeds",
          "%s has %d bytes, and no prompt of the context of %d positions and hidden size %d has more than %d"
              .formatted(label, bytes, model.maxPositions(), model.hiddenSize(), most));
    }

    Tensor tensor;
    try {
      tensor = TensorBytes.readBase64(label, node.asText());
    } catch (TensorFormatException e) {
      throw ApiException.invalid("prompt_embeds", String.valueOf(e.getMessage()));
    }

    if (tensor.size(1) != model.hiddenSize()) {
      throw ApiException.invalid(
          "prompt_embeds",
          "%s has hidden size %d, the model's is %d: make it with this model's embedding layer"
              .formatted(label, tensor.size(1), model.hiddenSize()));
    }

    return tensor;
  }
}
