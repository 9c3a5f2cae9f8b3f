package org.promptembeds.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The same in SQL alone: chats become prompt embeddings, and these become text, in one query. */
public final class SqlChats {
  private static final StructType QUESTION =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("question", DataTypes.StringType, false);

  private static final String QUERY =
      """
      SELECT generate_from_embeds(embed_chat(messages), max_tokens => 64) AS answer
      FROM (SELECT id, array(named_struct('role', 'user', 'content', question)) AS messages
            FROM questions)
      ORDER BY id""";

  private SqlChats() {}

  /**
   * Prints the query and what it answers.
   *
   * @param args directory of the model; by default the one that comes with the examples
   */
  public static void main(String[] args) throws IOException {
    Path model = Questions.model(args);
    try (SparkSession spark = Questions.spark(model)) {
      System.out.println(QUERY + "\n");
      Questions.print(Questions.ALL, answers(spark, Questions.ALL));
    }
  }

  /** The answers to {@code questions}, in their order. */
  static List<String> answers(SparkSession spark, List<String> questions) {
    List<Row> rows =
        IntStream.range(0, questions.size())
            .mapToObj(id -> RowFactory.create(id, questions.get(id)))
            .toList();
    spark.createDataFrame(rows, QUESTION).createOrReplaceTempView("questions");
    return spark.sql(QUERY).as(Encoders.STRING()).collectAsList();
  }
}
