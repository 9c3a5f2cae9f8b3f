package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.Client;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/** Lines of batches: each is answered by a line, with a response or an error. */
class BatchApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT =
      "{'custom_id': 'c1', 'method': 'POST', 'url': '/v1/chat/completions', 'body': {'model':"
          + " 'tiny', 'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 5}}";

  private final FakeBackend backend = new FakeBackend(request -> "abc");
  private final BatchApi api = api(backend, 64 << 20);

  private static BatchApi api(FakeBackend backend, long maxHeldBytes) {
    ServedModel model = ServerFixture.model(backend, new FakeEncoder(), 64);
    return new BatchApi(model, maxHeldBytes);
  }

  private static byte[] line(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private BatchAnswer answer(String json) {
    return api.submit(line(json), "line 7", Client.ANONYMOUS).orElseThrow().answer().join();
  }

  private static JsonNode read(BatchAnswer answer) throws IOException {
    return JSON.readTree(answer.json());
  }

  private static String completion(String fields) {
    return "{'body': {'max_tokens': 4, %s}, 'url': '/v1/completions', 'method': 'POST', 'custom_id': 'x'}"
        .formatted(fields);
  }

  @Test
  void aChatIsAnsweredAsTheServerDoes() throws IOException {
    BatchAnswer answer = answer(CHAT);

    JsonNode json = read(answer);
    assertThat(answer.succeeded()).isTrue();
    assertThat(json.path("custom_id").asText()).isEqualTo("c1");
    assertThat(json.path("id").asText()).startsWith("batch_req_");
    assertThat(json.get("error").isNull()).isTrue();
    assertThat(json.at("/response/status_code").asInt()).isEqualTo(200);
    assertThat(json.at("/response/request_id").asText()).startsWith("req_");
    assertThat(json.at("/response/body/object").asText()).isEqualTo("chat.completion");
    assertThat(json.at("/response/body/choices/0/message/content").asText()).isEqualTo("abc");
    assertThat(json.at("/response/body/usage/completion_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void completionsTakeTextsAndTensorsWhereverTheBodyStands() throws IOException {
    byte[] tensor =
        TorchFormat.write(
            Tensor.ofFloats(new float[3 * FakeEncoder.HIDDEN_SIZE], 3, FakeEncoder.HIDDEN_SIZE));
    JsonNode tensors =
        read(
            answer(
                completion(
                    "'prompt_embeds': '"
                        + Base64.getEncoder().encodeToString(tensor)
                        + "', 'n': 2")));

    assertThat(tensors.at("/response/body/choices")).hasSize(2);
    assertThat(tensors.at("/response/body/usage/prompt_tokens").asInt()).isEqualTo(3);
    assertThat(
            read(answer(completion("'prompt': 'Hi'"))).at("/response/body/choices/0/text").asText())
        .isEqualTo("abc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json | line 7: the line is not JSON | ",
        "[] | the line is not a JSON object | ",
        "{'custom_id': 'a', 'custom_id': 'b'} | Duplicate | a",
        "{'custom_id': 'a', 'method': 'POST' | the line is not JSON | a",
        "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/completions', 'body': {}} x | line is not"
            + " JSON | a",
        "{'method': 'POST', 'url': '/v1/completions', 'body': {}} | the line has no custom_id | ",
        "{'custom_id': 3, 'method': 'POST', 'url': '/v1/completions', 'body': {}} | custom_id must"
            + " be a string | ",
        "{'custom_id': 'a', 'method': 'GET', 'url': '/v1/completions', 'body': {}} | method must be"
            + " POST, got GET | a",
        "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/embeddings', 'body': {}} | url must be"
            + " /v1/chat/completions or | a",
        "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/completions'} | the line has no body | a",
        "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/completions', 'body': 'x'} | the line has"
            + " no body | a",
        "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/completions', 'body': {}, 'x': 1} | not"
            + " [x] | a"
      })
  void linesThatAreNoRequestsAreAnsweredByErrors(String line, String message, String id)
      throws IOException {
    BatchAnswer answer = answer(line);

    JsonNode json = read(answer);
    assertThat(answer.succeeded()).isFalse();
    assertThat(json.get("response").isNull()).isTrue();
    assertThat(json.at("/error/code").asText()).isEqualTo("invalid_line");
    assertThat(json.at("/error/message").asText()).contains(message);
    assertThat(json.get("custom_id").textValue()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'prompt': 'Hi', 'temperature': -1 | 400 | temperature must be",
        "'prompt': 'Hi', 'stream': true | 400 | a batch has no streams",
        "'prompt': 'Hi', 'model': 'other' | 404 | the model 'other' does not exist",
        "'prompt_embeds': 'xx%' | 400 | invalid base64",
        "'prompt': 'Hi', 'colour': 1 | 400 | not supported: colour"
      })
  void requestsThatCannotBeDoneAreAnsweredAsTheServerDoes(String fields, int status, String message)
      throws IOException {
    BatchAnswer answer = answer(completion(fields));

    JsonNode json = read(answer);
    assertThat(answer.succeeded()).isFalse();
    assertThat(json.get("error").isNull()).isTrue();
    assertThat(json.path("custom_id").asText()).isEqualTo("x");
    assertThat(json.at("/response/status_code").asInt()).isEqualTo(status);
    assertThat(json.at("/response/body/error/message").asText()).contains(message);
  }

  @Test
  void whatFindsNoMemoryWaitsForWhatHoldsIt() throws JsonProcessingException, InterruptedException {
    FakeBackend slow = new FakeBackend(request -> null);
    BatchApi small = api(slow, 1200);
    String text = completion("'prompt': '" + "x".repeat(40) + "'");
    BatchEntry first = small.submit(line(text), "line 1", Client.ANONYMOUS).orElseThrow();

    Optional<BatchEntry> second = small.submit(line(text), "line 2", Client.ANONYMOUS);
    slow.next().finish("done");

    assertThat(second).isEmpty();
    assertThat(first.answer().join().succeeded()).isTrue();
    assertThat(small.submit(line(text), "line 2", Client.ANONYMOUS)).isPresent();
    assertThat(answered(api(slow, 100), text).at("/response/status_code").asInt()).isEqualTo(413);
  }

  private static JsonNode answered(BatchApi api, String line) {
    try {
      return read(api.submit(line(line), "line 1", Client.ANONYMOUS).orElseThrow().answer().join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBrokenModelEndsTheBatchAndNotTheLine() throws InterruptedException {
    FakeBackend slow = new FakeBackend(request -> null);
    BatchEntry entry =
        api(slow, 64 << 20).submit(line(CHAT), "line 1", Client.ANONYMOUS).orElseThrow();

    slow.next().result().completeExceptionally(new BackendException("out of memory"));

    assertThatThrownBy(() -> entry.answer().join()).hasRootCauseMessage("out of memory");
  }
}
