package org.promptembeds.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What the examples share: the questions, the model that answers them, and a Spark session. */
final class Questions {
  static final List<String> ALL =
      List.of(
          "Please tell me about the capital of France.",
          "When is the day longest during the year?",
          "Where is bigger, the moon or the sun?");

  private static final StructType QUESTION =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("question", DataTypes.StringType, false);

  private Questions() {}

  /** The first argument, or else the model that comes with the examples. */
  static Path model(String... args) {
    return Path.of(args.length > 0 ? args[0] : "examples/models/tiny-chat").toAbsolutePath();
  }

  /** A chat of one message. */
  static List<Map<String, Object>> chat(String question) {
    return List.of(Map.of("role", "user", "content", question));
  }

  /** A local session whose functions use {@code model}; the bundle registers them by itself. */
  static SparkSession spark(Path model) {
    return SparkSession.builder()
        .appName("prompt-embeds examples")
        .master("local[*]")
        .config("spark.ui.enabled", false)
        .config("spark.promptembeds.model", model.toString())
        .getOrCreate();
  }

  /** Makes {@code questions} a view of that name, with a column {@code id} for their order. */
  static void view(SparkSession spark, List<String> questions) {
    List<Row> rows =
        IntStream.range(0, questions.size())
            .mapToObj(id -> RowFactory.create(id, questions.get(id)))
            .toList();
    spark.createDataFrame(rows, QUESTION).createOrReplaceTempView("questions");
  }

  /** Prints questions and answers line by line. */
  static void print(List<String> questions, List<String> answers) {
    for (int i = 0; i < questions.size(); i++) {
      System.out.println("Q: " + questions.get(i));
      System.out.println("A: " + answers.get(i));
      System.out.println();
    }
  }
}
