package org.promptembeds.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.StringStartsWith;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a string column that rows are skipped by before they are read; NULL never meets
 * it.
 */
sealed interface StringFilter extends Serializable {
  /** Whether a row with this value may be in the result. */
  boolean accepts(@Nullable String value);

  /** One of some values. */
  record OneOf(Set<String> values) implements StringFilter {
    @Override
    public boolean accepts(@Nullable String value) {
      return value != null && values.contains(value);
    }
  }

  /** Beginning with a prefix. */
  record Prefix(String prefix) implements StringFilter {
    @Override
    public boolean accepts(@Nullable String value) {
      return value != null && value.startsWith(prefix);
    }
  }

  /** The condition that {@code filter} puts on {@code column}, if it is such a one. */
  static Optional<StringFilter> of(Filter filter, String column) {
    if (filter instanceof EqualTo equal
        && equal.attribute().equals(column)
        && equal.value() instanceof String value) {
      return Optional.of(new OneOf(Set.of(value)));
    }

    if (filter instanceof In in && in.attribute().equals(column)) {
      Set<String> values = new HashSet<>();
      Arrays.stream(in.values())
          .filter(String.class::isInstance)
          .forEach(value -> values.add((String) value));
      return Optional.of(new OneOf(values));
    }

    if (filter instanceof StringStartsWith starts && starts.attribute().equals(column)) {
      return Optional.of(new Prefix(starts.value()));
    }

    return Optional.empty();
  }
}
