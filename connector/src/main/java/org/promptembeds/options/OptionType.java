package org.promptembeds.options;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.parameter.ValueType.Kind;
import org.promptembeds.tensor.Tensor;

/** The types of values that options have besides those of sampling parameters. */
final class OptionType {
  static final ValueType<List<List<Integer>>> INTEGER_LISTS =
      type(
          "array of arrays of ints, or JSON",
          "an array of arrays of integers, or JSON such as [[0, 1], [0, 1], [0, 1]]",
          OptionType::requireIntegerLists);
  static final ValueType<Tensor> TENSOR =
      type(
          "binary, string or nested arrays",
          "a tensor: the bytes of torch.save, safetensors or npy, base64 of torch.save, or nested arrays of numbers of one length each",
          TensorValues::parse);

  /** What a chat template sees: JSON that is not read yet, or the values themselves. */
  static final ValueType<Object> STRUCTURED =
      type(
          "JSON, or structs or maps",
          "JSON text, or an array, a struct or a map",
          value ->
              check(
                  value,
                  value instanceof String
                      || value instanceof Collection<?>
                      || value instanceof Map<?, ?>));

  private static final Pattern LISTS =
      Pattern.compile("\\[\\s*\\[[^\\[\\]]*](?:\\s*,\\s*\\[[^\\[\\]]*])*\\s*]");

  private static final Pattern LIST = Pattern.compile("\\[([^\\[\\]]*)]");

  private OptionType() {}

  /** A type that is written as text. */
  private static <T> ValueType<T> type(
      String name, String expectation, Function<Object, T> parser) {
    return new ValueType<>(Kind.TEXT, name, expectation, parser);
  }

  private static <V> V check(V value, boolean valid) {
    if (!valid) {
      throw new IllegalArgumentException("out of bounds: " + value);
    }

    return value;
  }

  private static List<List<Integer>> requireIntegerLists(Object value) {
    if (value instanceof Collection<?> lists) {
      return lists.stream().map(OptionType::integers).toList();
    }

    String text = ValueType.TEXT.parse(value).strip();
    check(text, LISTS.matcher(text).matches());
    return LIST.matcher(text.substring(1))
        .results()
        .map(
            list ->
                list.group(1).isBlank()
                    ? List.<Integer>of()
                    : ValueType.INTEGERS.parse(list.group(1)))
        .toList();
  }

  private static List<Integer> integers(Object list) {
    if (list instanceof Collection<?> numbers) {
      return numbers.stream().map(ValueType.INTEGER::parse).toList();
    }

    throw new IllegalArgumentException("not a list: " + list);
  }
}
