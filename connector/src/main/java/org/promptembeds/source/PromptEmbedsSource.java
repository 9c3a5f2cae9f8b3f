package org.promptembeds.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The data source {@code prompt-embeds}: every tensor of safetensors, torch, npy and Arrow files is
 * a row of name, embeds, seq_len, hidden_size and path.
 */
public final class PromptEmbedsSource implements TableProvider, DataSourceRegister {
  /** What Spark calls it. */
  public static final String NAME = "prompt-embeds";

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    try {
      return SchemaInference.infer(SourceFiles.of(options.asCaseSensitiveMap()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new PromptEmbedsTable(schema, properties);
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }
}
