package org.promptembeds.examples;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.PromptEmbeds;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;

/**
 * Offline inference: chats become prompt embeddings in this program, and text in Spark.
 *
 * <p>The embeddings are made with the model's own chat template, tokenizer and embedding table.
 * They might as well come from a file, another model or a projected image.
 */
public final class OfflineInference {
  private static final StructType PROMPT =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("embeds", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private OfflineInference() {}

  /**
   * Answers the questions, first one, then all at once.
   *
   * @param args directory of the model; by default the one that comes with the examples
   */
  public static void main(String[] args) throws IOException {
    Path model = Questions.model(args);
    try (SparkSession spark = Questions.spark(model)) {
      System.out.println("Single inference\n");
      List<String> first = Questions.ALL.subList(0, 1);
      Questions.print(first, answers(spark, model, first));

      System.out.println("Batch inference\n");
      Questions.print(Questions.ALL, answers(spark, model, Questions.ALL));
    }
  }

  /** The answers to {@code questions}, in their order. */
  static List<String> answers(SparkSession spark, Path model, List<String> questions) {
    List<Row> prompts = new ArrayList<>();
    try (PromptEmbedder embedder = PromptEmbedder.open(model)) {
      for (String question : questions) {
        Tensor embeds = embedder.embedChat(Questions.chat(question)); // (sequence, hidden_size)
        prompts.add(RowFactory.create(prompts.size(), embeds.toFloats()));
      }
    }

    Dataset<Row> table = spark.createDataFrame(prompts, PROMPT);
    return table
        .withColumn(
            "answer", PromptEmbeds.generateFromEmbeds(col("embeds"), Map.of("max_tokens", 64)))
        .orderBy("id")
        .select("answer")
        .as(Encoders.STRING())
        .collectAsList();
  }
}
