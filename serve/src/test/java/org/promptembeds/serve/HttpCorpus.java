package org.promptembeds.serve;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/**
 * Requests that fuzzing begins with. Nothing of the server is loaded for them: Jazzer instruments
 * what is loaded later as it comes, and what is there already by replacing it, which loses the
 * fields of records with type annotations on some JDKs.
 */
final class HttpCorpus {
  private HttpCorpus() {}

  static List<byte[]> requests() {
    String head = "POST /v1/completions HTTP/1.1\r\nHost: h\r\n";
    return Stream.of(
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3),
            "HEAD /v1/models HTTP/1.1\r\nHost: h:80\r\nOrigin: https://a.example\r\n\r\n",
            """
            OPTIONS /v1/models/tiny HTTP/1.1
            Host: [::1]:8000
            Origin: https://a.example
            Access-Control-Request-Headers: a,b

            """
                .replace("\n", "\r\n"),
            "GET http://h/v1/models/%74iny?x=%20 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET /health HTTP/1.0\r\n\r\n",
            head + "Content-Length: 15\r\n\r\n{\"prompt\": \"x\"}",
            head + "Expect: 100-continue\r\nContent-Length: 15\r\n\r\n{\"prompt\": \"x\"}",
            """
            POST /v1/completions HTTP/1.1
            Host: h
            Transfer-Encoding: chunked

            7;a=b
            {"promp
            8
            t": "x"}
            0
            Trailer: t

            GET /health HTTP/1.1
            Host: h

            """
                .replace("\n", "\r\n"),
            post(
                "completions", "{\"prompt\": [1, 2], \"n\": 3, \"stream\": true, \"logprobs\": 2}"),
            post("completions", "{\"prompt\": [[97], [98]], \"echo\": true, \"seed\": -1}"),
            post("completions", "{\"prompt_embeds\": [\"%s\"]}".formatted(tensor("ab"))),
            post(
                "chat/completions",
                "{\"messages\": [{\"role\": \"u\", \"content\": [{\"type\": \"text\", \"text\":"
                    + " \"\\u0041é\"}, {\"type\": \"prompt_embeds\", \"data\": \"%s\"}]}],"
                        .formatted(tensor("c"))
                    + " \"chat_template_kwargs\": {\"a\": [1e3, null]}, \"logit_bias\": {\"5\": 1}}"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static String post(String path, String json) {
    return "POST /v1/%s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, json.getBytes(StandardCharsets.UTF_8).length, json);
  }

  /** Base64 of a tensor of one position. */
  private static String tensor(String letter) {
    Tensor tensor = Tensor.ofFloats(new float[] {letter.charAt(0), 1}, 1, FakeEncoder.HIDDEN_SIZE);
    return Base64.getEncoder().encodeToString(TorchFormat.write(tensor));
  }
}
