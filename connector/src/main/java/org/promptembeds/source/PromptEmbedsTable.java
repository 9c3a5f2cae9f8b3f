package org.promptembeds.source;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Files below some paths as a table. */
final class PromptEmbedsTable implements SupportsRead {
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
    return EnumSet.of(TableCapability.BATCH_READ);
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
