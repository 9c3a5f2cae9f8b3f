package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

@Timeout(120)
class EngineTest {
  private static final ModelLimits LIMITS = EngineFixture.limits(200, 400);
  private static final SamplingParams ENDLESS =
      SamplingParams.builder().maxTokens(Integer.MAX_VALUE).ignoreEos(true).build();
  private static final TokenDecoder NUMBERS =
      tokenIds -> Arrays.stream(tokenIds).mapToObj(id -> id + ",").collect(Collectors.joining());

  private static Engine engine(FakeModelRunner runner) {
    return new Engine(runner, null, Set.of(EngineFixture.EOS), ModelSettings.batching(8, 32));
  }

  private static GenerationRequest request(int promptLength, long seed, SamplingParams params) {
    return new GenerationRequest("row " + seed, EngineFixture.prompt(promptLength, seed), params);
  }

  private static int[] expected(GenerationRequest request) {
    return FakeTokens.reference(
            CheckedRequest.of(request, LIMITS, DType.FLOAT32, EngineFixture.ROW_LIMITS, ids -> ""),
            LIMITS,
            EngineFixture.EOS)
        .tokenIds();
  }

  @Test
  void givesEveryThreadTheOutputsOfItsRows() throws Exception {
    FakeModelRunner runner = new FakeModelRunner(LIMITS);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try (Engine engine = engine(runner)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int task = 0; task < 6; task++) {
        int base = task * 1000;
        tasks.add(() -> submitSome(engine, base));
      }

      int finished = 0;
      for (Future<Integer> task : threads.invokeAll(tasks)) {
        finished += task.get();
      }

      assertThat(finished).isGreaterThan(100);
    } finally {
      threads.shutdownNow();
    }

    assertThat(runner.isClosed()).isTrue();
  }

  /** Submits rows, gives up on some, checks the others, and returns how many were generated. */
  private static int submitSome(Engine engine, int base) throws Exception {
    Random random = new Random(base);
    List<GenerationRequest> requests = new ArrayList<>();
    List<PendingGeneration> pending = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      SamplingParams params =
          SamplingParams.builder().maxTokens(1 + random.nextInt(60)).temperature(i % 2).build();
      requests.add(request(1 + random.nextInt(80), base + i, params));
      pending.add(engine.submit(requests.get(i)));
      if (random.nextInt(4) == 0) {
        pending.get(random.nextInt(i + 1)).cancel();
      }
    }

    int finished = 0;
    for (int i = 0; i < pending.size(); i++) {
      try {
        GenerationResult result = pending.get(i).result().get();
        assertThat(result.tokenIds()).isEqualTo(expected(requests.get(i)));
        finished++;
      } catch (CancellationException e) {
        assertThat(pending.get(i).result()).isCancelled();
      }
    }

    return finished;
  }

  @Test
  void freesACancelledRowsSlotsBeforeTheNextStep() throws Exception {
    Semaphore entered = new Semaphore(0);
    Semaphore permits = new Semaphore(0);
    FakeModelRunner runner =
        new FakeModelRunner(
            LIMITS,
            (attempt, plan) -> {
              entered.release();
              permits.acquireUninterruptibly();
              return null;
            });
    try (Engine engine = engine(runner)) {
      PendingGeneration large = engine.submit(request(190, 1, ENDLESS));
      entered.acquire();
      GenerationRequest next = request(180, 2, SamplingParams.builder().maxTokens(2).build());
      PendingGeneration other = engine.submit(next);
      large.result().cancel(true);
      permits.release(100);

      assertThat(other.result().get().tokenIds()).isEqualTo(expected(next));
      Tensor second = runner.plans().get(1).chunks().get(0).embeds();
      assertThat(second.size(0)).isEqualTo(180);
      assertThat(runner.plans().get(1).chunks()).hasSize(1);
      permits.release(1_000_000);
    }
  }

  @Test
  void endsPendingRowsWhenItIsClosed() {
    FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(1_000_000, 1_000_000));
    Engine engine = engine(runner);
    PendingGeneration pending = engine.submit(request(3, 1, ENDLESS));
    engine.close();
    engine.close();

    assertThat(runner.isClosed()).isTrue();
    assertThatThrownBy(() -> pending.result().get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(BackendException.class)
        .hasMessage("the engine is closed");
    assertThatThrownBy(() -> engine.submit(request(3, 2, ENDLESS)))
        .isInstanceOf(BackendException.class)
        .hasMessage("no rows are taken: the engine is closed");
  }

  @Test
  void canBeClosedByWhatDependsOnAResult() throws Exception {
    FakeModelRunner runner = new FakeModelRunner(LIMITS);
    Engine engine = engine(runner);
    engine
        .submit(request(3, 1, SamplingParams.builder().maxTokens(2).build()))
        .result()
        .thenRun(engine::close)
        .get();
    engine.close();
    assertThat(runner.isClosed()).isTrue();
  }

  @Test
  void failsEveryRowAndTakesNoMoreWhenTheModelFails() {
    RuntimeException broken = new IllegalStateException("device lost");
    FakeModelRunner runner =
        new FakeModelRunner(LIMITS, (attempt, plan) -> attempt == 3 ? broken : null);
    try (Engine engine = engine(runner)) {
      PendingGeneration first = engine.submit(request(3, 1, ENDLESS));
      assertThatThrownBy(() -> first.result().get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("device lost")
          .hasCause(broken);
      assertThat(runner.isClosed()).isTrue();
      assertThatThrownBy(() -> engine.submit(request(3, 2, ENDLESS)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("device lost");
    }
  }

  @Test
  void refusesABadRowAndGoesOn() throws Exception {
    try (Engine engine = engine(new FakeModelRunner(LIMITS))) {
      Tensor narrow = Tensor.ofFloats(new float[9], 3, 3);
      PendingGeneration bad = engine.submit(new GenerationRequest("bad", narrow, ENDLESS));
      assertThatThrownBy(() -> bad.result().get())
          .cause()
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row 'bad': embeddings have hidden size 3, the model's is 2");
      bad.cancel();
      GenerationRequest good = request(5, 1, SamplingParams.builder().build());
      assertThat(engine.submit(good).result().get().tokenIds()).isEqualTo(expected(good));
    }
  }

  @Test
  void failsOnlyTheRowWhoseLogitsAreNotFinite() throws Exception {
    FakeModelRunner runner = new FakeModelRunner(LIMITS);
    runner.spoilLogits(chunk -> chunk.promptLength() == 6 && chunk.end() == 8);
    SamplingParams five = SamplingParams.builder().maxTokens(5).ignoreEos(true).build();
    try (Engine engine = engine(runner)) {
      PendingGeneration bad = engine.submit(request(6, 1, five));
      GenerationRequest good = request(5, 2, five);
      assertThat(engine.submit(good).result().get().tokenIds()).isEqualTo(expected(good));
      assertThatThrownBy(() -> bad.result().get())
          .cause()
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageStartingWith("row 'row 1': the logits at position 7 are NaN or infinite");
      assertThat(engine.submit(good).result().get().tokenIds()).isEqualTo(expected(good));
      assertThat(engine.stats().generatedTokens()).isEqualTo(2 + 5 + 5);
      assertThat(engine.stats().running()).isZero();
    }
  }

  @Test
  void decodesTextAndCutsItBeforeAStopString() throws Exception {
    GenerationRequest plain = request(5, 1, SamplingParams.builder().maxTokens(9).build());
    int[] tokens = expected(plain);
    assertThat(tokens).hasSize(9);
    String stop = "," + tokens[4] + "," + tokens[5];
    GenerationRequest stopping =
        request(5, 1, SamplingParams.builder().stop(List.of(stop)).build());
    try (Engine engine =
        new Engine(
            new FakeModelRunner(LIMITS),
            NUMBERS,
            Set.of(EngineFixture.EOS, 999_999),
            ModelSettings.batching(2, 4))) {
      assertThat(engine.submit(plain).result().get().text()).isEqualTo(NUMBERS.decode(tokens));
      GenerationResult result = engine.submit(stopping).result().get();
      assertThat(result.text() + ",").isEqualTo(NUMBERS.decode(Arrays.copyOf(tokens, 4)));
      assertThat(result.tokenIds()).isEqualTo(Arrays.copyOf(tokens, 6));
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void failsOnlyTheRowWhoseTextCannotBeDecoded() throws Exception {
    TokenDecoder picky =
        tokenIds -> {
          if (tokenIds.length == 2) {
            throw new IllegalArgumentException("two tokens");
          }

          return "text";
        };
    SamplingParams two = SamplingParams.builder().maxTokens(2).ignoreEos(true).build();
    SamplingParams three = SamplingParams.builder().maxTokens(3).ignoreEos(true).build();
    SamplingParams stop =
        SamplingParams.builder().maxTokens(5).ignoreEos(true).stop(List.of("z")).build();
    try (Engine engine =
        new Engine(new FakeModelRunner(LIMITS), picky, Set.of(), ModelSettings.batching(8, 32))) {
      PendingGeneration bad = engine.submit(request(5, 1, two));
      PendingGeneration alsoBad = engine.submit(request(5, 2, stop));
      PendingGeneration good = engine.submit(request(5, 3, three));
      assertThat(good.result().get().text()).isEqualTo("text");
      for (PendingGeneration pending : List.of(bad, alsoBad)) {
        assertThatThrownBy(() -> pending.result().get())
            .cause()
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("decoding 2 tokens to text failed: two tokens");
      }
    }
  }

  @Test
  void countsWhatItHasDone() throws Exception {
    FakeModelRunner runner = new FakeModelRunner(LIMITS);
    Engine engine = engine(runner);
    GenerationRequest request = request(5, 1, SamplingParams.builder().build());
    int tokens = engine.submit(request).result().get().completionTokens();
    engine.close();
    assertThat(engine.stats().generatedTokens()).isEqualTo(tokens);
    assertThat(engine.stats().promptTokens()).isEqualTo(5);
    assertThat(engine.stats().finishedSequences()).isEqualTo(1);
    assertThat(engine.stats().running()).isZero();
  }
}
