package org.promptembeds.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.promptembeds.generation.SamplingParams;

/** The body of a request to {@code /v1/completions}, with the field names of vLLM's extension. */
final class CompletionRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CompletionRequest() {}

  /**
   * A body of known length.
   *
   * @param seed of the random numbers; not sent if the row is greedy
   * @param tensorFile the embeddings as {@code torch.save} writes them
   */
  static BodyPublisher body(String model, SamplingParams params, long seed, byte[] tensorFile) {
    byte[] fields;
    try {
      fields = JSON.writeValueAsBytes(fields(model, params, seed));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the parameters cannot be written as JSON", e);
    }

    // The tensor is spliced in as bytes: as a string it would take twice the memory and a copy.
    byte[] head = "{\"prompt_embeds\":\"".getBytes(StandardCharsets.US_ASCII);
    fields[0] = ',';
    return BodyPublishers.concat(
        BodyPublishers.ofByteArray(head),
        BodyPublishers.ofByteArray(Base64.getEncoder().encode(tensorFile)),
        BodyPublishers.ofByteArray(new byte[] {'"'}),
        BodyPublishers.ofByteArray(fields));
  }

  private static ObjectNode fields(String model, SamplingParams params, long seed) {
    ObjectNode fields = JSON.createObjectNode();
    fields.put("model", model);
    fields.put("max_tokens", params.maxTokens());
    fields.put("temperature", params.temperature());
    fields.put("top_p", params.topP());
    fields.put("return_token_ids", true);
    if (!params.isGreedy()) {
      fields.put("seed", seed);
    }

    // Servers that do not know a field may refuse it: each is sent only where it says something.
    if (params.minTokens() > 0) {
      fields.put("min_tokens", params.minTokens());
    }

    if (params.topK() > 0) {
      fields.put("top_k", params.topK());
    }

    if (params.minP() > 0) {
      fields.put("min_p", params.minP());
    }

    if (params.presencePenalty() != 0) {
      fields.put("presence_penalty", params.presencePenalty());
    }

    if (params.frequencyPenalty() != 0) {
      fields.put("frequency_penalty", params.frequencyPenalty());
    }

    if (params.repetitionPenalty() != 1) {
      fields.put("repetition_penalty", params.repetitionPenalty());
    }

    if (!params.logitBias().isEmpty()) {
      ObjectNode biases = fields.putObject("logit_bias");
      params.logitBias().forEach((id, bias) -> biases.put(String.valueOf(id), bias));
    }

    if (params.ignoreEos()) {
      fields.put("ignore_eos", true);
    }

    if (!params.stop().isEmpty()) {
      ArrayNode stop = fields.putArray("stop");
      params.stop().forEach(stop::add);
    }

    if (!params.stopTokenIds().isEmpty()) {
      ArrayNode ids = fields.putArray("stop_token_ids");
      params.stopTokenIds().forEach(ids::add);
    }

    if (params.logprobs() >= 0) {
      fields.put("logprobs", params.logprobs());
      fields.put("return_tokens_as_token_ids", true);
    }

    return fields;
  }
}
