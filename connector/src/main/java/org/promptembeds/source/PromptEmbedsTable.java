package org.promptembeds.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.promptembeds.options.SourceOptions;

/** Files below some paths as a table; it can be written to if they are one directory. */
final class PromptEmbedsTable implements SupportsRead, SupportsWrite {
  private final StructType schema;
  private final Map<String, String> properties;

  PromptEmbedsTable(StructType schema, Map<String, String> properties) {
    this.schema = schema;
    this.properties = Map.copyOf(properties);
  }

  @Override
  public String name() {
    return PromptEmbedsSource.NAME + " " + properties.getOrDefault("path", "");
  }

  @Override
  @SuppressWarnings("deprecation") // columns() would go through it as well
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    Set<TableCapability> capabilities =
        EnumSet.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
    if (isDirectory()) {
      capabilities.add(TableCapability.BATCH_WRITE);
      capabilities.add(TableCapability.TRUNCATE);
    }

    return capabilities;
  }

  /** Whether there is a directory at the path; Spark creates a new one in its own way. */
  private boolean isDirectory() {
    SourceFiles files = SourceFiles.of(properties);
    return files
        .options()
        .find(SourceOptions.PATH)
        .map(Path::new)
        .filter(path -> isDirectory(path, files.configuration()))
        .isPresent();
  }

  private static boolean isDirectory(Path path, Configuration configuration) {
    try {
      FileSystem fileSystem = path.getFileSystem(configuration);
      return fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at %s: %s".formatted(path, e), e);
    }
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new PromptEmbedsWriteBuilder(SourceFiles.of(merged(info.options())), info);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new PromptEmbedsScanBuilder(schema, SourceFiles.of(merged(options)));
  }

  /** The table's own properties, with a query's options over them. */
  private Map<String, String> merged(CaseInsensitiveStringMap options) {
    Map<String, String> merged = new HashMap<>(new CaseInsensitiveStringMap(properties));
    merged.putAll(options);
    return merged;
  }
}
