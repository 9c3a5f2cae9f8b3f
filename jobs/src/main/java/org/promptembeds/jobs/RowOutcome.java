package org.promptembeds.jobs;

import org.apache.spark.sql.api.java.UDF3;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jobs.files.FailedRowException;
import org.promptembeds.jobs.files.OnError;

/**
 * Counts each row that comes out and decides whether it is written: {@code (key, error, tokens) ->
 * written}.
 */
final class RowOutcome
    implements UDF3<@Nullable String, @Nullable String, @Nullable Integer, Boolean> {
  private static final long serialVersionUID = 1L;

  private final OnError onError;
  private final RowCounters counters;

  RowOutcome(OnError onError, RowCounters counters) {
    this.onError = onError;
    this.counters = counters;
  }

  @Override
  public Boolean call(@Nullable String key, @Nullable String error, @Nullable Integer tokens) {
    counters.rows().add(1L);
    if (tokens != null) {
      counters.tokens().add(tokens.longValue());
    }

    if (error == null) {
      return true;
    }

    counters.failed().add(1L);
    return switch (onError) {
      case FAIL ->
          throw new FailedRowException(
              "%s: %s (--on-error null or skip goes on without such rows)"
                  .formatted(key == null ? "a row" : "row " + key, error));
      case NULL -> true;
      case SKIP -> false;
    };
  }
}
