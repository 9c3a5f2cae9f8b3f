package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** What responses to one request are made of, whole ones and the chunks of a stream. */
final class ResponseBody {
  private final GenerationCall call;
  private final String model;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  /**
   * The body of a response.
   *
   * @param model what requests call the model
   */
  ResponseBody(GenerationCall call, String model) {
    this.call = call;
    this.model = model;
    this.id = call.format().idPrefix() + UUID.randomUUID().toString().replace("-", "");
  }

  /** All of a response whose outputs are finished. */
  ObjectNode whole(List<GrowingOutput> outputs) {
    ObjectNode response = envelope(false);
    ArrayNode choices = response.putArray("choices");
    chosen(outputs).forEach(choices::add);
    call.format().complete(response, outputs.get(0).finished());
    response.set("usage", usage(outputs));
    return response;
  }

  /** A piece of a stream. */
  ObjectNode chunk(ObjectNode choice) {
    ObjectNode chunk = envelope(true);
    chunk.putArray("choices").add(choice);
    if (call.includeUsage()) {
      chunk.putNull("usage");
    }

    return chunk;
  }

  /** The last piece of a stream, which has the counts of tokens alone. */
  ObjectNode lastChunk(List<GrowingOutput> outputs) {
    ObjectNode last = envelope(true);
    last.putArray("choices");
    last.set("usage", usage(outputs));
    return last;
  }

  /** Tokens of all outputs, those that were not chosen included. */
  static int completionTokens(List<GrowingOutput> outputs) {
    return outputs.stream().mapToInt(output -> output.finished().completionTokens()).sum();
  }

  /** The n most likely outputs of each prompt, or all in their order. */
  private List<ObjectNode> chosen(List<GrowingOutput> outputs) {
    List<ObjectNode> choices = new ArrayList<>();
    int n = call.outputs().n();
    int bestOf = call.outputs().bestOf();
    for (int first = 0; first < outputs.size(); first += bestOf) {
      List<GrowingOutput> candidates = new ArrayList<>(outputs.subList(first, first + bestOf));
      if (bestOf > n) {
        candidates.sort(Comparator.comparingDouble(GrowingOutput::meanLogprob).reversed());
      }

      for (GrowingOutput output : candidates.subList(0, n)) {
        choices.add(call.format().choice(choices.size(), output.prompt()).whole(output.finished()));
      }
    }

    return choices;
  }

  private ObjectNode envelope(boolean streamed) {
    ObjectNode response = Json.object();
    response.put("id", id);
    response.put("object", call.format().objectName(streamed));
    response.put("created", created);
    response.put("model", model);
    return response;
  }

  private ObjectNode usage(List<GrowingOutput> outputs) {
    int completionTokens = completionTokens(outputs);
    ObjectNode usage = Json.object();
    usage.put("prompt_tokens", call.promptTokens());
    usage.put("completion_tokens", completionTokens);
    usage.put("total_tokens", call.promptTokens() + completionTokens);
    if (call.format().countsReasoning()) {
      int reasoningTokens =
          outputs.stream()
              .mapToInt(output -> call.format().reasoningTokens(output.finished()))
              .sum();
      usage.putObject("completion_tokens_details").put("reasoning_tokens", reasoningTokens);
    }

    return usage;
  }
}
