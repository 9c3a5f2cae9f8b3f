package org.promptembeds.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.SourceOptions;

/**
 * Takes what a query needs less than all: columns, rows of some names and paths, the first rows.
 * Conditions only skip; Spark evaluates them again.
 */
final class PromptEmbedsScanBuilder
    implements SupportsPushDownRequiredColumns, SupportsPushDownFilters, SupportsPushDownLimit {
  private final SourceFiles files;
  private final List<Filter> pushed = new ArrayList<>();
  private final List<StringFilter> nameFilters = new ArrayList<>();
  private final List<StringFilter> pathFilters = new ArrayList<>();
  private StructType columns;
  private int limit = Integer.MAX_VALUE;

  PromptEmbedsScanBuilder(StructType columns, SourceFiles files) {
    this.columns = columns;
    this.files = files;
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = required;
  }

  @Override
  public Filter[] pushFilters(Filter[] filters) {
    for (Filter filter : filters) {
      var onName = StringFilter.of(filter, TensorSchema.NAME);
      var onPath = StringFilter.of(filter, TensorSchema.PATH);
      onName.ifPresent(nameFilters::add);
      onPath.ifPresent(pathFilters::add);
      if (onName.isPresent() || onPath.isPresent()) {
        pushed.add(filter);
      }
    }

    return filters;
  }

  @Override
  public Filter[] pushedFilters() {
    return pushed.toArray(Filter[]::new);
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = rows;
    return true;
  }

  @Override
  public boolean isPartiallyPushed() {
    return true; // every partition returns that many
  }

  @Override
  public Scan build() {
    SourceOptions options = files.options();
    ReadSettings settings =
        new ReadSettings(
            columns,
            files.mode(),
            options.value(SourceOptions.ERROR_COLUMN),
            options.value(SourceOptions.EMBEDS_COLUMN),
            options.value(SourceOptions.HIDDEN_SIZE),
            options.value(SourceOptions.BATCH_BYTES),
            nameFilters,
            limit);
    return new PromptEmbedsScan(files, settings, pathFilters);
  }
}
