package org.promptembeds.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.options.Option;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.FakeModel;
import org.promptembeds.testing.SoftPrompts;
import org.promptembeds.testing.TestSpark;

/** The transformer: parameters, checks, and the way through pipelines and files. */
class EmbedsTextGeneratorTest {
  @TempDir Path folder;

  private static Dataset<Row> prompts() {
    return TestSpark.session().table("prompts").where("id = 3");
  }

  private static EmbedsTextGenerator generator() {
    return new EmbedsTextGenerator().setInputCol("embeds").setOutputCol("answer");
  }

  private static Row answer(Transformer transformer) {
    return transformer.transform(prompts()).select("answer").head();
  }

  @Test
  void addsTheTextOfTheSqlFunction() {
    assertThat(answer(generator())).isEqualTo(RowFactory.create(TestSpark.text(3)));
  }

  @Test
  void everyOptionReachesTheModel() {
    EmbedsTextGenerator generator =
        generator()
            .setModelUrl("fake://other")
            .setEngine("pytorch")
            .setBatchSize(8)
            .setMaxTokens(23)
            .setMinTokens(2)
            .setTemperature(0.5)
            .setTopP(0.9)
            .setTopK(7)
            .setMinP(0.1)
            .setPresencePenalty(0.5)
            .setFrequencyPenalty(-0.5)
            .setRepetitionPenalty(1.1)
            .setLogitBias("{\"5\": -100}")
            .setSeed(3)
            .setStop("\n", "\"quoted\" 'text'")
            .setStopTokenIds(1, 2)
            .setIgnoreEos(true)
            .setLogprobs(1)
            .setOutputMode("detail");
    SamplingParams params =
        SamplingParams.builder()
            .maxTokens(23)
            .temperature(0.5)
            .presencePenalty(0.5)
            .frequencyPenalty(-0.5)
            .repetitionPenalty(1.1)
            .logitBias(Map.of(5, -100.0))
            .seed(3L)
            .build();

    Row detail = answer(generator).getStruct(0);

    assertThat(detail.<String>getAs("text"))
        .isEqualTo(FakeBackend.text(TestSpark.embeds(3), params));
    assertThat(detail.<Row>getList(5)).hasSize(3);
    assertThat(
            generator
                .transform(prompts())
                .queryExecution()
                .analyzed()
                .toString()
                .replaceAll("\\s+", " "))
        .contains("fake://other", "top_p", "0.9", "top_k", "min_p", "ignore_eos", "\"quoted\"");
  }

  @Test
  void aSoftPromptStandsBeforeTheEmbeddings(@TempDir Path model, @TempDir Path adapter)
      throws IOException {
    FakeModel.write(model);
    SoftPrompts.write(adapter, "PROMPT_TUNING", 1, 4);
    float[] embeds = new float[8];
    for (int i = 0; i < 4; i++) {
      embeds[i] = SoftPrompts.value(i);
      embeds[4 + i] = TestSpark.embeds(3)[i];
    }

    assertThat(answer(generator().setModelUrl(model.toString()).setSoftPrompt(adapter.toString())))
        .isEqualTo(RowFactory.create(FakeBackend.text(embeds, SamplingParams.builder().build())));
  }

  @Test
  void everyOptionOfTheFunctionsIsAParameter() {
    assertThat(generator().optionParams().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(SamplingOptions.ARGUMENTS, PromptOptions.GENERATE)
                .flatMap(options -> options.options().stream())
                .map(Option::key)
                .collect(Collectors.toSet()));
    assertThat(generator().explainParams())
        .contains("maxTokens: Most tokens to generate, at least 1. (default: 256)");
  }

  static List<Parameter<?>> parameters() {
    return Parameters.all();
  }

  @ParameterizedTest
  @MethodSource("parameters")
  <T> void isAParameterUnlessTheTableSaysWhyNot(Parameter<T> parameter) {
    assertThat(generator().hasParam(parameter.camelName()))
        .isEqualTo(parameter.hole(Surface.ML).isEmpty());
    if (parameter.hole(Surface.ML).isEmpty()) {
      EmbedsTextGenerator generator =
          generator().setOutputMode("detail").setOption(parameter.name(), parameter.example());
      Map<String, Object> options = GenerateCall.of(generator, prompts().schema()).options();

      assertThat(SamplingOptions.parse(options))
          .isEqualTo(SamplingParams.builder().set(parameter, parameter.example()).build());
    }
  }

  @Test
  void positionsComeFromAColumn() {
    EmbedsTextGenerator generator = generator().setPositionIdsCol("positions");

    assertThatThrownBy(() -> generator.transform(prompts()))
        .hasMessageContaining("positionIdsCol 'positions' is not among the columns [id, embeds]");
    Dataset<Row> placed =
        prompts()
            .selectExpr("embeds", "array(array(0), array(0), array(INT(id) - 8)) AS positions");
    assertThatThrownBy(() -> generator.transform(placed).collectAsList())
        .hasStackTraceContaining("position_ids[2][0] must be in [0, 16777215], got -5");
  }

  @Test
  void whateverPromptsCarryComesFromAColumn() {
    EmbedsTextGenerator generator =
        generator().setPromptInputCol("deepstack_embeds", "features").setMissingInputs("as_text");
    Dataset<Row> rows = prompts().selectExpr("embeds", "array(array(1.5D)) AS features");

    assertThatThrownBy(() -> generator.transform(rows).collectAsList())
        .hasStackTraceContaining(
            "deepstack_embeds must be floating-point numbers of shape (layers, rows, hidden_size)");
    assertThat(GenerateCall.of(generator, rows.schema()).options())
        .containsEntry("missing_inputs", "as_text");
  }

  @Test
  void schemaIsKnownWithoutRunning() {
    StructType schema = prompts().schema();

    assertThat(generator().transformSchema(schema))
        .isEqualTo(schema.add("answer", DataTypes.StringType));
    assertThat(generator().setOutputMode("detail").transformSchema(schema).apply("answer"))
        .isEqualTo(
            new StructType().add("answer", GenerateFunction.GENERATE_DETAIL.dataType()).apply(0));
    assertThat(generator().transform(prompts()).schema())
        .isEqualTo(generator().transformSchema(schema));
  }

  @Test
  void allThatIsWrongIsNamedAtOnce() {
    EmbedsTextGenerator generator =
        new EmbedsTextGenerator("mine")
            .setInputCol("id")
            .setOutputCol("embeds")
            .setOutputMode("words")
            .setHandleInvalid("skip")
            .setBatchSize(0)
            .setTopP(2);

    assertThatThrownBy(() -> generator.transformSchema(prompts().schema()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mine: batchSize must be at least 1, got 0; outputMode must be text or detail, got"
                + " 'words'; handleInvalid must be error or keep, got 'skip'; inputCol 'id' must be"
                + " array<array<float>>, array<float>, the same of double or decimal, binary or"
                + " string, or an array of parts, which are structs, got BIGINT; outputCol 'embeds' exists already: choose another name;"
                + " top_p must be in (0, 1], got 2.0");
    assertThatThrownBy(() -> new EmbedsTextGenerator("bare").transform(prompts()))
        .hasMessage(
            "bare: inputCol is not set: name the column of embeddings, or that of texts or chats as"
                + " promptCol; outputCol is not set: name the column to add");
    assertThatThrownBy(() -> generator().setInputCol("vector").transform(prompts()))
        .hasMessageContaining("inputCol 'vector' is not among the columns [id, embeds]");
    assertThatThrownBy(() -> generator().setLogprobs(1).transform(prompts()))
        .hasMessageContaining("set outputMode to detail");
  }

  @Test
  void otherEnginesAreRefused() {
    assertThatThrownBy(() -> new EmbedsTextGenerator().setEngine("TensorFlow"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("engine must be PyTorch, the only one that models run on here, got TensorFlow");
  }

  @Test
  void invalidRowsAreKeptWhenAskedFor() {
    Dataset<Row> ragged = prompts().selectExpr("array(1f, 2f, 3f) AS embeds");

    assertThat(
            generator().setHandleInvalid("keep").transform(ragged).select("answer").head().get(0))
        .isNull();
    assertThatThrownBy(() -> generator().transform(ragged).collectAsList())
        .hasStackTraceContaining("3 values are not a multiple");
  }

  @Test
  void savedAndLoadedAlone() throws Exception {
    String path = folder.resolve("generator").toString();
    EmbedsTextGenerator saved =
        generator().setMaxTokens(9).setSeed(1L << 40).setStop("a", "b").setTopP(0.25);
    saved.save(path);

    EmbedsTextGenerator loaded = EmbedsTextGenerator.load(path);

    assertThat(loaded.uid()).isEqualTo(saved.uid());
    StructType schema = prompts().schema();
    assertThat(GenerateCall.of(loaded, schema)).isEqualTo(GenerateCall.of(saved, schema));
    assertThat(answer(loaded)).isEqualTo(answer(saved));
  }

  @Test
  void worksInPipelinesThatAreSavedAndLoaded() throws Exception {
    String path = folder.resolve("pipeline").toString();
    PipelineStage[] stages = {
      generator().setMaxTokens(9),
      generator().setMaxTokens(10).setOutputCol("longer").setOutputMode("detail")
    };
    PipelineModel model = new Pipeline().setStages(stages).fit(prompts());
    model.write().overwrite().save(path);

    Row row = PipelineModel.load(path).transform(prompts()).head();

    SamplingParams nine = SamplingParams.builder().maxTokens(9).build();
    SamplingParams ten = SamplingParams.builder().maxTokens(10).build();
    assertThat(row.<String>getAs("answer")).isEqualTo(FakeBackend.text(TestSpark.embeds(3), nine));
    assertThat(row.<Row>getAs("longer").<String>getAs("text"))
        .isEqualTo(FakeBackend.text(TestSpark.embeds(3), ten));
  }

  @Test
  void copiesAreIndependent() {
    EmbedsTextGenerator original = generator().setMaxTokens(9);
    Transformer copy = original.copy(original.extractParamMap());
    original.setMaxTokens(30);

    assertThat(answer(copy))
        .isEqualTo(
            RowFactory.create(
                FakeBackend.text(
                    TestSpark.embeds(3), SamplingParams.builder().maxTokens(9).build())));
  }
}
