package org.promptembeds.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.SettingType;
import org.promptembeds.tensor.Tensor;

/** Arguments of the generate functions that a prompt carries besides its embeddings. */
public final class PromptInputs {
  static final Option<List<List<Integer>>> POSITION_IDS =
      new Option<>(
          "position_ids",
          OptionType.INTEGER_LISTS,
          null,
          "Positions of the prompt's rows for models with M-RoPE, such as Qwen-VL and GLM-4V, as"
              + " their own `get_rope_index` computes them: three lists, of frames, rows and"
              + " columns. What is generated goes on from the largest. Without them rows are taken"
              + " for text. Rows share what begins at the same positions. They go to no server.");

  static final Option<List<List<Integer>>> BIDIRECTIONAL_SPANS =
      new Option<>(
          "bidirectional_spans",
          OptionType.INTEGER_LISTS,
          null,
          "Rows of the prompt that see one another both ways, such as those of an image in Gemma 3"
              + " and 4: pairs of the first row, counted from 0, and the row behind the last.");
  static final Option<Tensor> DEEPSTACK_EMBEDS =
      new Option<>(
          "deepstack_embeds",
          OptionType.TENSOR,
          null,
          "What is added to the stream after the first layers, of Qwen3-VL: a tensor"
              + " `(layers, rows, hidden_size)`.");
  static final Option<List<Integer>> DEEPSTACK_ROWS =
      new Option<>(
          "deepstack_rows",
          ValueType.INTEGERS,
          null,
          "Rows of the prompt that `deepstack_embeds` are of, ascending from 0; without them they"
              + " are of all rows.");
  static final Option<List<Integer>> TOKEN_IDS =
      new Option<>(
          "token_ids",
          ValueType.INTEGERS,
          null,
          "Token of each row of the prompt, -1 where it is none, for penalties, prompt_logprobs and models that look more up by it"
              + " than the embedding, such as Gemma 4 with per-layer embeddings.");
  public static final Option<String> MISSING_INPUTS =
      new Option<>(
          "missing_inputs",
          SettingType.oneOf("error", "as_text"),
          "error",
          "What becomes of a row without a part that its model needs: `error`, or `as_text` to go on"
              + " as the model's own library does without it.");

  /** Those that belong to rows of embeddings. */
  static final List<Option<?>> OF_ROWS =
      List.of(POSITION_IDS, BIDIRECTIONAL_SPANS, DEEPSTACK_EMBEDS, DEEPSTACK_ROWS, TOKEN_IDS);

  /** All of them, in the order of the reference. */
  static final List<Option<?>> ALL =
      Stream.concat(OF_ROWS.stream(), Stream.of(MISSING_INPUTS)).toList();

  private PromptInputs() {}

  /** The names of those that belong to rows of embeddings. */
  public static List<String> names() {
    return OF_ROWS.stream().<String>map(Option::key).toList();
  }

  /** The one called {@code name}. */
  public static Option<?> named(String name) {
    return ALL.stream().filter(option -> option.isNamed(name)).findFirst().orElseThrow();
  }

  /**
   * What a prompt carries, of named values; others are left alone.
   *
   * @throws IllegalArgumentException naming every bad value
   */
  public static PromptExtras parse(Map<String, ?> values) {
    List<String> problems = new ArrayList<>();
    PromptExtras extras = PromptExtras.NONE;
    for (Option<?> option : ALL) {
      Object value = values.get(option.key());
      try {
        extras = value == null ? extras : add(extras, option, value, values);
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }

    if (problems.isEmpty()) {
      return extras;
    }

    throw new IllegalArgumentException(String.join("; ", problems));
  }

  private static PromptExtras add(
      PromptExtras extras, Option<?> option, Object value, Map<String, ?> values) {
    return switch (option.key()) {
      case "position_ids" ->
          extras.withPositions(PromptPositions.of(lists(POSITION_IDS.parse(value))));
      case "bidirectional_spans" ->
          extras.withSpans(BidirectionalSpans.of(lists(BIDIRECTIONAL_SPANS.parse(value))));
      case "deepstack_embeds" ->
          extras.withDeepstack(deepstack(value, values.get(DEEPSTACK_ROWS.key())));
      case "deepstack_rows" -> {
        if (values.get(DEEPSTACK_EMBEDS.key()) == null) {
          throw new IllegalArgumentException(
              "deepstack_rows say which rows deepstack_embeds are of: pass deepstack_embeds too");
        }

        yield extras;
      }
      case "token_ids" -> extras.withTokens(PromptTokens.of(integers(TOKEN_IDS.parse(value))));
      case "missing_inputs" ->
          MISSING_INPUTS.parse(value).equals("as_text") ? extras.asTextWhereMissing() : extras;
      default -> throw new IllegalStateException("no reader for argument " + option.key());
    };
  }

  private static DeepstackEmbeds deepstack(Object value, @Nullable Object rows) {
    Tensor embeds = DEEPSTACK_EMBEDS.parse(value);
    return rows == null
        ? DeepstackEmbeds.of(embeds)
        : DeepstackEmbeds.of(embeds, integers(DEEPSTACK_ROWS.parse(rows)));
  }

  private static int[][] lists(List<List<Integer>> lists) {
    return lists.stream().map(PromptInputs::integers).toArray(int[][]::new);
  }

  private static int[] integers(List<Integer> integers) {
    return integers.stream().mapToInt(Integer::intValue).toArray();
  }
}
