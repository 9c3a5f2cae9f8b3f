package org.promptembeds.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.promptembeds.options.SourceOptions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The data source {@code prompt-embeds}: every tensor of safetensors, torch, npy and Arrow files is
 * a row of name, embeds, seq_len, hidden_size and path.
 */
public final class PromptEmbedsSource
    implements TableProvider, CreatableRelationProvider, DataSourceRegister {
  /** What Spark calls it. */
  public static final String NAME = "prompt-embeds";

  /** Whether a file of that name is read, going by its extension. */
  public static boolean reads(String fileName) {
    return FileFormat.ofFileName(fileName).isPresent();
  }

  /** The extensions of files that are read, comma-separated, for messages. */
  public static String extensions() {
    return FileFormat.allExtensions();
  }

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

  /**
   * Creates a directory that is not there yet and writes to it; Spark writes to an existing one
   * through its table.
   */
  @Override
  public BaseRelation createRelation(
      SQLContext context,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> parameters,
      Dataset<Row> rows) {
    Map<String, String> options = CollectionConverters.asJava(parameters);
    SourceFiles files = SourceFiles.of(options);
    Path directory =
        files
            .options()
            .find(SourceOptions.PATH)
            .map(Path::new)
            .orElseThrow(
                () -> new IllegalArgumentException("a path is needed: save(path) or option path"));
    try {
      FileSystem fileSystem = directory.getFileSystem(files.configuration());
      if (fileSystem.exists(directory)) {
        throw new IOException("%s is not a directory".formatted(directory));
      }

      fileSystem.mkdirs(directory);
      boolean written = false;
      try {
        rows.write().format(NAME).options(options).mode(SaveMode.Append).save();
        written = true;
      } finally {
        if (!written) {
          fileSystem.delete(directory, true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to %s: %s".formatted(directory, e), e);
    }

    return new WrittenRelation(context, rows.schema());
  }

  /** What Spark is told of the data written; it asks for nothing but the schema. */
  private static final class WrittenRelation extends BaseRelation {
    private final SQLContext context;
    private final StructType schema;

    WrittenRelation(SQLContext context, StructType schema) {
      this.context = context;
      this.schema = schema;
    }

    @Override
    public SQLContext sqlContext() {
      return context;
    }

    @Override
    public StructType schema() {
      return schema;
    }
  }
}
