package org.promptembeds.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.remote.RemoteFixture.GOOD;
import static org.promptembeds.remote.RemoteFixture.GREEDY;
import static org.promptembeds.remote.RemoteFixture.options;
import static org.promptembeds.remote.RemoteFixture.row;
import static org.promptembeds.remote.ScriptedServer.answer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.remote.ScriptedServer.Script;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class RemoteConcurrencyTest {
  private final RemoteFixture fixture = new RemoteFixture();

  @Test
  void retriesAtAnotherEndpoint() {
    try (ScriptedServer bad = new ScriptedServer(answer(503, ""));
        ScriptedServer good = new ScriptedServer(GOOD);
        RemoteBackend backend = fixture.backend(options(), bad, good)) {
      for (int i = 0; i < 4; i++) {
        assertThat(backend.submit(row("" + i, GREEDY)).result().join().text()).isEqualTo("Paris.");
      }

      assertThat(good.received()).hasSize(4);
      assertThat(bad.received().size()).isBetween(1, 4);
    }
  }

  @Test
  void spreadsRowsOverEndpoints() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Script meet =
        exchange -> {
          both.countDown();
          ScriptedServer.after(both, GOOD).answer(exchange);
        };
    try (ScriptedServer one = new ScriptedServer(meet);
        ScriptedServer two = new ScriptedServer(meet);
        RemoteBackend backend = fixture.backend(options(), one, two)) {
      PendingGeneration first = backend.submit(row("1", GREEDY));
      PendingGeneration second = backend.submit(row("2", GREEDY));
      first.result().join();
      second.result().join();

      assertThat(one.received()).hasSize(1);
      assertThat(two.received()).hasSize(1);
    }
  }

  @Test
  void keepsToItsBoundOfRequestsUnderWay() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Script counted =
        exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          now.decrementAndGet();
          GOOD.answer(exchange);
        };
    try (ScriptedServer server = new ScriptedServer(counted);
        RemoteBackend backend = fixture.backend(options().withMaxConcurrent(2), server)) {
      List<CompletableFuture<GenerationResult>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        results.add(backend.submit(row("" + i, GREEDY)).result());
      }

      results.forEach(CompletableFuture::join);
      assertThat(most.get()).isBetween(1, 2);
      assertThat(server.received()).hasSize(50);
    }
  }

  @Test
  void cancelledRowMakesRoomForTheNext() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Script stuck =
        exchange -> {
          arrived.countDown();
          ScriptedServer.after(never, GOOD).answer(exchange);
        };
    try (ScriptedServer server = new ScriptedServer(GOOD, stuck);
        RemoteBackend backend = fixture.backend(options().withMaxConcurrent(1), server)) {
      PendingGeneration first = backend.submit(row("1", GREEDY));
      PendingGeneration second = backend.submit(row("2", GREEDY));
      arrived.await();
      first.cancel();

      assertThat(second.result().join().text()).isEqualTo("Paris.");
      assertThatThrownBy(first.result()::join).isInstanceOf(CancellationException.class);
    } finally {
      never.countDown();
    }
  }

  @Test
  void closingEndsEveryPendingRow() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.after(never, GOOD))) {
      RemoteBackend backend = fixture.backend(options().withMaxConcurrent(1), server);
      PendingGeneration first = backend.submit(row("1", GREEDY));
      PendingGeneration second = backend.submit(row("2", GREEDY));
      backend.close();

      for (PendingGeneration pending : List.of(first, second)) {
        assertThatThrownBy(pending.result()::join)
            .hasCauseInstanceOf(BackendException.class)
            .hasMessageContaining("the remote backend is closed");
      }

      assertThatThrownBy(() -> backend.submit(row("3", GREEDY)))
          .isInstanceOf(BackendException.class);
    } finally {
      never.countDown();
    }
  }

  @Test
  void refusesWhatNoServerWouldTake() {
    try (ScriptedServer server = new ScriptedServer(GOOD);
        RemoteBackend backend = fixture.backend(options(), server)) {
      Tensor nan = Tensor.ofFloats(new float[] {1, Float.NaN}, 1, 2);
      assertThatThrownBy(backend.submit(new GenerationRequest("9", nan, GREEDY)).result()::join)
          .hasCauseInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row '9': embeddings hold NaN or infinity, first at [0, 1]");
      Tensor integers = Tensor.of(DType.INT8, ByteBuffer.allocate(4), 2, 2);
      assertThatThrownBy(
              backend.submit(new GenerationRequest("9", integers, GREEDY)).result()::join)
          .hasCauseInstanceOf(InvalidRequestException.class);
      int[] rows = {0};
      GenerationRequest placed =
          row("9", GREEDY)
              .with(
                  PromptExtras.NONE.withPositions(
                      PromptPositions.of(new int[][] {rows, rows, rows})));
      assertThatThrownBy(backend.submit(placed).result()::join)
          .hasMessageContaining("row '9': no server takes position_ids");
      assertThat(server.received()).isEmpty();
    }
  }
}
