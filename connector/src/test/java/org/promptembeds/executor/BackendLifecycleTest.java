package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.testing.ScriptedBackend;

/** Loading once, sharing, balancing, replacing and releasing. */
class BackendLifecycleTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final BackendSpec SPEC =
      new SparkOptions(Map.of()).backend("model").withDevice("cuda:0");

  private final AtomicInteger loads = new AtomicInteger();
  private final Backends backends = new Backends(this::load, Executors.newScheduledThreadPool(1));

  @AfterEach
  void close() {
    backends.close();
  }

  private LoadedBackend load(BackendSpec spec) {
    loads.incrementAndGet();
    return new LoadedBackend(ScriptedBackend.idle(), 0);
  }

  private static ScriptedBackend backend(BackendLease lease) {
    return (ScriptedBackend) lease.loaded().backend();
  }

  @Test
  void manyTasksShareOneInstance() throws Exception {
    ExecutorService tasks = Executors.newFixedThreadPool(16);
    List<Future<BackendLease>> leases = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      leases.add(tasks.submit(() -> backends.lease(SPEC, LONG)));
    }

    GenerationBackend first = leases.get(0).get().loaded().backend();
    for (Future<BackendLease> lease : leases) {
      assertThat(lease.get().loaded().backend()).isSameAs(first);
    }

    assertThat(loads).hasValue(1);
    tasks.shutdown();
  }

  @Test
  void idleInstanceIsClosedAndAnotherLoadedWhenNeeded() throws Exception {
    BackendLease used = backends.lease(SPEC, Duration.ZERO);
    backends.lease(SPEC, Duration.ZERO).close();
    assertThat(backend(used).isClosed()).isFalse();

    used.close();
    used.close();
    backend(used).awaitClosed();

    assertThat(backends.lease(SPEC, LONG).loaded()).isNotSameAs(used.loaded());
    assertThat(loads).hasValue(2);
  }

  @Test
  void instanceIsKeptForTheIdleTime() throws Exception {
    BackendLease first = backends.lease(SPEC, LONG);
    first.close();

    assertThat(backends.lease(SPEC, LONG).loaded()).isSameAs(first.loaded());
  }

  @Test
  void shutdownClosesEvenWhatIsLeased() throws Exception {
    BackendLease leased = backends.lease(SPEC, LONG);

    backends.close();

    assertThat(backend(leased).isClosed()).isTrue();
  }

  @Test
  void failedLoadIsRememberedForThoseWhoRetry() {
    AtomicInteger attempts = new AtomicInteger();
    try (Backends broken =
        new Backends(
            spec -> {
              attempts.incrementAndGet();
              throw new BackendException("weights are missing");
            },
            Executors.newScheduledThreadPool(1))) {
      for (int i = 0; i < 4; i++) {
        assertThatExceptionOfType(BackendException.class)
            .isThrownBy(() -> broken.lease(SPEC, LONG))
            .withMessage("model model does not load: weights are missing");
      }
    }

    assertThat(attempts).hasValue(1);
  }

  @Test
  void brokenInstanceIsReplacedOnceItIsClosed() throws Exception {
    BackendLease broken = backends.lease(SPEC, LONG);
    backend(broken).breakDown();

    BackendLease next = backends.lease(SPEC, LONG);

    assertThat(backend(broken).isClosed()).isTrue();
    assertThat(backend(next).isOpen()).isTrue();
    broken.close();
    assertThat(backends.lease(SPEC, LONG).loaded()).isSameAs(next.loaded());
  }

  @Test
  void killedTaskLeavesTheLoadToOthers() throws Exception {
    CountDownLatch loadable = new CountDownLatch(1);
    try (Backends slow =
        new Backends(
            spec -> {
              try {
                loadable.await();
              } catch (InterruptedException e) {
                throw new BackendException("interrupted", e);
              }

              return load(spec);
            },
            Executors.newScheduledThreadPool(1))) {
      assertThatThrownBy(
              () ->
                  slow.lease(
                      List.of(SPEC),
                      LONG,
                      () -> {
                        throw new IllegalStateException("killed");
                      }))
          .hasMessage("killed");
      loadable.countDown();

      assertThat(slow.lease(SPEC, LONG).loaded().backend().isOpen()).isTrue();
    }

    assertThat(loads).hasValue(1);
  }

  @Test
  void tasksSpreadOverTheDevicesTheyMayUse() throws Exception {
    BackendSpec second = SPEC.withDevice("cuda:1");
    List<BackendSpec> both = List.of(SPEC, second);
    GenerationBackend onFirst = backends.lease(SPEC, LONG).loaded().backend();
    BackendLease spread = backends.lease(both, LONG, () -> {});
    GenerationBackend onSecond = spread.loaded().backend();

    assertThat(onSecond).isNotSameAs(onFirst);
    assertThat(backends.lease(second, LONG).loaded().backend()).isSameAs(onSecond);
    assertThat(backends.lease(both, LONG, () -> {}).loaded().backend()).isSameAs(onFirst);
    assertThat(loads).hasValue(2);
  }

  @Test
  void ofDevicesAlikeTheOneWithTheModelIsTaken() throws Exception {
    BackendSpec second = SPEC.withDevice("cuda:1");
    BackendLease loaded = backends.lease(second, LONG);
    loaded.close();

    assertThat(backends.lease(List.of(SPEC, second), LONG, () -> {}).loaded())
        .isSameAs(loaded.loaded());
  }
}
