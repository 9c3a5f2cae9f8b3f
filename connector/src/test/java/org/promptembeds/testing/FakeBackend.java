package org.promptembeds.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenLogprobs;

/**
 * Answers every row at once, on other threads and in any order, and counts them. It claims to make
 * one step with two more sequences for each, and to take 1, 2 and 3 ms of queue, prefill and
 * decode.
 */
public final class FakeBackend {
  private static final AtomicInteger GENERATED = new AtomicInteger();

  private static final Queue<Integer> PREFIX_LENGTHS = new ConcurrentLinkedQueue<>();

  private static final Set<Client> CLIENTS = ConcurrentHashMap.newKeySet();

  private FakeBackend() {}

  /** A backend with workers of its own. */
  public static ScriptedBackend create() {
    AtomicInteger submitted = new AtomicInteger();
    ExecutorService workers = Executors.newFixedThreadPool(3);
    return new ScriptedBackend(
            row -> {
              GENERATED.incrementAndGet();
              submitted.incrementAndGet();
              PREFIX_LENGTHS.add(row.request().prefixLength());
              CLIENTS.add(row.request().client());
              workers.execute(() -> row.answer(FakeBackend::generate));
            })
        .withStats(() -> stats(submitted.get()))
        .onClose(workers::shutdownNow);
  }

  /** Rows generated in this JVM since the last call. */
  public static int takeGenerated() {
    return GENERATED.getAndSet(0);
  }

  /** The prefix lengths of the rows since the last call, sorted. */
  public static List<Integer> takePrefixLengths() {
    List<Integer> taken = new ArrayList<>();
    for (Integer next = PREFIX_LENGTHS.poll(); next != null; next = PREFIX_LENGTHS.poll()) {
      taken.add(next);
    }

    return taken.stream().sorted().toList();
  }

  /** Who asked for rows since the last call. */
  public static Set<Client> takeClients() {
    Set<Client> taken = Set.copyOf(CLIENTS);
    CLIENTS.removeAll(taken);
    return taken;
  }

  /** The text for a prompt, which a test may compute as well. */
  public static String text(float[] embeds, SamplingParams params) {
    double sum = 0;
    for (int i = 0; i < embeds.length; i++) {
      sum += embeds[i] * (i + 1);
    }

    String penalties =
        "%s %s %s"
            .formatted(
                params.presencePenalty(), params.frequencyPenalty(), params.repetitionPenalty());
    return "sum %.3f of %d, max %d, temperature %.1f, seed %s"
            .formatted(sum, embeds.length, params.maxTokens(), params.temperature(), params.seed())
        + (params.hasPenalties() ? ", penalties " + penalties : "")
        + (params.logitBias().isEmpty() ? "" : ", bias " + params.logitBias());
  }

  /** The token ids for a prompt. */
  public static int[] tokenIds(float[] embeds) {
    return new int[] {embeds.length, Math.round(embeds[0]), 7};
  }

  private static GenerationResult generate(GenerationRequest request) {
    if (request.embeds().size(1) != FakeBackendProvider.HIDDEN_SIZE) {
      throw new InvalidRequestException(
          "embeddings have hidden size %d, the model has %d"
              .formatted(request.embeds().size(1), FakeBackendProvider.HIDDEN_SIZE));
    }

    float[] embeds = request.embeds().toFloats();
    for (float value : embeds) {
      if (!Float.isFinite(value)) {
        throw new InvalidRequestException("embeddings hold " + value);
      }
    }

    int[] tokenIds = tokenIds(embeds);
    List<TokenLogprobs> logprobs = new ArrayList<>();
    for (int i = 0; request.params().logprobs() >= 0 && i < tokenIds.length; i++) {
      logprobs.add(new TokenLogprobs(-0.5f, 2, new int[] {tokenIds[i]}, new float[] {-0.5f}));
    }

    return new GenerationResult(
            text(embeds, request.params()),
            tokenIds,
            FinishReason.STOP,
            (int) request.embeds().size(0),
            logprobs)
        .withTimings(new GenerationTimings(1_000_000, 2_000_000, 3_000_000));
  }

  private static EngineStats stats(int steps) {
    return new EngineStats(
        steps, 3L * steps, 0, 0, 0, 0, 0, 0, 0, steps, 0, 0, 200, 0, 50, 80, 0, 0, 0, 0, 0);
  }
}
