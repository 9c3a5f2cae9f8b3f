package org.promptembeds.options;

import java.util.List;

/**
 * A field of vLLM's {@code SamplingParams}, or of the requests that it is made of.
 *
 * @param name what vLLM calls it
 * @param absent its default there
 * @param note what differs here, and why; empty if nothing does
 */
record VllmParameter(String name, String absent, String note) {
  private static final String INTERNAL = "Not here: says how vLLM's own processes talk.";
  private static final String SERVER_FORM =
      "Not here: the engine gives pieces as they come; `stream` of the server is what asks for"
          + " them.";

  /** In the order of vLLM. */
  static final List<VllmParameter> ALL =
      List.of(
          of("n", "1", "At most 256; outputs of greedy rows are equal, and not refused."),
          of("best_of", "", "`best_of` of the server's completions; vLLM has given it up."),
          of("presence_penalty", "0", ""),
          of("frequency_penalty", "0", ""),
          of(
              "repetition_penalty",
              "1",
              "Counts the tokens of the prompt, as there, where it has any: not those of embeddings"
                  + " without `token_ids`."),
          of(
              "temperature",
              "1",
              "Greedy unless it is given, for answers of a query are to be the same each time; the"
                  + " server has OpenAI's 1. Not bounded by 2, and not raised to 0.01."),
          of("top_p", "1", ""),
          of("top_k", "0", ""),
          of("min_p", "0", ""),
          of(
              "seed",
              "random",
              "Without one, a row's seed is made of its content, so that a row that runs again"
                  + " gives the same output. -1 is a seed like any other."),
          of("stop", "", "As many as there may be stop strings is bounded by their length."),
          of(
              "stop_token_ids",
              "",
              "The text ends before such a token, also where it is no special one, unless"
                  + " `include_stop_str_in_output` is set."),
          of("ignore_eos", "false", ""),
          of("max_tokens", "16", "256; the server has OpenAI's 16, and the context for chats."),
          of("min_tokens", "0", "Stop strings before it are passed over, too."),
          of("logprobs", "", "Before penalties and temperature, as there. At most `maxLogprobs`."),
          of(
              "prompt_logprobs",
              "",
              "NULL at the first position and where there is no token. Not streamed."),
          of(
              "prompt_logprob_token_ids",
              "",
              "Not here: `prompt_logprobs => -1` tells of all tokens."),
          of("prompt_logprob_start", "", "Not here: a prompt is told of from its beginning."),
          of("logprob_token_ids", "", "Together with `logprobs`, as there, only of equal number."),
          of("flat_logprobs", "false", "Not here: saves objects of Python."),
          of("detokenize", "true", ""),
          of("skip_special_tokens", "true", ""),
          of("spaces_between_special_tokens", "true", ""),
          of("include_stop_str_in_output", "false", "Keeps the text of a stop token, too."),
          of("output_kind", "CUMULATIVE", SERVER_FORM),
          of("stream_interval", "", SERVER_FORM),
          of("skip_clone", "false", INTERNAL),
          of(
              "structured_outputs",
              "",
              "`choice`, `regex`, `json_object`, `json_schema` (`json` there), `grammar`,"
                  + " `structural_tag` and `disable_any_whitespace` are parameters of their own:"
                  + " [structured output](structured-output.md)."),
          of("logit_bias", "", "Out of [-100, 100] it is refused, not clipped; at most 300."),
          of("allowed_token_ids", "", ""),
          of("extra_args", "", "Not here: there are no plugins that would read them."),
          of(
              "bad_words",
              "",
              "A word after a space is banned whatever tokens it has there; vLLM leaves it out"
                  + " where they are more."),
          of(
              "skip_reading_prefix_cache",
              "",
              "Not here: rows with `prompt_logprobs` do not read it, as there."),
          of(
              "thinking_token_budget",
              "",
              "The marks are those of the tokenizer: `<think>`, `[THINK]`, `<seed:think>` or"
                  + " `<\\|START_THINKING\\|>` and its like, where each is one token; vLLM is told them."
                  + " Not with a form of the output."),
          of(
              "repetition_detection",
              "",
              "Patterns of at most 1024 tokens; larger ones are refused, where vLLM finds none."),
          of("routed_experts_prompt_start", "0", "Not here: routing is not told of."),
          of("trace_decode_token_ids", "", "Not here: replays outputs to debug vLLM."),
          of(
              "truncate_prompt_tokens",
              "",
              "Embeddings too; -1 leaves room for `max_tokens`. Not beside positions, spans and"
                  + " deepstack rows of a prompt."),
          of(
              "use_beam_search",
              "false",
              "`beam_width` above 1 asks for it; `serve` takes it too, `n` beams unless told."),
          of("length_penalty", "1", "Belongs to beam search."));

  private static VllmParameter of(String name, String absent, String note) {
    return new VllmParameter(name, absent, note);
  }
}
