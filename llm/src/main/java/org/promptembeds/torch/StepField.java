package org.promptembeds.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The inputs of a step by name: the only list of them, from which {@link StepSource} makes the
 * {@code Step} that the blocks see, and {@link StepPacker} the order of packing.
 */
enum StepField {
  /** Most tokens of one sequence. */
  MAX_QUERIES(Kind.NUMBER, ""),
  /** Most keys of one sequence. */
  MAX_KEYS(Kind.NUMBER, ""),
  /** Single-token sequences that are taken together; they come first. */
  SINGLES(Kind.NUMBER, ""),
  /** Most keys of one of them. */
  LONGEST(Kind.NUMBER, ""),
  /** Type of the prompt embeddings, as PyTorch numbers it. */
  EMBEDS_DTYPE(Kind.NUMBER, ""),
  /** Type of the deepstack features, as PyTorch numbers it. */
  DEEPSTACK_DTYPE(Kind.NUMBER, ""),
  /** Layers after which features are added. */
  DEEPSTACK_LAYERS(Kind.NUMBER, ""),
  /** Most likely tokens that the result reports per row with log-probabilities. */
  TOP(Kind.NUMBER, ""),
  /** Listed tokens that the result reports per row with log-probabilities. */
  LISTED(Kind.NUMBER, ""),
  /** Most likely tokens that the result reports per scored token of a prompt. */
  PROMPT_TOP(Kind.NUMBER, ""),
  /** Tokens of all rows that count for penalties. */
  PENALISED_TOKENS(Kind.NUMBER, ""),
  /** Constant masks that the device has room for. */
  MASK_PLACES(Kind.NUMBER, ""),
  /** Constant biases that the device has room for. */
  BIAS_PLACES(Kind.NUMBER, ""),
  /** Constant lists of tokens that the device has room for. */
  LIST_PLACES(Kind.NUMBER, ""),
  /** 1 if all tokens have an adapter and the order of {@link #ADAPTED_ROWS} is theirs, else 0. */
  ALL_ADAPTED(Kind.NUMBER, ""),
  /** Per sequence: its queries, first slot and keys. */
  SEQUENCES(Kind.NUMBERS, "3N"),
  /**
   * Per token of the step: its id; at prompt positions what stands for it, see {@link
   * ExtrasPacker}.
   */
  TOKEN_IDS(Kind.INT32, "T"),
  /**
   * Per token: where its id is among the tokens of the step before, followed by these ids; empty if
   * all ids are as they are.
   */
  TOKEN_SOURCES(Kind.INT32, "T"),
  /** Per token: its position in its sequence. */
  POSITIONS(Kind.INT32, "T"),
  /** Per token: the slot of its keys and values. */
  SLOTS(Kind.INT64, "T"),
  /** Per token: the length that rotary scaling goes by; empty without it. */
  LENGTHS(Kind.INT32, "T"),
  /** Per token: its temporal, vertical and horizontal position; empty if all are its position. */
  AXES(Kind.INT32, "3T"),
  /** Per token of the sequences with spans, which come last: later tokens that it sees. */
  AHEAD(Kind.INT32, "any"),
  /** Offsets of the sequences among the tokens, and their end. */
  CU_QUERIES(Kind.INT32, "N+1"),
  /** Per sequence: its first slot; and one value more, which flash attention asks for only. */
  KEY_STARTS(Kind.INT32, "N+1"),
  /** Per sequence: keys after the step. */
  KEY_LENGTHS(Kind.INT32, "N"),
  /**
   * Per sequence: where its first keys lie, too, in one place for all that begin alike; empty if no
   * block reads them there.
   */
  SHARED_STARTS(Kind.INT32, "N"),
  /** Per sequence: how many. */
  SHARED_LENGTHS(Kind.INT32, "N"),
  /** Per sequence: the cell that its recurrent state is read from. */
  STATE_SOURCES(Kind.INT64, "N"),
  /** Per sequence: the cell that its recurrent state is written to. */
  STATE_TARGETS(Kind.INT64, "N"),
  /** Tokens that take their input from the prompt embeddings, in order. */
  PROMPT_ROWS(Kind.INT64, "P"),
  /** Per such token: its id; -1 where it is none or is not known. */
  PROMPT_TOKENS(Kind.INT32, "P"),
  /** Tokens that deepstack features are added to. */
  DEEPSTACK_ROWS(Kind.INT64, "F"),
  /** The last token of each sequence that gets a new one. */
  SAMPLED_ROWS(Kind.INT32, "B"),
  /** The tokens whose sequence has an adapter, those of one adapter together. */
  ADAPTED_ROWS(Kind.INT32, "A"),
  /** Which of the sampled rows are drawn at random. */
  DRAWN_ROWS(Kind.INT32, "U"),
  /** The sampled rows with a bias. */
  BIASED_ROWS(Kind.INT32, "any"),
  /** Per row with a bias: its place. */
  BIASED_PLACES(Kind.INT32, "any"),
  /** Where biases go that come with this step. */
  NEW_BIASES(Kind.INT32, "C"),
  /** Per new bias: its tokens, then token 0 with a bias of 0. */
  NEW_BIAS_IDS(Kind.INT32, "C D"),
  /** Of each banned token, the sampled row. */
  BANNED_ROWS(Kind.INT32, "any"),
  /** Of each banned token, its id. */
  BANNED_IDS(Kind.INT32, "any"),
  /** The sampled rows with a mask that stays as it is. */
  BOUND_ROWS(Kind.INT32, "any"),
  /** Per row with such a mask: its place. */
  BOUND_PLACES(Kind.INT32, "any"),
  /** Where masks go that come with this step. */
  NEW_MASKS(Kind.INT32, "C"),
  /** Per new mask: a bit for each token that is allowed, lowest first, then zeros. */
  NEW_MASK_BITS(Kind.INT32, "C W"),
  /** The sampled rows some of whose tokens are not allowed in this step. */
  MASKED_ROWS(Kind.INT32, "K"),
  /** Per masked row: a bit for each token that is allowed, lowest first, then zeros. */
  MASKS(Kind.INT32, "K W"),
  /** The sampled rows with log-probabilities. */
  LOGPROB_ROWS(Kind.INT32, "K"),
  /** Per row with log-probabilities: the place of its list of tokens, if any has one. */
  LISTED_PLACES(Kind.INT32, "K"),
  /** Where lists of tokens go that come with this step. */
  NEW_LISTS(Kind.INT32, "C"),
  /** Per new list: its tokens, then zeros. */
  NEW_LIST_IDS(Kind.INT32, "C D"),
  /** Tokens of the step that are followed by a token of a prompt which is scored. */
  SCORED_ROWS(Kind.INT32, "Q"),
  /** Per scored token of a prompt: its id. */
  SCORED_IDS(Kind.INT32, "Q"),
  /** The sampled rows with penalties. */
  PENALISED_ROWS(Kind.INT32, "K"),
  /** Per row with penalties: the first slot whose token counts. */
  PENALISED_STARTS(Kind.INT32, "K"),
  /** Per row with penalties: tokens that count, one slot after another. */
  PENALISED_LENGTHS(Kind.INT32, "K"),
  /** Per row with penalties: how many of them, the first, are the prompt's. */
  PENALISED_PROMPTS(Kind.INT32, "K"),
  /** Slots copied before the step: where from. */
  MOVE_SOURCES(Kind.INT32, "any"),
  /** Slots copied before the step: where to. */
  MOVE_TARGETS(Kind.INT32, "any"),
  /** Bytes of the prompt embeddings, of the type that is a field of its own. */
  EMBEDS(Kind.BYTES, "P E"),
  /** Bytes of the deepstack features, of the type that is a field of its own. */
  DEEPSTACK(Kind.BYTES, "layers F E"),
  /** Per row drawn: temperature, top_k, top_p, min_p, uniform. On the CPU. */
  SAMPLING(Kind.FLOAT64, "U 5"),
  /** Per new bias and token of it: its value. On the CPU. */
  NEW_BIAS_VALUES(Kind.FLOAT64, "C D"),
  /** Per row with penalties: repetition, frequency, presence. On the CPU. */
  PENALTIES(Kind.FLOAT64, "K 3"),
  /** Per adapter of the step: its number, and how many tokens have it. On the CPU. */
  ADAPTERS(Kind.FLOAT64, "any");

  /** How a field travels. */
  enum Kind {
    /** An integer. */
    NUMBER,
    /** The integers that are left over: one field alone. */
    NUMBERS,
    /** A part of the one int32 tensor, on the device. */
    INT32,
    /** The same, made wide on the device. */
    INT64,
    /** A tensor of its own, on the device. */
    BYTES,
    /** A tensor of its own, on the CPU. */
    FLOAT64
  }

  private final Kind kind;
  private final String shape;

  StepField(Kind kind, String shape) {
    this.kind = kind;
    this.shape = shape;
  }

  Kind kind() {
    return kind;
  }

  /** Letters of {@code decoder.py}. */
  String shape() {
    return shape;
  }

  /** The name in TorchScript. */
  String attribute() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isPart() {
    return kind == Kind.INT32 || kind == Kind.INT64;
  }

  /** Fields of these kinds, in their order. */
  static List<StepField> of(Kind... kinds) {
    List<Kind> wanted = List.of(kinds);
    return Arrays.stream(values()).filter(field -> wanted.contains(field.kind)).toList();
  }

  /** Columns of {@link #SAMPLING}. */
  static final int SAMPLING_COLUMNS = 5;

  /** Columns of {@link #PENALTIES}. */
  static final int PENALTY_COLUMNS = 3;
}
