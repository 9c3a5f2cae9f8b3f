package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts over the context are answered before they are tokenized. */
class LongTextRequestTest {
  private static HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    try (TinyChatServer server = new TinyChatServer()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.address() + "/" + path))
              .header("Authorization", "Bearer " + TinyChatServer.KEY)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

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
    HttpResponse<String> answer = post(path, body.formatted("!?;:".repeat(200_000)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("is more than the 512 tokens of the model's context");
  }

  @Test
  void stopStringsOutOfBoundsAreABadRequest() throws IOException, InterruptedException {
    String stops = "\"" + "a".repeat(1001) + "\"" + ", \"b\"".repeat(16);
    HttpResponse<String> answer =
        post("completions", "{\"prompt\": \"Hi\", \"stop\": [%s]}".formatted(stops));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("stop has 17 strings, at most 16 are taken")
        .contains("stop has a string of 1001 characters, at most 1000 are taken");
  }
}
