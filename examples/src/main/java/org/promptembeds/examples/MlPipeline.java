package org.promptembeds.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.promptembeds.ml.EmbedsTextGenerator;

/** Prompt embeddings become text in a pipeline of Spark ML, which is saved and loaded again. */
public final class MlPipeline {
  private MlPipeline() {}

  /**
   * Prints the answers to the first of the example chats.
   *
   * @param args directory of the model; by default the one that comes with the examples
   */
  public static void main(String[] args) throws IOException {
    Path model = Questions.model(args);
    Path chats = Path.of("examples", "data", "chats.parquet");
    Path folder = Files.createTempDirectory("pipeline");
    try (SparkSession spark = Questions.spark(model)) {
      Questions.print(Questions.ALL, answers(spark, chats, folder.resolve("answers")));
    }
  }

  /**
   * The answers to the first of the chats.
   *
   * @param folder to save the pipeline in
   */
  static List<String> answers(SparkSession spark, Path chats, Path folder) throws IOException {
    Dataset<Row> prompts =
        spark.read().parquet(chats.toString()).orderBy("id").limit(Questions.ALL.size());
    EmbedsTextGenerator generator =
        new EmbedsTextGenerator().setInputCol("embeds").setOutputCol("answer").setMaxTokens(64);
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {generator}).fit(prompts);
    pipeline.write().overwrite().save(folder.toString());
    return PipelineModel.load(folder.toString())
        .transform(prompts)
        .select("answer")
        .as(Encoders.STRING())
        .collectAsList();
  }
}
