package org.promptembeds.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/**
 * The same through OpenAI's Completions API: each prompt is the base64 of a tensor as {@code
 * torch.save} writes it. Any server that takes {@code prompt_embeds} will do, such as {@code
 * prompt-embeds serve} or vLLM.
 */
public final class CompletionsClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI completions;
  private final String model;

  /**
   * A client.
   *
   * @param address of the API, for instance {@code http://127.0.0.1:8000/v1}
   * @param model what the server calls the model
   */
  CompletionsClient(String address, String model) {
    this.completions = URI.create(address + "/completions");
    this.model = model;
  }

  /**
   * Answers the questions in one request.
   *
   * @param args address of the API; then perhaps the directory of the model, whose name is the
   *     server's name for it
   */
  public static void main(String[] args) throws InterruptedException {
    String address = args.length > 0 ? args[0] : "http://127.0.0.1:8000/v1";
    Path model = args.length > 1 ? Questions.model(args[1]) : Questions.model();
    CompletionsClient client = new CompletionsClient(address, model.getFileName().toString());
    try {
      Questions.print(Questions.ALL, client.answers(model, Questions.ALL));
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** The answers to {@code questions}, in their order. */
  List<String> answers(Path directory, List<String> questions)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", model).put("max_tokens", 64).put("temperature", 0);
    try (PromptEmbedder embedder = PromptEmbedder.open(directory)) {
      for (String question : questions) {
        Tensor embeds = embedder.embedChat(Questions.chat(question)); // (sequence, hidden_size)
        byte[] saved = TorchFormat.write(embeds);
        request.withArray("prompt_embeds").add(Base64.getEncoder().encodeToString(saved));
      }
    }

    List<String> answers = new ArrayList<>();
    post(request).get("choices").forEach(choice -> answers.add(choice.get("text").textValue()));
    return answers;
  }

  private JsonNode post(ObjectNode request) throws IOException, InterruptedException {
    HttpRequest http =
        HttpRequest.newBuilder(completions)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
            .build();
    HttpResponse<String> response;
    try {
      response = client.send(http, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException(
          "no server at %s: start one, for instance jobs/bin/prompt-embeds serve --model"
                  .formatted(completions)
              + " examples/models/tiny-chat, or give the address of another",
          e);
    }

    if (response.statusCode() != 200) {
      throw new IOException(completions + " answered " + response.body());
    }

    return JSON.readTree(response.body());
  }
}
