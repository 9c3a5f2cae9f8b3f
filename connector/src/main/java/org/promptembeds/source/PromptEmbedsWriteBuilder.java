package org.promptembeds.source;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.promptembeds.options.SourceOptions;

/** Plans a write: checks schema and options on the driver, before a task starts. */
final class PromptEmbedsWriteBuilder implements SupportsTruncate {
  private final SourceFiles files;
  private final LogicalWriteInfo info;
  private boolean replaces;

  PromptEmbedsWriteBuilder(SourceFiles files, LogicalWriteInfo info) {
    this.files = files;
    this.info = info;
  }

  @Override
  public WriteBuilder truncate() {
    replaces = true;
    return this;
  }

  @Override
  public Write build() {
    Path directory = new Path(files.options().find(SourceOptions.PATH).orElseThrow());
    Path staging = new Path(directory, PromptEmbedsBatchWrite.STAGING_PREFIX + info.queryId());
    WriteSettings settings = WriteSettings.of(files.options(), info.schema(), staging.toString());
    RowTensors tensors = new RowTensors(settings.schema(), settings.hiddenSize());
    if (settings.format() == FileFormat.ARROW) {
      ArrowTensorWriter.otherColumns(settings.schema(), tensors);
    } else {
      new NamedTensors(settings).checkSchema();
    }

    return new PromptEmbedsBatchWrite(directory, settings, files.configuration(), replaces);
  }
}
