package org.promptembeds.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.model.PromptEmbedder;

/** A chat with a model: a line is a message, and its answer is printed while it is generated. */
final class ChatSession {
  private static final String HELP =
      "/new begins another chat, /quit or the end of the input ends, all else is a message";

  private final GenerationBackend backend;
  private final PromptEmbedder embedder;
  private final SamplingParams params;
  private final List<Map<String, Object>> beginning;
  private final PrintWriter out;
  private List<Map<String, Object>> messages;

  /**
   * A chat that has not begun.
   *
   * @param beginning messages that each chat begins with
   */
  ChatSession(
      GenerationBackend backend,
      PromptEmbedder embedder,
      SamplingParams params,
      List<Map<String, Object>> beginning,
      PrintWriter out) {
    this.backend = backend;
    this.embedder = embedder;
    this.params = params;
    this.beginning = List.copyOf(beginning);
    this.out = out;
    this.messages = new ArrayList<>(beginning);
  }

  /**
   * Talks until the input ends or asks to.
   *
   * @param prompt printed when a line is waited for
   * @throws org.promptembeds.generation.BackendException if the model is broken
   */
  void run(BufferedReader in, String prompt) throws IOException, InterruptedException {
    while (true) {
      out.print(prompt);
      out.flush();
      String line = in.readLine();
      if (line == null) {
        return;
      }

      switch (line.strip()) {
        case "" -> {}
        case "/quit", "/exit" -> {
          return;
        }
        case "/help", "/?" -> out.println(HELP);
        case "/new" -> messages = new ArrayList<>(beginning);
        default -> answer(line);
      }
    }
  }

  private void answer(String line) throws InterruptedException {
    messages.add(Map.of("role", "user", "content", line));
    try {
      messages.add(Map.of("role", "assistant", "content", stream()));
    } catch (InvalidRequestException e) {
      messages.remove(messages.size() - 1);
      out.println(e.getMessage());
      out.println("(the message is taken back; /new begins another chat)");
    }
  }

  private String stream() throws InterruptedException {
    GenerationRequest request =
        new GenerationRequest("the message", embedder.embedChat(messages), params);
    BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
    PendingGeneration pending = backend.submit(request, delta -> pieces.add(delta.text()));
    // Behind all pieces, an empty one that ends the wait.
    var unused = pending.result().whenComplete((result, failure) -> pieces.add(""));
    int told = 0;
    while (!pending.result().isDone() || !pieces.isEmpty()) {
      String piece = pieces.take();
      told += piece.length();
      out.print(piece);
      out.flush();
    }

    GenerationResult result = result(pending);
    String text = result.text() == null ? "" : result.text();
    out.print(text.substring(Math.min(told, text.length())));
    out.println(result.finishReason() == FinishReason.LENGTH ? " (cut at --max-tokens)" : "");
    return text;
  }

  private static GenerationResult result(PendingGeneration pending) {
    try {
      return pending.result().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
