package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts over the context are answered before they are tokenized. */
class LongTextRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chat/completions | {\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}",
        "completions | {\"prompt\": \"%s\"}",
        "completions | {\"prompt\": [\"Hello\", \"%s\"]}"
      })
  void aTextThatNoContextHoldsIsABadRequest(String path, String body)
      throws IOException, InterruptedException {
    try (TinyChatServer server = new TinyChatServer()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.address() + "/" + path))
              .header("Authorization", "Bearer " + TinyChatServer.KEY)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body.formatted("!?;:".repeat(200_000))))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("is more than the 512 tokens of the model's context");
    }
  }
}
