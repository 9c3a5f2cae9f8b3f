package org.promptembeds.remote;

import static org.promptembeds.generation.parameter.ChoiceParameters.SEED;
import static org.promptembeds.generation.parameter.ChoiceParameters.TEMPERATURE;
import static org.promptembeds.generation.parameter.ChoiceParameters.TOP_P;
import static org.promptembeds.generation.parameter.StopParameters.MAX_TOKENS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;

/** The body of a request to {@code /v1/completions}, with the field names of vLLM's extension. */
final class CompletionRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Parameters whose defaults differ among servers. */
  private static final Set<Parameter<?>> ALWAYS_SENT = Set.of(MAX_TOKENS, TEMPERATURE, TOP_P);

  /** Where vLLM takes what the output must look like. */
  private static final String FORM = "structured_outputs";

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

  /** The fields but the prompt. */
  static ObjectNode fields(String model, SamplingParams params, long seed) {
    ObjectNode fields = JSON.createObjectNode();
    fields.put("model", params.find(ModelParameters.LORA).orElse(model));
    fields.put("return_token_ids", true);
    // Servers that do not know a field may refuse it: each is sent only where it says something.
    for (Parameter<?> parameter : Parameters.on(Surface.REMOTE)) {
      if (parameter.equals(ModelParameters.LORA)) {
        continue; // servers have adapters among their models
      }

      if (FormParameters.all().contains(parameter)) {
        params
            .find(parameter)
            .filter(value -> params.values().containsKey(parameter))
            .ifPresent(value -> fields.withObject("/" + FORM).set(name(parameter), json(value)));
      } else if (ALWAYS_SENT.contains(parameter) || params.values().containsKey(parameter)) {
        params.find(parameter).ifPresent(value -> fields.set(parameter.name(), json(value)));
      }
    }

    fields.remove(SEED.name());
    if (!params.isGreedy()) {
      fields.put(SEED.name(), seed);
    }

    if (params.logprobs() >= 0) {
      fields.put("return_tokens_as_token_ids", true);
    }

    return fields;
  }

  /** The name within the object of structured outputs. */
  private static String name(Parameter<?> parameter) {
    return parameter.equals(FormParameters.JSON_SCHEMA) ? "json" : parameter.name();
  }

  private static JsonNode json(Object value) {
    return JSON.valueToTree(value);
  }
}
