package org.promptembeds.ml;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.StopParameters;

/**
 * A transformer that adds the text generated from a column of prompt embeddings, texts or chats.
 *
 * <p>It stands for a call of {@code generate_from_embeds} or {@code generate_text} with the same
 * options, in pipelines and on its own; {@code save} keeps its parameters, not the model.
 */
public final class EmbedsTextGenerator extends GeneratorParams implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  public EmbedsTextGenerator() {
    this("embedsTextGenerator_" + UUID.randomUUID().toString().replace("-", "").substring(20));
  }

  /** A transformer with a name of its own, as Spark makes one when it copies or loads. */
  public EmbedsTextGenerator(String uid) {
    super(uid);
  }

  /** Reads a transformer that {@code save} wrote. */
  public static MLReader<EmbedsTextGenerator> read() {
    return new DefaultParamsReader<>();
  }

  /** The transformer that was saved at {@code path}. */
  public static EmbedsTextGenerator load(String path) {
    return read().load(path);
  }

  /**
   * The dataset with the generated column after its own ones.
   *
   * @throws IllegalArgumentException naming everything that is wrong with parameters and columns
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    GenerateCall call = GenerateCall.of(this, dataset.schema());
    return dataset.withColumn(call.outputCol(), call.column());
  }

  /** The schema that {@link #transform} gives, with the same checks. */
  @Override
  public StructType transformSchema(StructType schema) {
    GenerateCall call = GenerateCall.of(this, schema);
    return schema.add(call.outputCol(), call.dataType());
  }

  @Override
  public Transformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Sets the column of embeddings: arrays of numbers, nested or flat, serialised tensors, or arrays
   * of parts.
   */
  public EmbedsTextGenerator setInputCol(String column) {
    set(inputCol(), column);
    return this;
  }

  /**
   * Sets the column of prompts that are no embeddings, in the place of the input column: texts, or
   * chats, which are arrays of structs or maps with role and content.
   */
  public EmbedsTextGenerator setPromptCol(String column) {
    set(promptCol(), column);
    return this;
  }

  /** Sets the name of the column to add. */
  public EmbedsTextGenerator setOutputCol(String column) {
    set(outputCol(), column);
    return this;
  }

  /** Sets the model: a directory, a URI, or a name that the session is configured with. */
  public EmbedsTextGenerator setModelUrl(String model) {
    set(modelUrl(), model);
    return this;
  }

  /**
   * Sets the engine, which can be PyTorch alone.
   *
   * @throws IllegalArgumentException if it is another
   */
  public EmbedsTextGenerator setEngine(String name) {
    GenerateCall.requireEngine(name);
    set(engine(), name);
    return this;
  }

  /** Sets what the new column is: {@code text}, or {@code detail} for a struct. */
  public EmbedsTextGenerator setOutputMode(String mode) {
    set(outputMode(), mode.toLowerCase(Locale.ROOT));
    return this;
  }

  /** Sets what a row at fault does: {@code error}, or {@code keep} for a NULL text. */
  public EmbedsTextGenerator setHandleInvalid(String action) {
    set(handleInvalid(), action.toLowerCase(Locale.ROOT));
    return this;
  }

  /**
   * Accepts a batch size for the sake of pipelines that have one. Rows are batched as they come; to
   * bound how many, set {@code spark.promptembeds.maxSequences}.
   */
  public EmbedsTextGenerator setBatchSize(int rows) {
    set(batchSize(), rows);
    return this;
  }

  /**
   * Sets the type of the output column.
   *
   * @param type fields such as {@code name STRING, age INT}, or the JSON of a {@code StructType}
   */
  public EmbedsTextGenerator setSchema(String type) {
    set(schema(), type);
    return this;
  }

  /** Sets the soft prompt that is put before the embeddings: a directory, a URI or a name. */
  public EmbedsTextGenerator setSoftPrompt(String nameOrPath) {
    set(softPrompt(), nameOrPath);
    return this;
  }

  /** Sets the length of the embedding vectors, where neither they nor the model tell it. */
  public EmbedsTextGenerator setHiddenSize(int size) {
    set(hiddenSize(), size);
    return this;
  }

  /** Sets the column of the positions of prompts for models with M-RoPE. */
  public EmbedsTextGenerator setPositionIdsCol(String column) {
    return setPromptInputCol("position_ids", column);
  }

  /**
   * Sets the column of something that prompts carry besides embeddings or messages.
   *
   * @param name what SQL calls it, such as {@code bidirectional_spans} or {@code tools}
   * @throws java.util.NoSuchElementException if prompts carry nothing of that name
   */
  public EmbedsTextGenerator setPromptInputCol(String name, String column) {
    setPromptInput(name, column);
    return this;
  }

  /** Sets what becomes of a row without what its model needs: {@code error} or {@code as_text}. */
  public EmbedsTextGenerator setMissingInputs(String action) {
    set(missingInputs(), action);
    return this;
  }

  /**
   * Sets variables of the chat template.
   *
   * @param json an object, such as {@code {"enable_thinking": false}}
   */
  public EmbedsTextGenerator setVariables(String json) {
    set(variables(), json);
    return this;
  }

  /** Sets whether the prompt of a chat ends where the assistant begins to speak. */
  public EmbedsTextGenerator setAddGenerationPrompt(boolean isAdded) {
    set(addGenerationPrompt(), isAdded);
    return this;
  }

  /**
   * Sets any parameter of sampling.
   *
   * @param name what SQL calls it, such as {@code max_tokens}
   * @param value as SQL takes it: a text, number, boolean, list or map
   * @throws IllegalArgumentException if there is none of this name, or the value is of another type
   */
  public EmbedsTextGenerator setOption(String name, Object value) {
    parse(Parameters.require(name), value);
    return this;
  }

  private <T> void parse(Parameter<T> parameter, Object value) {
    setSampling(parameter, parameter.parse(value));
  }

  /** Sets the most tokens to generate for a row. */
  public EmbedsTextGenerator setMaxTokens(int tokens) {
    setSampling(StopParameters.MAX_TOKENS, tokens);
    return this;
  }

  /** Sets the fewest tokens before a row may end. */
  public EmbedsTextGenerator setMinTokens(int tokens) {
    setSampling(StopParameters.MIN_TOKENS, tokens);
    return this;
  }

  /** Sets the temperature; 0 is greedy. */
  public EmbedsTextGenerator setTemperature(double value) {
    setSampling(ChoiceParameters.TEMPERATURE, value);
    return this;
  }

  /** Sets the probability that the tokens sampled from add up to, in (0, 1]. */
  public EmbedsTextGenerator setTopP(double share) {
    setSampling(ChoiceParameters.TOP_P, share);
    return this;
  }

  /** Sets how many of the likeliest tokens are sampled from; 0 is all of them. */
  public EmbedsTextGenerator setTopK(int tokens) {
    setSampling(ChoiceParameters.TOP_K, tokens);
    return this;
  }

  /** Sets how likely a token must be, as a share of the likeliest one, in [0, 1]. */
  public EmbedsTextGenerator setMinP(double share) {
    setSampling(ChoiceParameters.MIN_P, share);
    return this;
  }

  /** Sets what tokens lose that the text has so far, in [-2, 2]. */
  public EmbedsTextGenerator setPresencePenalty(double value) {
    setSampling(ChoiceParameters.PRESENCE_PENALTY, value);
    return this;
  }

  /** Sets what tokens lose for each time that the text has them so far, in [-2, 2]. */
  public EmbedsTextGenerator setFrequencyPenalty(double value) {
    setSampling(ChoiceParameters.FREQUENCY_PENALTY, value);
    return this;
  }

  /** Sets by what factor tokens are less likely that the text has so far, above 0. */
  public EmbedsTextGenerator setRepetitionPenalty(double factor) {
    setSampling(ChoiceParameters.REPETITION_PENALTY, factor);
    return this;
  }

  /** Sets what is added to the logits of token ids, as JSON such as {@code {"5": -100}}. */
  public EmbedsTextGenerator setLogitBias(String biases) {
    setSampling(ChoiceParameters.LOGIT_BIAS, ChoiceParameters.LOGIT_BIAS.parse(biases));
    return this;
  }

  /** Sets the seed of each row's random numbers. */
  public EmbedsTextGenerator setSeed(long value) {
    setSampling(ChoiceParameters.SEED, value);
    return this;
  }

  /** Sets strings that end a text, and are cut from it. */
  public EmbedsTextGenerator setStop(String... strings) {
    setSampling(StopParameters.STOP, List.of(strings));
    return this;
  }

  /** Sets token ids that end a text. */
  public EmbedsTextGenerator setStopTokenIds(int... ids) {
    setSampling(StopParameters.STOP_TOKEN_IDS, Arrays.stream(ids).boxed().toList());
    return this;
  }

  /** Sets whether end-of-sequence tokens are tokens as all others. */
  public EmbedsTextGenerator setIgnoreEos(boolean ignore) {
    setSampling(StopParameters.IGNORE_EOS, ignore);
    return this;
  }

  /** Sets how many log-probabilities a token has in {@code detail}, 0 to 20. */
  public EmbedsTextGenerator setLogprobs(int count) {
    setSampling(OutputParameters.LOGPROBS, count);
    return this;
  }
}
