package org.promptembeds.generation.parameter;

import java.util.List;

/** Parameters of how a prompt is read. */
public final class PromptParameters {
  public static final Parameter<Integer> TRUNCATE_PROMPT_TOKENS =
      Parameter.optional(
              "truncate_prompt_tokens",
              ValueType.INTEGER,
              512,
              "Keep only so many positions at the end of the prompt, %s: -1 keeps what the context"
                  + " holds beside max_tokens. A prompt that is no longer stays as it is.")
          .bounded("-1 or at least 1", count -> count == -1 || count >= 1)
          .notOn(Surface.REMOTE, "servers cut texts, not embeddings: cut them by slice()");

  static final List<Parameter<?>> ALL = List.of(TRUNCATE_PROMPT_TOKENS);

  private PromptParameters() {}
}
