package org.promptembeds.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Images become text in a Spark job: a vision tower turns PNG files into prompt embeddings, and a
 * language model answers questions about them.
 *
 * <p>The tower is a function on a column, {@code see}. The tower of a larger model would stand in
 * its place.
 */
public final class Pictures {
  private static final String QUERY =
      """
      SELECT picture, question, expected,
        generate_from_embeds(
          concat_embeds('<|user|>', seen, concat(question, '<|end|><|assistant|>'), model => '%1$s'),
          max_tokens => 32, model => '%1$s') AS answer
      FROM json.`%2$s/pictures.jsonl` JOIN (
        SELECT substring_index(path, '/', -1) AS picture, see(content) AS seen
        FROM binaryFile.`%2$s/pictures`
      ) USING (picture)
      ORDER BY picture, question""";

  private Pictures() {}

  /**
   * Prints each picture's questions with the answers.
   *
   * @param args folder with pictures and {@code pictures.jsonl}; by default the one that comes with
   *     the examples
   */
  public static void main(String[] args) throws IOException {
    Path model = Questions.model("examples/models/tiny-pictures");
    Path data = Path.of(args.length > 0 ? args[0] : "examples/data");
    try (SparkSession spark = Questions.spark(model)) {
      print(answers(spark, model, data));
    }
  }

  /**
   * Rows of {@code picture}, {@code question}, {@code expected} and {@code answer}.
   *
   * @param model directory of the language model and its tower
   * @param data folder with pictures and questions
   */
  static List<Row> answers(SparkSession spark, Path model, Path data) throws IOException {
    VisionTower tower = VisionTower.open(model.resolve("tower.safetensors"));
    UDF1<byte[], float[]> see = tower::see;
    spark.udf().register("see", see, DataTypes.createArrayType(DataTypes.FloatType, false));
    return spark
        .sql(QUERY.formatted(model.toAbsolutePath(), data.toAbsolutePath()))
        .collectAsList();
  }

  private static void print(List<Row> rows) {
    String picture = "";
    int right = 0;
    for (Row row : rows) {
      if (!picture.equals(row.getString(0))) {
        picture = row.getString(0);
        System.out.println(picture);
      }

      System.out.printf("  Q: %s%n  A: %s%n", row.getString(1), row.getString(3));
      right += row.getString(2).equals(row.getString(3)) ? 1 : 0;
    }

    System.out.printf("%n%d of %d answers are right%n", right, rows.size());
  }
}
