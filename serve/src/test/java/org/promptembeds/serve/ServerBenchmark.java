package org.promptembeds.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests per second of a running server, each client asking anew as soon as it has its answer.
 *
 * <p>Run with a class path alone: {@code ServerBenchmark [address] [model] [clients] [seconds]}, by
 * default {@code http://127.0.0.1:8000/v1 tiny-chat 1,16,64 10}. A third of that time before each
 * figure goes to warming up.
 */
public final class ServerBenchmark {
  private static final List<String> QUESTIONS =
      List.of(
          "Please tell me about the capital of France.",
          "When is the day longest during the year?",
          "Where is bigger, the moon or the sun?",
          "What is the capital of Japan?");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;
  private final String model;

  private ServerBenchmark(URI address, String model) {
    this.address = address;
    this.model = model;
  }

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    String[] settings = {"http://127.0.0.1:8000/v1", "tiny-chat", "1,16,64", "10"};
    System.arraycopy(arguments, 0, settings, 0, arguments.length);
    ServerBenchmark benchmark =
        new ServerBenchmark(URI.create(settings[0] + "/chat/completions"), settings[1]);
    double seconds = Double.parseDouble(settings[3]);
    for (String clients : settings[2].split(",", -1)) {
      int count = Integer.parseInt(clients);
      benchmark.rate(count, seconds / 3);
      System.out.printf("%d clients: %.1f requests/s%n", count, benchmark.rate(count, seconds));
    }
  }

  private double rate(int clients, double seconds) throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<Future<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int first = i;
      counts.add(threads.submit(() -> askUntil(end, first)));
    }

    int requests = 0;
    for (Future<Integer> count : counts) {
      requests += count.get();
    }

    threads.shutdown();
    return requests / ((System.nanoTime() - start) / 1e9);
  }

  private int askUntil(long end, int first) throws IOException, InterruptedException {
    int count = 0;
    while (System.nanoTime() < end) {
      ask(QUESTIONS.get((first + count++) % QUESTIONS.size()));
    }

    return count;
  }

  private void ask(String question) throws IOException, InterruptedException {
    String body =
        """
        {"model": "%s", "max_tokens": 64, "messages": [{"role": "user", "content": "%s"}]}"""
            .formatted(model, question);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("status " + answer.statusCode() + ": " + answer.body());
    }
  }
}
