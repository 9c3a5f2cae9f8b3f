package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.UUID;
import org.promptembeds.generation.Client;

/**
 * The APIs without HTTP: takes the lines of OpenAI's batch files and answers each with a line, as
 * its Batch API does. Safe for use by many threads.
 */
public final class BatchApi {
  private static final int TOO_MANY = 429;

  private final ServedModel model;
  private final ByteBudget memory;
  private final RequestJson json;
  private final CompletionsApi completions;
  private final ChatApi chat;

  /**
   * The APIs of a model.
   *
   * @param maxHeldBytes most memory of all requests under way together, in bytes
   */
  public BatchApi(ServedModel model, long maxHeldBytes) {
    this.model = model;
    this.memory = new ByteBudget(maxHeldBytes);
    this.json = new RequestJson(model);
    this.completions = new CompletionsApi(model);
    this.chat = new ChatApi(model);
  }

  /**
   * Takes a line. Whatever is wrong with it becomes its answer.
   *
   * @param line UTF-8
   * @param name what messages about a line that is no request call it, such as its number
   * @param client who asks
   * @return empty if requests under way hold the memory that this one needs: ask again when one of
   *     them has ended
   * @throws org.promptembeds.generation.BackendException if the model takes no requests any more
   */
  public Optional<BatchEntry> submit(byte[] line, String name, Client client) {
    BatchLine read = json.batchLine(line);
    ApiException problem = read.problem();
    Route route = read.route();
    if (problem != null) {
      return Optional.of(BatchEntry.failed(error(read, name, problem)));
    }

    if (route == null) {
      throw new IllegalStateException("a line without a problem has a route");
    }

    ByteBudget.Lease lease = memory.lease();
    boolean isSubmitted = false;
    try {
      GenerationCall call = call(line, route, new Requester(client, lease));
      BatchEntry entry =
          BatchEntry.submit(call, model, lease, (status, body) -> answer(read, status, body));
      isSubmitted = true;
      return Optional.of(entry);
    } catch (ApiException e) {
      return e.status() == TOO_MANY
          ? Optional.empty()
          : Optional.of(BatchEntry.failed(answer(read, e.status(), e.body())));
    } finally {
      if (!isSubmitted) {
        lease.close();
      }
    }
  }

  private GenerationCall call(byte[] line, Route route, Requester requester) {
    ObjectNode body = json.batchBody(line, requester.memory());
    GenerationCall call =
        route == Route.CHAT ? chat.read(body, requester) : completions.read(body, requester);
    if (call.stream()) {
      throw ApiException.invalid("stream", "a batch has no streams: leave stream out");
    }

    return call;
  }

  private static ObjectNode answer(BatchLine line, int status, ObjectNode body) {
    ObjectNode answer = envelope(line);
    ObjectNode response = answer.putObject("response");
    response.put("status_code", status);
    response.put("request_id", "req_" + unique());
    response.set("body", body);
    answer.putNull("error");
    return answer;
  }

  /** The answer to a line that is no request. */
  private static ObjectNode error(BatchLine line, String name, ApiException problem) {
    ObjectNode answer = envelope(line);
    answer.putNull("response");
    ObjectNode error = answer.putObject("error");
    error.put("code", "invalid_line");
    error.put("message", name + ": " + problem.getMessage());
    return answer;
  }

  private static ObjectNode envelope(BatchLine line) {
    ObjectNode answer = Json.object();
    answer.put("id", "batch_req_" + unique());
    answer.put("custom_id", line.customId());
    return answer;
  }

  private static String unique() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
