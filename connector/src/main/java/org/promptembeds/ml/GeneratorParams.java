package org.promptembeds.ml;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.options.Option;
import org.promptembeds.options.PromptInputs;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.call.GenerateInput;

/** The parameters of {@link EmbedsTextGenerator}; those of sampling are made of their table. */
abstract class GeneratorParams extends NamedTransformer {
  private static final long serialVersionUID = 1L;

  /** Options that are given as the name of a column with a value of its own for each row. */
  private static final List<Option<?>> COLUMNS =
      Stream.<Option<?>>concat(
              PromptInputs.names().stream().map(PromptInputs::named),
              Stream.of(PromptOptions.TOOLS, PromptOptions.DOCUMENTS))
          .toList();

  private final Param<String> inputCol = text("inputCol", "Column of prompt embeddings.");
  private final Param<String> promptCol =
      text("promptCol", "Column of texts or chats, in the place of inputCol.");
  private final Param<String> outputCol = text("outputCol", "Column to add.");
  private final Param<String> modelUrl = text("modelUrl", SamplingOptions.MODEL.doc());
  private final Param<String> engine =
      text("engine", "Engine that runs the model: PyTorch is the only one.");
  private final Param<String> outputMode =
      text("outputMode", "text adds a string, detail a struct of all there is to say.");
  private final Param<String> handleInvalid =
      text("handleInvalid", "What a row at fault does: error fails the job, keep leaves NULL.");
  private final IntParam batchSize =
      new IntParam(
          this,
          "batchSize",
          "Accepted for pipelines written for other predictors: rows are batched as they come, up"
              + " to spark.promptembeds.maxSequences of them.");
  private final Param<String> schema = text("schema", SamplingOptions.SCHEMA.doc());
  private final Param<String> softPrompt = text("softPrompt", SamplingOptions.SOFT_PROMPT.doc());
  private final IntParam hiddenSize =
      new IntParam(this, "hiddenSize", SamplingOptions.HIDDEN_SIZE.doc());
  private final Param<String> missingInputs =
      text("missingInputs", PromptInputs.MISSING_INPUTS.doc());

  private final Param<String> variables = text("variables", PromptOptions.VARIABLES.doc());
  private final BooleanParam addGenerationPrompt =
      new BooleanParam(this, "addGenerationPrompt", PromptOptions.ADD_GENERATION_PROMPT.doc());

  /** Columns of what embeddings and chats carry besides, by its name in SQL. */
  private final Map<String, Param<?>> promptInputs = new LinkedHashMap<>();

  /** By their names in SQL. */
  private final Map<String, Param<?>> sampling = new LinkedHashMap<>();

  GeneratorParams(String uid) {
    super(uid);
    setDefault(engine, "PyTorch");
    setDefault(outputMode, "text");
    setDefault(handleInvalid, "error");
    COLUMNS.forEach(this::addPromptInput);
    Parameters.on(Surface.ML).forEach(this::addSampling);
  }

  private void addPromptInput(Option<?> option) {
    String doc = "Column of this: " + option.doc();
    promptInputs.put(option.key(), text(camel(option.key()) + "Col", doc));
  }

  private static String camel(String name) {
    return Pattern.compile("_([a-z])")
        .matcher(name)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private <T> void addSampling(Parameter<T> parameter) {
    @SuppressWarnings("unchecked") // both describe one parameter
    Param<Object> param = (Param<Object>) SparkParam.of(this, parameter);
    sampling.put(parameter.name(), param);
    if (parameter.defaultText() != null) {
      setDefault(param, SparkParam.toSpark(parameter, parameter.absent().orElseThrow()));
    }
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(this, name, doc);
  }

  /** Every parameter, by name: Spark finds by reflection those alone that have accessors. */
  @Override
  public Param<?>[] params() {
    List<Param<?>> own =
        List.of(inputCol, promptCol, outputCol, engine, outputMode, handleInvalid, batchSize);
    return Stream.concat(own.stream(), optionParams().values().stream())
        .sorted(Comparator.comparing(param -> param.name()))
        .toArray(Param<?>[]::new);
  }

  /** The parameter of each option of the SQL functions, by the option's name. */
  final Map<String, Param<?>> optionParams() {
    Map<String, Param<?>> params = new LinkedHashMap<>();
    params.put(SamplingOptions.MODEL.key(), modelUrl);
    params.put(SamplingOptions.SCHEMA.key(), schema);
    params.put(SamplingOptions.SOFT_PROMPT.key(), softPrompt);
    params.put(SamplingOptions.HIDDEN_SIZE.key(), hiddenSize);
    params.putAll(promptInputs);
    params.put(PromptInputs.MISSING_INPUTS.key(), missingInputs);
    params.put(PromptOptions.VARIABLES.key(), variables);
    params.put(PromptOptions.ADD_GENERATION_PROMPT.key(), addGenerationPrompt);
    params.putAll(sampling);
    return params;
  }

  /** What the prompts are. */
  final GenerateInput input() {
    return value(promptCol) == null ? GenerateInput.EMBEDS : GenerateInput.TEXT;
  }

  /** Whether an option is given as the name of a column. */
  static boolean isColumn(String option) {
    return COLUMNS.stream().anyMatch(column -> column.key().equals(option));
  }

  /** The value of {@code param}; null if it has neither value nor default. */
  final <T> @Nullable T value(Param<T> param) {
    return isDefined(param) ? getOrDefault(param) : null;
  }

  /** Sets a parameter of sampling to a value of its type. */
  final <T> void setSampling(Parameter<T> parameter, T value) {
    set(getParam(parameter.camelName()), SparkParam.toSpark(parameter, value));
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> promptCol() {
    return promptCol;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public Param<String> modelUrl() {
    return modelUrl;
  }

  public Param<String> engine() {
    return engine;
  }

  public Param<String> outputMode() {
    return outputMode;
  }

  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public Param<String> schema() {
    return schema;
  }

  public Param<String> softPrompt() {
    return softPrompt;
  }

  public IntParam hiddenSize() {
    return hiddenSize;
  }

  public Param<String> missingInputs() {
    return missingInputs;
  }

  public Param<String> variables() {
    return variables;
  }

  public BooleanParam addGenerationPrompt() {
    return addGenerationPrompt;
  }

  /** Sets the column of what prompts carry, by its name in SQL. */
  final void setPromptInput(String name, String column) {
    set(getParam(camel(name) + "Col"), column);
  }
}
