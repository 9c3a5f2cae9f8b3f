package org.promptembeds.ml;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.Option;
import org.promptembeds.options.SamplingOptions;

/**
 * The parameters of {@link EmbedsTextGenerator}; those of sampling are the SQL functions' options.
 *
 * <p>Accessors are public and without arguments, as Spark finds parameters by reflection.
 */
abstract class GeneratorParams extends NamedTransformer {
  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = text("inputCol", "Column of prompt embeddings.");
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
  private final Param<String> softPrompt = text("softPrompt", SamplingOptions.SOFT_PROMPT.doc());
  private final IntParam hiddenSize = integer("hiddenSize", SamplingOptions.HIDDEN_SIZE);
  private final IntParam maxTokens = integer("maxTokens", SamplingOptions.MAX_TOKENS);
  private final IntParam minTokens = integer("minTokens", SamplingOptions.MIN_TOKENS);
  private final DoubleParam temperature = number("temperature", SamplingOptions.TEMPERATURE);
  private final DoubleParam topP = number("topP", SamplingOptions.TOP_P);
  private final IntParam topK = integer("topK", SamplingOptions.TOP_K);
  private final DoubleParam minP = number("minP", SamplingOptions.MIN_P);
  private final DoubleParam presencePenalty =
      number("presencePenalty", SamplingOptions.PRESENCE_PENALTY);
  private final DoubleParam frequencyPenalty =
      number("frequencyPenalty", SamplingOptions.FREQUENCY_PENALTY);
  private final DoubleParam repetitionPenalty =
      number("repetitionPenalty", SamplingOptions.REPETITION_PENALTY);
  private final Param<String> logitBias = text("logitBias", SamplingOptions.LOGIT_BIAS.doc());
  private final LongParam seed = new LongParam(this, "seed", SamplingOptions.SEED.doc());
  private final StringArrayParam stop =
      new StringArrayParam(this, "stop", SamplingOptions.STOP.doc());
  private final IntArrayParam stopTokenIds =
      new IntArrayParam(this, "stopTokenIds", SamplingOptions.STOP_TOKEN_IDS.doc());
  private final BooleanParam ignoreEos =
      new BooleanParam(this, "ignoreEos", SamplingOptions.IGNORE_EOS.doc());
  private final IntParam logprobs = integer("logprobs", SamplingOptions.LOGPROBS);

  GeneratorParams(String uid) {
    super(uid);
    setDefault(engine, "PyTorch");
    setDefault(outputMode, "text");
    setDefault(handleInvalid, "error");
    sampling().forEach(this::setDefaultOf);
  }

  private <T> void setDefaultOf(Option<?> option, Param<T> param) {
    if (option.defaultValue() != null) {
      // Both describe one option: the parsed default is a value of the parameter.
      @SuppressWarnings("unchecked")
      T value = (T) option.parse(option.defaultValue());
      setDefault(param, value);
    }
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(this, name, doc);
  }

  private IntParam integer(String name, Option<Integer> option) {
    return new IntParam(this, name, option.doc());
  }

  private DoubleParam number(String name, Option<Double> option) {
    return new DoubleParam(this, name, option.doc());
  }

  /** The parameter of each option of the SQL functions. */
  final Map<Option<?>, Param<?>> sampling() {
    Map<Option<?>, Param<?>> params = new LinkedHashMap<>();
    params.put(SamplingOptions.MODEL, modelUrl);
    params.put(SamplingOptions.SOFT_PROMPT, softPrompt);
    params.put(SamplingOptions.HIDDEN_SIZE, hiddenSize);
    params.put(SamplingOptions.MAX_TOKENS, maxTokens);
    params.put(SamplingOptions.MIN_TOKENS, minTokens);
    params.put(SamplingOptions.TEMPERATURE, temperature);
    params.put(SamplingOptions.TOP_P, topP);
    params.put(SamplingOptions.TOP_K, topK);
    params.put(SamplingOptions.MIN_P, minP);
    params.put(SamplingOptions.PRESENCE_PENALTY, presencePenalty);
    params.put(SamplingOptions.FREQUENCY_PENALTY, frequencyPenalty);
    params.put(SamplingOptions.REPETITION_PENALTY, repetitionPenalty);
    params.put(SamplingOptions.LOGIT_BIAS, logitBias);
    params.put(SamplingOptions.SEED, seed);
    params.put(SamplingOptions.STOP, stop);
    params.put(SamplingOptions.STOP_TOKEN_IDS, stopTokenIds);
    params.put(SamplingOptions.IGNORE_EOS, ignoreEos);
    params.put(SamplingOptions.LOGPROBS, logprobs);
    return params;
  }

  /** The value of {@code param}; null if it has neither value nor default. */
  final <T> @Nullable T value(Param<T> param) {
    return isDefined(param) ? getOrDefault(param) : null;
  }

  public Param<String> inputCol() {
    return inputCol;
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

  public Param<String> softPrompt() {
    return softPrompt;
  }

  public IntParam hiddenSize() {
    return hiddenSize;
  }

  public IntParam maxTokens() {
    return maxTokens;
  }

  public IntParam minTokens() {
    return minTokens;
  }

  public DoubleParam temperature() {
    return temperature;
  }

  public DoubleParam topP() {
    return topP;
  }

  public IntParam topK() {
    return topK;
  }

  public DoubleParam minP() {
    return minP;
  }

  public DoubleParam presencePenalty() {
    return presencePenalty;
  }

  public DoubleParam frequencyPenalty() {
    return frequencyPenalty;
  }

  public DoubleParam repetitionPenalty() {
    return repetitionPenalty;
  }

  public Param<String> logitBias() {
    return logitBias;
  }

  public LongParam seed() {
    return seed;
  }

  public StringArrayParam stop() {
    return stop;
  }

  public IntArrayParam stopTokenIds() {
    return stopTokenIds;
  }

  public BooleanParam ignoreEos() {
    return ignoreEos;
  }

  public IntParam logprobs() {
    return logprobs;
  }
}
