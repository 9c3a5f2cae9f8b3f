package org.promptembeds.sql.call;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.grammar.OutputGrammars;
import org.promptembeds.options.OptionSet;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.sql.prompt.ChatOptions;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.SessionSettings;

/** What the driver knows of a call's options: constants are read and checked before a job runs. */
final class CallOptions {
  private static final String MODEL = SamplingOptions.MODEL.key();
  private static final String SOFT_PROMPT = SamplingOptions.SOFT_PROMPT.key();

  private CallOptions() {}

  /** Whether a call's inputs are of the right types and its constant options are valid. */
  static TypeCheckResult check(GenerateFromEmbeds call) {
    List<String> problems = new ArrayList<>();
    try {
      GenerateInput input = call.function().input();
      var unused = input.prompt(input.parameter(), call.embeds().dataType());
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    if (call.hasFreeVariable()) {
      problems.add(
          "rows are generated for one by one, not the elements of an array: explode the array"
              + " instead of calling in a lambda function");
    }

    try {
      // An isolated call is bound: the session may have changed since, and what was a column may
      // have become a constant, whose faults are those of rows.
      if (!call.isIsolated()) {
        checkOptions(call);
        checkBinding(call);
      }
    } catch (IllegalArgumentException | InvalidRequestException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    return problems.isEmpty()
        ? TypeCheckResult.TypeCheckSuccess$.MODULE$
        : new TypeCheckResult.TypeCheckFailure(String.join("; ", problems));
  }

  private static void checkOptions(GenerateFromEmbeds call) {
    Expression options = call.options();
    requireOptionsType(options);
    Map<String, Object> constants = OptionExpressions.constants(options);
    GenerateInput input = call.function().input();
    OptionSet arguments = input.arguments();
    if (options.foldable()) {
      SamplingOptions.parse(input.sampling(constants));
      var unused = ChatOptions.of(constants);
    } else {
      OptionExpressions.names(options).forEach(arguments::require);
      constants.forEach((name, value) -> arguments.require(name).parse(value));
      requireTypes(arguments, options.dataType(), constants.keySet());
    }

    checkForm(constants);
    if (!call.function().isDetailed()) {
      Set<String> given = new HashSet<>(OptionExpressions.names(options));
      given.addAll(constants.keySet());
      for (String problem : OutputParameters.besideText(given)) {
        throw new IllegalArgumentException(
            "%s: use %s or leave it out"
                .formatted(
                    problem, GenerateFunction.of(input, GenerateFunction.Fault.IS_TOLD).sqlName()));
      }
    }
  }

  /** Makes the grammar of what outputs must look like, as far as that is constant. */
  private static void checkForm(Map<String, Object> constants) {
    SamplingParams.Builder params = SamplingParams.builder();
    for (Parameter<?> parameter : FormParameters.all()) {
      Object value = constants.get(parameter.name());
      if (value != null) {
        params.parse(parameter, value);
      }
    }

    StructuredOutput.of(params.build()).ifPresent(OutputGrammars::of);
  }

  /** Values of a map are strings, those of a struct of any type. */
  private static void requireTypes(OptionSet arguments, DataType type, Set<String> constants) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (!constants.contains(field.name().toLowerCase(Locale.ROOT))) {
          OptionTypes.require(arguments.require(field.name()), field);
        }
      }
    }
  }

  private static void checkBinding(GenerateFromEmbeds call) {
    CallBinding binding = binding(call.options());
    if (call.function().input().needsFiles(call.embeds().dataType())
        || binding.softPrompt() != null
        || OptionExpressions.names(call.options()).contains(SOFT_PROMPT)) {
      PromptModel.requireFiles(binding.backend().model());
    }
  }

  private static void requireOptionsType(Expression options) {
    boolean valid =
        options.dataType() instanceof StructType
            || (options.dataType() instanceof MapType map
                && map.keyType() instanceof StringType
                && map.valueType() instanceof StringType);
    if (!valid) {
      throw new IllegalArgumentException(
          "options must be given by name, or as a map<string,string> or a struct, got "
              + options.dataType().sql());
    }
  }

  /**
   * What a call with {@code options} means, as the session is configured now.
   *
   * @throws IllegalArgumentException if there is no model, or it is not constant, or a soft prompt
   *     is not known
   */
  static CallBinding binding(Expression options) {
    Map<String, Object> constants = OptionExpressions.constants(options);
    Object model = constants.get(MODEL);
    if (model == null && !options.foldable() && OptionExpressions.names(options).contains(MODEL)) {
      throw new IllegalArgumentException("model must be a constant, not a value of each row");
    }

    SparkOptions settings = SessionSettings.current();
    SoftPromptNames names = settings.softPrompts();
    Object softPrompt = constants.get(SOFT_PROMPT);
    return new CallBinding(
        settings.backend(model == null ? null : SamplingOptions.MODEL.parse(model)),
        names,
        softPrompt == null ? null : names.locate(SamplingOptions.SOFT_PROMPT.parse(softPrompt)));
  }
}
