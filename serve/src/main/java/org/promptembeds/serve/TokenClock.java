package org.promptembeds.serve;

import java.util.function.LongSupplier;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationResult;

/**
 * Times one output's tokens as they come. Used by the backend's thread until there is a result, and
 * by one other from then on.
 */
final class TokenClock implements GenerationListener {
  private final OutputMetrics metrics;
  private final LongSupplier nanoTime;
  private final long begun;
  private long last;
  private int tokens;

  /**
   * A clock.
   *
   * @param nanoTime tells the time
   * @param begun when the request came, of that clock
   */
  TokenClock(OutputMetrics metrics, LongSupplier nanoTime, long begun) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.begun = begun;
  }

  @Override
  public void generated(GenerationDelta delta) {
    tick(delta.tokenIds().length);
  }

  @Override
  public boolean wantsText() {
    return false;
  }

  /** Takes the whole output, whose last token nobody was told of. */
  void finished(GenerationResult result) {
    tick(result.completionTokens() - tokens);
    metrics.finished(result);
  }

  private void tick(int more) {
    if (more <= 0) {
      return;
    }

    long now = nanoTime.getAsLong();
    if (tokens == 0) {
      metrics.firstToken(now - begun);
    } else {
      metrics.nextToken(now - last);
    }

    last = now;
    tokens += more;
  }
}
