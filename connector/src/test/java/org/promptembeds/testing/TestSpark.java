package org.promptembeds.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.generation.SamplingParams;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The Spark session of this JVM's tests, and a table {@code prompts} of {@link #ROWS} rows. */
public final class TestSpark {
  public static final int ROWS = 40;

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("embeds", DataTypes.createArrayType(DataTypes.FloatType));

  private TestSpark() {}

  /** The session, which finds the extensions by itself. */
  public static SparkSession session() {
    return Shared.SESSION;
  }

  /** Embeddings of row {@code id}: one to three positions. */
  public static float[] embeds(long id) {
    float[] values = new float[FakeBackendProvider.HIDDEN_SIZE * (1 + (int) (id % 3))];
    for (int i = 0; i < values.length; i++) {
      values[i] = id + i / 8f;
    }

    return values;
  }

  /** What the fake model says of row {@code id} with default parameters. */
  public static String text(long id) {
    return FakeBackend.text(embeds(id), SamplingParams.builder().build());
  }

  private static SparkSession create() {
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .appName("tests")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .config("spark.sql.planChangeValidation", true)
            .config("spark.sql.warehouse.dir", directory("warehouse"))
            .config("spark.plugins", "org.promptembeds.PromptEmbedsPlugin")
            .config("spark.promptembeds.model", "fake://test")
            .config("spark.promptembeds.models.other", "fake://other")
            .getOrCreate();
    session.sparkContext().setLogLevel("OFF");
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < ROWS; id++) {
      rows.add(RowFactory.create(id, embeds(id)));
    }

    Dataset<Row> prompts = session.createDataFrame(rows, SCHEMA);
    prompts
        .repartitionByRange(4, prompts.col("id"))
        .write()
        .mode("overwrite")
        .parquet(directory("prompts"));
    session.read().parquet(directory("prompts")).createOrReplaceTempView("prompts");
    session
        .udf()
        .register("oracle", (UDF1<Seq<Float>, String>) TestSpark::oracle, DataTypes.StringType);
    return session;
  }

  /** The text as plain Java computes it, for queries to compare with. */
  private static String oracle(Seq<Float> embeds) {
    List<Float> values = CollectionConverters.asJava(embeds);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }

    return FakeBackend.text(floats, SamplingParams.builder().build());
  }

  private static String directory(String name) {
    return Path.of("target", "tmp", name).toAbsolutePath().toString();
  }

  private static final class Shared {
    private static final SparkSession SESSION = create();
  }
}
