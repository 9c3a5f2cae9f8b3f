package org.promptembeds.torch;

/** The parts of the packed int32 input of a step, in their order. */
enum StepPart {
  /** Per token of the step: its id; 0 at prompt positions. */
  TOKEN_IDS,
  /** Per token: its position in its sequence. */
  POSITIONS,
  /** Per token: the slot of its keys and values. */
  SLOTS,
  /** Per token: the length that dynamic rotary scaling goes by; empty without it. */
  LENGTHS,
  /** Offsets of the sequences among the tokens, and their end. */
  CU_QUERIES,
  /** Per sequence: its first slot; and one value more, which flash attention asks for only. */
  KEY_STARTS,
  /** Per sequence: keys after the step. */
  KEY_LENGTHS,
  /** Tokens that take their input from the prompt embeddings, in order. */
  PROMPT_ROWS,
  /** The last token of each sequence that gets a new one. */
  SAMPLED_ROWS,
  /** Which of the sampled rows are drawn at random. */
  DRAWN_ROWS,
  /** Of each token with a bias, the sampled row. */
  BIASED_ROWS,
  /** Of each token with a bias, its id. */
  BIASED_IDS,
  /** Of each banned token, the sampled row. */
  BANNED_ROWS,
  /** Of each banned token, its id. */
  BANNED_IDS,
  /** Of each penalised token, the sampled row. */
  PENALISED_ROWS,
  /** Of each penalised token, its id. */
  PENALISED_IDS,
  /** Of each penalised token, how often the row has generated it. */
  PENALISED_COUNTS,
  /** Slots copied before the step: where from. */
  MOVE_SOURCES,
  /** Slots copied before the step: where to. */
  MOVE_TARGETS
}
