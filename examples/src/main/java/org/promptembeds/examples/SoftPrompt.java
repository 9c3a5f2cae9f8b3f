package org.promptembeds.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * The same questions without and with a soft prompt: a few trained embeddings before each chat make
 * the model answer in another manner, while its weights stay as they are.
 */
public final class SoftPrompt {
  private static final String QUERY =
      """
      SELECT generate_from_embeds(
        embed_chat(array(named_struct('role', 'user', 'content', question))),
        max_tokens => 64,
        soft_prompt => '%s') AS answer
      FROM questions ORDER BY id""";

  private SoftPrompt() {}

  /**
   * Prints the answers without and with the soft prompt.
   *
   * @param args directory of the adapter; by default the one that comes with the examples
   */
  public static void main(String[] args) throws IOException {
    Path adapter = Path.of(args.length > 0 ? args[0] : "examples/models/tiny-chat-polite");
    try (SparkSession spark = Questions.spark(Questions.model())) {
      System.out.println("Without a soft prompt\n");
      Questions.print(Questions.ALL, SqlChats.answers(spark, Questions.ALL));
      System.out.println("With a soft prompt\n");
      Questions.print(Questions.ALL, answers(spark, adapter, Questions.ALL));
    }
  }

  /** The answers to {@code questions} with the adapter's soft prompt before each chat. */
  static List<String> answers(SparkSession spark, Path adapter, List<String> questions) {
    Questions.view(spark, questions);
    return spark
        .sql(QUERY.formatted(adapter.toAbsolutePath()))
        .as(Encoders.STRING())
        .collectAsList();
  }
}
