package org.promptembeds.jobs.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.generation.parameter.ValueType.Kind;
import org.promptembeds.jobs.files.SqlText;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Options on how tokens are chosen and when a generation stops: those of the parameters' table. */
public final class SamplingOptions implements IModelTransformer {
  private static final int ORDER = 3;

  /** Adds the options to a command. */
  @Override
  public CommandSpec transform(CommandSpec command) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder().exclusive(false).heading("%nSampling:%n").order(ORDER);
    Parameters.on(Surface.COMMAND_LINE).forEach(parameter -> group.addArg(option(parameter)));
    return command.addArgGroup(group.build());
  }

  private static OptionSpec option(Parameter<?> parameter) {
    String sentence =
        parameter.doc().replace("`", "").replace("%", "%%")
            + (parameter.type().kind() == Kind.TEXTS ? " Repeatable." : "");
    String defaultText = parameter.defaultText();
    OptionSpec.Builder option =
        OptionSpec.builder(name(parameter))
            .description(
                defaultText == null || parameter.type().kind() == Kind.FLAG
                    ? sentence
                    : "%s Default: %s.".formatted(sentence, defaultText));
    return switch (parameter.type().kind()) {
      case INTEGER -> option.type(Integer.class).paramLabel("N").build();
      case LONG -> option.type(Long.class).paramLabel("N").build();
      case NUMBER -> option.type(Double.class).paramLabel("X").build();
      case FLAG -> flag(option, "true".equals(defaultText));
      case TEXT -> option.type(String.class).paramLabel("TEXT").build();
      case TEXTS -> list(option, String.class).paramLabel("TEXT").build();
      case INTEGERS -> list(option, Integer.class).paramLabel("ID").splitRegex(",").build();
      case NUMBERS_BY_ID ->
          option
              .type(Map.class)
              .auxiliaryTypes(Integer.class, Double.class)
              .paramLabel("ID=X")
              .splitRegex(",")
              .build();
      case INTEGERS_BY_NAME ->
          option
              .type(Map.class)
              .auxiliaryTypes(String.class, Integer.class)
              .paramLabel("NAME=N")
              .splitRegex(",")
              .build();
    };
  }

  private static OptionSpec.Builder list(OptionSpec.Builder option, Class<?> elements) {
    return option.type(List.class).auxiliaryTypes(elements);
  }

  /** A flag that is on is turned off with {@code --no-} in front. */
  private static OptionSpec flag(OptionSpec.Builder option, boolean isOn) {
    OptionSpec.Builder flag = option.type(Boolean.class).arity("0");
    return isOn
        ? flag.negatable(true).defaultValue("true").fallbackValue("true").build()
        : flag.build();
  }

  private static String name(Parameter<?> parameter) {
    return "--" + parameter.name().replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /**
   * The parameters that a command was called with.
   *
   * @throws IllegalArgumentException naming every value out of bounds
   */
  public static SamplingParams params(ParseResult parsed) {
    SamplingParams.Builder params = SamplingParams.builder();
    for (Parameter<?> parameter : Parameters.on(Surface.COMMAND_LINE)) {
      if (parsed.hasMatchedOption(name(parameter))) {
        Object value = parsed.matchedOption(name(parameter)).getValue();
        params.parse(parameter, value);
      }
    }

    return params.build();
  }

  /**
   * The parameters that a command was called with which takes one output of each prompt.
   *
   * @throws IllegalArgumentException naming every value out of bounds
   */
  public static SamplingParams ofOneOutput(ParseResult parsed) {
    SamplingParams params = params(parsed);
    if (params.n() > 1) {
      throw new IllegalArgumentException(
          "--n %d: this command takes one output of each prompt, leave it out; generate takes several"
              .formatted(params.n()));
    }

    return params;
  }

  /** The parameters that are not the defaults, as named arguments of a SQL function. */
  public static Map<String, String> sqlArguments(SamplingParams params) {
    Map<String, String> arguments = new LinkedHashMap<>();
    params.values().forEach((parameter, value) -> arguments.put(parameter.name(), literal(value)));
    return arguments;
  }

  private static String literal(Object value) {
    if (value instanceof List<?> list) {
      return call("array", list, SamplingOptions::literal);
    }

    if (value instanceof Map<?, ?> map) {
      return call(
          "map",
          map.entrySet(),
          entry -> literal(entry.getKey()) + ", " + literal(entry.getValue()));
    }

    if (value instanceof String text) {
      return SqlText.string(text);
    }

    if (value instanceof Double) {
      return value + "D";
    }

    return value instanceof Long ? value + "L" : value.toString();
  }

  private static <T> String call(
      String function, Iterable<T> elements, Function<T, String> argument) {
    return StreamSupport.stream(elements.spliterator(), false)
        .map(argument)
        .collect(Collectors.joining(", ", function + "(", ")"));
  }
}
