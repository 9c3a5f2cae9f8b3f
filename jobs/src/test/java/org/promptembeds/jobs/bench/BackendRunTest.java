package org.promptembeds.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;

class BackendRunTest {
  private static final int HIDDEN_SIZE = 4;

  /** Answers as soon as it is asked, token by token or all at once. */
  private static final class Answering implements GenerationBackend {
    private final boolean streams;
    private final List<Long> prompts = new ArrayList<>();

    Answering(boolean streams) {
      this.streams = streams;
    }

    @Override
    public PendingGeneration submit(GenerationRequest request) {
      throw new UnsupportedOperationException("a run listens");
    }

    @Override
    public PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
      prompts.add(request.embeds().size(0));
      if (request.embeds().size(0) == 13) {
        return new Ended(CompletableFuture.failedFuture(new InvalidRequestException("row 13")));
      }

      int tokens = request.params().maxTokens();
      for (int i = 0; streams && i < tokens - 1; i++) {
        listener.generated(new GenerationDelta("", new int[1], List.of()));
      }

      return new Ended(
          CompletableFuture.completedFuture(
              new GenerationResult(
                  null,
                  new int[tokens],
                  FinishReason.LENGTH,
                  (int) request.embeds().size(0),
                  List.of())));
    }

    @Override
    public void close() {}
  }

  private record Ended(CompletableFuture<GenerationResult> result) implements PendingGeneration {
    @Override
    public void cancel() {}
  }

  private static RunReport run(Answering backend, String workload)
      throws ExecutionException, InterruptedException {
    Workload rows = Workload.of(workload, 50, Double.POSITIVE_INFINITY, 0);
    return new BackendRun(
            backend,
            new RandomPrompts(HIDDEN_SIZE, 20, 0),
            tokens -> SamplingParams.builder().maxTokens(tokens).build(),
            8)
        .run("here", rows, () -> 5);
  }

  @Test
  void countsEveryTokenOfEveryRow() throws Exception {
    Answering backend = new Answering(true);
    RunReport report = run(backend, "7:3");

    assertThat(backend.prompts).hasSize(50).containsOnly(7L);
    assertThat(report.rows()).isEqualTo(50);
    assertThat(report.promptTokens()).isEqualTo(350);
    assertThat(report.outputTokens()).isEqualTo(150);
    assertThat(report.outputTokensPerSecond()).isEqualTo(150 / report.seconds());
    assertThat(report.timeToFirstToken()).extracting(Percentiles::count).isEqualTo(50);
    assertThat(report.betweenTokens()).extracting(Percentiles::count).isEqualTo(100);
    assertThat(report.endToEnd()).extracting(Percentiles::count).isEqualTo(50);
    Moment last = report.moments().get(report.moments().size() - 1);
    assertThat(last.rows()).isEqualTo(50);
    assertThat(last.memoryBytes()).isEqualTo(5);
  }

  @Test
  void aBackendThatTellsAllAtOnceHasNoTimesOfTokens() throws Exception {
    RunReport report = run(new Answering(false), "7:3");

    assertThat(report.timeToFirstToken()).isNull();
    assertThat(report.betweenTokens()).isNull();
    assertThat(report.endToEnd()).extracting(Percentiles::count).isEqualTo(50);
  }

  @Test
  void aRowThatFailsEndsTheRun() {
    assertThatThrownBy(() -> run(new Answering(true), "13:2"))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("row 13");
  }
}
