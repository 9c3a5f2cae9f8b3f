package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ExitGateTest {
  private final ExitGate gate = new ExitGate();

  @Test
  void closesBehindWhatPassesAndLetsNothingPassAfter() {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicBoolean returned = new AtomicBoolean();
    CompletableFuture<Boolean> passing =
        CompletableFuture.supplyAsync(
            () ->
                gate.pass(
                    () -> {
                      inside.countDown();
                      await(leave);
                      returned.set(true);
                      return true;
                    }));
    await(inside);
    CompletableFuture<Boolean> closed =
        CompletableFuture.supplyAsync(
            () -> {
              gate.close();
              return returned.get();
            });

    assertThat(closed.isDone()).isFalse();
    leave.countDown();
    assertThat(closed.join()).isTrue();
    assertThat(passing.join()).isTrue();
    assertThatThrownBy(() -> gate.pass(() -> true))
        .isInstanceOf(CudaException.class)
        .hasMessage("the process is ending");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
