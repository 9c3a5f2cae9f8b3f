package org.promptembeds.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.options.SparkOptions;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** What the driver knows of a call's options: constants are read and checked before a job runs. */
final class CallOptions {
  private static final String MODEL = SamplingOptions.MODEL.key();
  private static final String SOFT_PROMPT = SamplingOptions.SOFT_PROMPT.key();

  private CallOptions() {}

  /** Whether a call's inputs are of the right types and its constant options are valid. */
  static TypeCheckResult check(GenerateFromEmbeds call) {
    List<String> problems = new ArrayList<>();
    try {
      var unused = GenerateTypes.prompt("embeds", call.embeds().dataType());
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    if (Calls.hasFreeVariable(call, Set.of())) {
      problems.add(
          "rows are generated for one by one, not the elements of an array: explode the array"
              + " instead of calling in a lambda function");
    }

    try {
      checkOptions(call);
      if (!call.isIsolated()) {
        checkBinding(call); // an isolated call is bound: the session may have changed since
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }

    return problems.isEmpty()
        ? TypeCheckResult.TypeCheckSuccess$.MODULE$
        : new TypeCheckResult.TypeCheckFailure(String.join("; ", problems));
  }

  private static void checkOptions(GenerateFromEmbeds call) {
    Expression options = call.options();
    requireOptionsType(options);
    Map<String, Object> constants = constants(options);
    if (options.foldable()) {
      SamplingOptions.parse(constants);
    } else {
      names(options).forEach(SamplingOptions.ARGUMENTS::require);
      constants.forEach((name, value) -> SamplingOptions.ARGUMENTS.require(name).parse(value));
      requireTypes(options.dataType(), constants.keySet());
    }

    if (call.function() != GenerateFunction.GENERATE_DETAIL
        && (constants.containsKey("logprobs") || names(options).contains("logprobs"))) {
      throw new IllegalArgumentException(
          "logprobs has no place in a string: use "
              + GenerateFunction.GENERATE_DETAIL.sqlName()
              + " or leave it out");
    }
  }

  /** Values of a map are strings, those of a struct of any type. */
  private static void requireTypes(DataType type, Set<String> constants) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (!constants.contains(field.name().toLowerCase(Locale.ROOT))) {
          OptionTypes.require(SamplingOptions.ARGUMENTS.require(field.name()), field);
        }
      }
    }
  }

  private static void checkBinding(GenerateFromEmbeds call) {
    CallBinding binding = binding(call.options());
    boolean hasParts = GenerateTypes.hasParts(call.embeds().dataType());
    if (hasParts || binding.softPrompt() != null || names(call.options()).contains(SOFT_PROMPT)) {
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
    Map<String, Object> constants = constants(options);
    Object model = constants.get(MODEL);
    if (model == null && !options.foldable() && names(options).contains(MODEL)) {
      throw new IllegalArgumentException("model must be a constant, not a value of each row");
    }

    SparkOptions settings = settings();
    SoftPromptNames names = settings.softPrompts();
    Object softPrompt = constants.get(SOFT_PROMPT);
    return new CallBinding(
        settings.backend(model == null ? null : SamplingOptions.MODEL.parse(model)),
        names,
        softPrompt == null ? null : names.locate(SamplingOptions.SOFT_PROMPT.parse(softPrompt)));
  }

  /**
   * The session's {@code spark.promptembeds} configuration: the session's own, for Spark analyses a
   * view under the few settings that were stored with it.
   */
  static SparkOptions settings() {
    Option<SparkSession> session = SparkSession.getActiveSession();
    return new SparkOptions(
        CollectionConverters.asJava(
            session.isDefined() ? session.get().conf().getAll() : SQLConf.get().getAllConfs()));
  }

  /** The sampling parameters of constant {@code options}; null if they differ from row to row. */
  static @Nullable SamplingParams constantParams(Expression options) {
    return options.foldable() ? SamplingOptions.parse(constants(options)) : null;
  }

  /** Options that are known without a row. */
  static Map<String, Object> constants(Expression options) {
    if (options.foldable()) {
      return OptionValues.toJava(options.eval(null), options.dataType());
    }

    Map<String, Object> constants = new LinkedHashMap<>();
    fields(options)
        .forEach(
            (name, value) -> {
              Object constant =
                  value.foldable() ? OptionValues.scalar(value.eval(null), value.dataType()) : null;
              if (constant != null) {
                constants.put(name, constant);
              }
            });
    return constants;
  }

  /** Options of a call that has its backend: a model among those that vary would be a row's. */
  static Expression withoutModel(Expression options) {
    if (options.foldable() || !fields(options).containsKey(MODEL)) {
      return options;
    }

    List<Expression> pairs = new ArrayList<>();
    fields(options)
        .forEach(
            (name, value) -> {
              if (!name.equals(MODEL)) {
                pairs.add(Literal.create(name, DataTypes.StringType));
                pairs.add(value);
              }
            });
    return options instanceof CreateMap map
        ? map.copy(Seqs.of(pairs), map.useStringTypeWhenEmpty())
        : new CreateNamedStruct(Seqs.of(pairs));
  }

  private static List<String> names(Expression options) {
    return options.dataType() instanceof StructType struct
        ? List.of(struct.fieldNames())
        : List.copyOf(fields(options).keySet());
  }

  /** The options as expressions by name, where they can be told apart. */
  private static Map<String, Expression> fields(Expression options) {
    Map<String, Expression> fields = new LinkedHashMap<>();
    if (options instanceof CreateNamedStruct || options instanceof CreateMap) {
      List<Expression> pairs = Seqs.list(options.children());
      for (int i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs.get(i).foldable()) {
          fields.put(
              String.valueOf(pairs.get(i).eval(null)).toLowerCase(Locale.ROOT), pairs.get(i + 1));
        }
      }
    }

    return fields;
  }

  /** The options as a user would write them by name. */
  static List<String> describe(Expression options, Function<Expression, String> text) {
    List<String> described = new ArrayList<>();
    if (options instanceof Literal) {
      constants(options).forEach((name, value) -> described.add(name + " => " + value));
    } else if (options instanceof CreateNamedStruct) {
      fields(options).forEach((name, value) -> described.add(name + " => " + text.apply(value)));
    } else {
      described.add(text.apply(options));
    }

    return described;
  }
}
