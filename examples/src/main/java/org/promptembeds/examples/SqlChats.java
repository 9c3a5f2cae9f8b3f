package org.promptembeds.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** The same in SQL alone: chats become prompt embeddings, and these become text, in one query. */
public final class SqlChats {
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
    Questions.view(spark, questions);
    return spark.sql(QUERY).as(Encoders.STRING()).collectAsList();
  }
}
