package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.testing.ScriptedBackend;

class BackendsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Backends backends = new Backends(this::load, timer);

  @AfterEach
  void close() {
    backends.close();
  }

  private LoadedBackend load(BackendSpec spec) {
    loads.incrementAndGet();
    if (spec.model().equals("broken")) {
      throw new BackendException("no weights");
    }

    open.incrementAndGet();
    return new LoadedBackend(counted(), 8);
  }

  private static BackendSpec spec(String model) {
    return new SparkOptions(Map.of()).backend(model);
  }

  @Test
  void manyTasksShareOneLoad() throws Exception {
    ExecutorService tasks = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<LoadedBackend>> found = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      found.add(
          tasks.submit(
              () -> {
                start.await();
                return backends.lease(spec("a"), LONG).loaded();
              }));
    }

    start.countDown();
    LoadedBackend first = found.get(0).get();
    for (Future<LoadedBackend> other : found) {
      assertThat(other.get()).isSameAs(first);
    }

    assertThat(loads).hasValue(1);
    tasks.shutdown();
  }

  @Test
  void otherSpecsAreOtherBackends() throws Exception {
    LoadedBackend cpu = backends.lease(spec("a").withDevice("cpu"), LONG).loaded();

    assertThat(backends.lease(spec("a"), LONG).loaded()).isNotSameAs(cpu);
    assertThat(open).hasValue(2);
  }

  @Test
  void isKeptWhileIdleAndReleasedAfter() throws Exception {
    backends.lease(spec("a"), LONG).close();
    assertThat(((Delayed) timer.getQueue().element()).getDelay(TimeUnit.MINUTES))
        .isBetween(58L, 60L);
    BackendLease again = backends.lease(spec("a"), LONG);
    assertThat(loads).hasValue(1);

    again.close();
    again.close();
    assertThat(open).hasValue(1);
    backends.close();
    assertThat(open).hasValue(0);
  }

  @Test
  void withoutIdleTimeTheLastLeaseCloses() throws Exception {
    BackendLease first = backends.lease(spec("a"), Duration.ZERO);
    BackendLease second = backends.lease(spec("a"), Duration.ZERO);
    first.close();
    assertThat(open).hasValue(1);

    second.close();
    timer.shutdown();
    assertThat(timer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    assertThat(open).hasValue(0);
  }

  @Test
  void aFailureIsRememberedWithItsCause() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> backends.lease(spec("broken"), LONG))
          .isInstanceOf(BackendException.class)
          .hasMessage("model broken does not load: no weights")
          .hasCauseInstanceOf(BackendException.class);
    }

    assertThat(loads).hasValue(1);
  }

  @Test
  void totalsOutliveTheirBackends() throws Exception {
    BackendLease first = backends.lease(spec("a"), Duration.ZERO);
    BackendLease second = backends.lease(spec("b"), LONG);
    assertThat(backends.stats())
        .isEqualTo(new ExecutorStats(2, 4, 6, 20, 40, 60, 30, 80, 10, 12, 200, 100, 160));

    first.close();
    timer.submit(() -> {}).get();
    assertThat(backends.stats())
        .isEqualTo(new ExecutorStats(1, 2, 3, 20, 40, 60, 30, 80, 10, 12, 100, 50, 80));
    second.close();
    backends.close();
    assertThat(backends.stats())
        .isEqualTo(new ExecutorStats(0, 0, 0, 20, 40, 60, 30, 80, 10, 12, 0, 0, 0));
  }

  private GenerationBackend counted() {
    return ScriptedBackend.idle()
        .withStats(
            () ->
                new EngineStats(
                    10, 20, 30, 15, 40, 0, 0, 5, 6, 0, 2, 3, 100, 50, 60, 80, 0, 0, 0, 0, 0))
        .onClose(open::decrementAndGet);
  }
}
