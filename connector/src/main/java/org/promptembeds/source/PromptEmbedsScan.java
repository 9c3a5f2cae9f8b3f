package org.promptembeds.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.source.FileListing.ListedFile;

/** One read of a table, after push-down; lists the files once. */
final class PromptEmbedsScan implements SupportsReportStatistics {
  private final SourceFiles files;
  private final ReadSettings settings;
  private final List<StringFilter> pathFilters;
  private @Nullable List<ListedFile> listed;
  private @Nullable Statistics statistics;
  private boolean isStream;

  PromptEmbedsScan(SourceFiles files, ReadSettings settings, List<StringFilter> pathFilters) {
    this.files = files;
    this.settings = settings;
    this.pathFilters = List.copyOf(pathFilters);
  }

  @Override
  public StructType readSchema() {
    return settings.columns();
  }

  @Override
  public String description() {
    return "%s %s, mode %s, name filters %s, path filters %s%s"
        .formatted(
            PromptEmbedsSource.NAME,
            files.options().find(SourceOptions.PATH).orElse(""),
            settings.mode(),
            settings.nameFilters(),
            pathFilters,
            settings.limit() == Integer.MAX_VALUE ? "" : ", limit " + settings.limit());
  }

  @Override
  public Statistics estimateStatistics() {
    if (isStream) {
      return new FileStatistics(OptionalLong.empty(), OptionalLong.empty());
    }

    Statistics known = statistics;
    if (known == null) {
      known = FileStatistics.of(files(), settings, files.configuration());
      statistics = known;
    }

    return known;
  }

  @Override
  public Batch toBatch() {
    return new PromptEmbedsBatch(
        SplitPlanner.plan(files(), files.options().value(SourceOptions.SPLIT_BYTES)),
        new PromptEmbedsReaderFactory(
            settings, new SerializableConfiguration(files.configuration())));
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    isStream = true;
    try {
      return new PromptEmbedsStream(
          files, settings, new StreamLog(checkpointLocation, files.configuration()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  private List<ListedFile> files() {
    List<ListedFile> known = listed;
    if (known == null) {
      try {
        known =
            files.list().stream()
                .filter(file -> pathFilters.stream().allMatch(f -> f.accepts(file.path())))
                .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }

      listed = known;
    }

    return known;
  }
}
