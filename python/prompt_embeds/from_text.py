"""The SQL functions for columns. Made from the code by PythonFunctionsTest; do not edit."""

from typing import Optional

from pyspark.sql import Column

from prompt_embeds._call import (
    AnyOption,
    BoolOption,
    ColumnOrName,
    FloatOption,
    IntOption,
    StrOption,
    call,
)


def generate_text(
    prompt: ColumnOrName,
    *,
    model: Optional[str] = None,
    add_generation_prompt: BoolOption = None,
    tools: AnyOption = None,
    documents: AnyOption = None,
    variables: AnyOption = None,
    schema: StrOption = None,
    soft_prompt: StrOption = None,
    missing_inputs: AnyOption = None,
    max_tokens: IntOption = None,
    min_tokens: IntOption = None,
    stop: AnyOption = None,
    stop_token_ids: AnyOption = None,
    ignore_eos: BoolOption = None,
    include_stop_str_in_output: BoolOption = None,
    repetition_detection: AnyOption = None,
    temperature: FloatOption = None,
    top_p: FloatOption = None,
    top_k: IntOption = None,
    min_p: FloatOption = None,
    presence_penalty: FloatOption = None,
    frequency_penalty: FloatOption = None,
    repetition_penalty: FloatOption = None,
    logit_bias: AnyOption = None,
    allowed_token_ids: AnyOption = None,
    seed: IntOption = None,
    thinking_token_budget: IntOption = None,
    bad_words: AnyOption = None,
    n: IntOption = None,
    beam_width: IntOption = None,
    length_penalty: FloatOption = None,
    choice: AnyOption = None,
    regex: StrOption = None,
    json_object: BoolOption = None,
    json_schema: StrOption = None,
    grammar: StrOption = None,
    structural_tag: StrOption = None,
    disable_any_whitespace: BoolOption = None,
    logprobs: IntOption = None,
    logprob_token_ids: AnyOption = None,
    prompt_logprobs: IntOption = None,
    detokenize: BoolOption = None,
    skip_special_tokens: BoolOption = None,
    spaces_between_special_tokens: BoolOption = None,
    truncate_prompt_tokens: IntOption = None,
    lora: StrOption = None,
) -> Column:
    r"""Give the text that the model generates for a text, or for a chat written by the model's chat
    template. A row at fault fails the query. A call that gives n returns an array of them.

    Args:
        prompt: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        add_generation_prompt: Whether the prompt ends where the assistant begins to speak.
        tools: What the chat template sees as `tools`: JSON text, or an array of structs or maps.
        documents: What the chat template sees as `documents`: JSON text, or an array of structs or
            maps.
        variables: Further variables of the chat template, such as `enable_thinking`: a JSON object,
            a struct or a map.
        schema: Type of the result, such as `name STRING, age INT`, or the JSON of a `StructType`:
            the output is JSON that fulfils it (see `json_schema`), read by `from_json`; in a
            detailed result it is the field `value`. A constant; all fields are given.
        soft_prompt: Soft prompt to put before the embeddings: directory (path or URI) of a
            prompt-tuning or p-tuning adapter of PEFT, or a name configured as
            `spark.promptembeds.softPrompts.<name>`; NULL is none.
        missing_inputs: What becomes of a row without a part that its model needs: `error`, or
            `as_text` to go on as the model's own library does without it.
        max_tokens: Most tokens to generate, at least 1.
        min_tokens: Fewest tokens before an end-of-sequence or stop token may be chosen, at least 0.
        stop: Strings that end the generation and are cut from the text.
        stop_token_ids: Token ids that end the generation.
        ignore_eos: Treats the model's end-of-sequence tokens as ordinary tokens.
        include_stop_str_in_output: Leaves what ended the generation, a stop string or the text of a
            stop token, in the text.
        repetition_detection: Ends an output that repeats itself, for the reason repetition:
            min_count times or more the same min_pattern_size (1) to max_pattern_size tokens at its
            end.
        temperature: 0 is greedy; otherwise logits are divided by it.
        top_p: Samples from the smallest set of tokens whose probability reaches this, in (0, 1].
        top_k: Samples from the k most likely tokens; 0 or -1 keeps all.
        min_p: Drops tokens less likely than this share of the most likely one, in [0, 1].
        presence_penalty: Taken from the logit of every token that the output has so far, in [-2,
            2].
        frequency_penalty: Taken from a token's logit for each time that the output has it so far,
            in [-2, 2].
        repetition_penalty: Divides the positive and multiplies the negative logits of tokens that
            the prompt or the output has so far, a finite number above 0; embeddings have the tokens
            of token_ids alone.
        logit_bias: Added to the logits of tokens, -100 to 100 for each of at most 300 token ids;
            -100 bans a token, 100 all others.
        allowed_token_ids: Token ids of which the output is made, end-of-sequence tokens included;
            all without it.
        seed: Seed of the row's random numbers; without it one is derived from the row's content.
        thinking_token_budget: Most tokens between the model's marks of thinking, such as <think>
            and </think>, at least 0, or -1 for any number; then the mark that ends it is what comes
            next.
        bad_words: Words that are not generated: the token that would complete one, at the start of
            the text or after a space, is banned; at most 1000.
        n: Outputs of each prompt, in [1, 256], which share what is computed of it; the i-th of
            them, from 0, is sampled with the seed plus i.
        beam_width: Beams of a search for the outputs with the highest log-probability over length,
            the best n of which are returned, in [1, 256]; 1 searches none.
        length_penalty: Power of the length by which a beam's log-probability is divided, in [-5,
            5]: above 0 longer outputs are preferred, below 0 shorter ones; without beams it has no
            influence.
        choice: The output is one of these strings.
        regex: The output is a string that this regular expression matches from end to end.
        json_object: The output is a JSON object.
        json_schema: The output is a JSON value that fulfils this JSON Schema; see [structured
            output](structured-output.md).
        grammar: The output is a text of this grammar in GBNF, as llama.cpp has it.
        structural_tag: The output is text, parts of which have a form: JSON as vLLM takes it.
        disable_any_whitespace: JSON that is asked for has a space behind each comma and colon, and
            no other white space.
        logprobs: Log-probabilities returned per token besides the chosen one's and its rank, at
            least 0, or -1 for the whole vocabulary; none without it.
        logprob_token_ids: Token ids whose log-probabilities are returned per token, at most 128,
            instead of those of the most likely.
        prompt_logprobs: Log-probabilities returned per token of the prompt besides its own and its
            rank, at least 0, or -1 for the whole vocabulary, for prompts that have tokens: texts,
            chats, and embeddings with token_ids; none without it.
        detokenize: Makes a text of the tokens; without it there are token ids only, and no stop
            strings.
        skip_special_tokens: Leaves special tokens, such as those of roles in a chat, out of the
            text.
        spaces_between_special_tokens: Puts spaces between special tokens that stay in the text,
            where the tokenizer puts them between words.
        truncate_prompt_tokens: Keep only so many positions at the end of the prompt, -1 or at least
            1: -1 keeps what the context holds beside max_tokens. A prompt that is no longer stays
            as it is.
        lora: LoRA adapter of PEFT that changes the model for the row: directory (path or URI), or a
            name of `loraModules`; of a server the name of a model that it lists, which requests
            have as their `model`. NULL is none.
    """
    options = {
        "model": model,
        "add_generation_prompt": add_generation_prompt,
        "tools": tools,
        "documents": documents,
        "variables": variables,
        "schema": schema,
        "soft_prompt": soft_prompt,
        "missing_inputs": missing_inputs,
        "max_tokens": max_tokens,
        "min_tokens": min_tokens,
        "stop": stop,
        "stop_token_ids": stop_token_ids,
        "ignore_eos": ignore_eos,
        "include_stop_str_in_output": include_stop_str_in_output,
        "repetition_detection": repetition_detection,
        "temperature": temperature,
        "top_p": top_p,
        "top_k": top_k,
        "min_p": min_p,
        "presence_penalty": presence_penalty,
        "frequency_penalty": frequency_penalty,
        "repetition_penalty": repetition_penalty,
        "logit_bias": logit_bias,
        "allowed_token_ids": allowed_token_ids,
        "seed": seed,
        "thinking_token_budget": thinking_token_budget,
        "bad_words": bad_words,
        "n": n,
        "beam_width": beam_width,
        "length_penalty": length_penalty,
        "choice": choice,
        "regex": regex,
        "json_object": json_object,
        "json_schema": json_schema,
        "grammar": grammar,
        "structural_tag": structural_tag,
        "disable_any_whitespace": disable_any_whitespace,
        "logprobs": logprobs,
        "logprob_token_ids": logprob_token_ids,
        "prompt_logprobs": prompt_logprobs,
        "detokenize": detokenize,
        "skip_special_tokens": skip_special_tokens,
        "spaces_between_special_tokens": spaces_between_special_tokens,
        "truncate_prompt_tokens": truncate_prompt_tokens,
        "lora": lora,
    }
    return call("generate_text", [prompt], options)


def try_generate_text(
    prompt: ColumnOrName,
    *,
    model: Optional[str] = None,
    add_generation_prompt: BoolOption = None,
    tools: AnyOption = None,
    documents: AnyOption = None,
    variables: AnyOption = None,
    schema: StrOption = None,
    soft_prompt: StrOption = None,
    missing_inputs: AnyOption = None,
    max_tokens: IntOption = None,
    min_tokens: IntOption = None,
    stop: AnyOption = None,
    stop_token_ids: AnyOption = None,
    ignore_eos: BoolOption = None,
    include_stop_str_in_output: BoolOption = None,
    repetition_detection: AnyOption = None,
    temperature: FloatOption = None,
    top_p: FloatOption = None,
    top_k: IntOption = None,
    min_p: FloatOption = None,
    presence_penalty: FloatOption = None,
    frequency_penalty: FloatOption = None,
    repetition_penalty: FloatOption = None,
    logit_bias: AnyOption = None,
    allowed_token_ids: AnyOption = None,
    seed: IntOption = None,
    thinking_token_budget: IntOption = None,
    bad_words: AnyOption = None,
    n: IntOption = None,
    beam_width: IntOption = None,
    length_penalty: FloatOption = None,
    choice: AnyOption = None,
    regex: StrOption = None,
    json_object: BoolOption = None,
    json_schema: StrOption = None,
    grammar: StrOption = None,
    structural_tag: StrOption = None,
    disable_any_whitespace: BoolOption = None,
    logprobs: IntOption = None,
    logprob_token_ids: AnyOption = None,
    prompt_logprobs: IntOption = None,
    detokenize: BoolOption = None,
    skip_special_tokens: BoolOption = None,
    spaces_between_special_tokens: BoolOption = None,
    truncate_prompt_tokens: IntOption = None,
    lora: StrOption = None,
) -> Column:
    r"""Give the text that the model generates for a text, or for a chat written by the model's chat
    template, or NULL for a row at fault. A call that gives n returns an array of them.

    Args:
        prompt: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        add_generation_prompt: Whether the prompt ends where the assistant begins to speak.
        tools: What the chat template sees as `tools`: JSON text, or an array of structs or maps.
        documents: What the chat template sees as `documents`: JSON text, or an array of structs or
            maps.
        variables: Further variables of the chat template, such as `enable_thinking`: a JSON object,
            a struct or a map.
        schema: Type of the result, such as `name STRING, age INT`, or the JSON of a `StructType`:
            the output is JSON that fulfils it (see `json_schema`), read by `from_json`; in a
            detailed result it is the field `value`. A constant; all fields are given.
        soft_prompt: Soft prompt to put before the embeddings: directory (path or URI) of a
            prompt-tuning or p-tuning adapter of PEFT, or a name configured as
            `spark.promptembeds.softPrompts.<name>`; NULL is none.
        missing_inputs: What becomes of a row without a part that its model needs: `error`, or
            `as_text` to go on as the model's own library does without it.
        max_tokens: Most tokens to generate, at least 1.
        min_tokens: Fewest tokens before an end-of-sequence or stop token may be chosen, at least 0.
        stop: Strings that end the generation and are cut from the text.
        stop_token_ids: Token ids that end the generation.
        ignore_eos: Treats the model's end-of-sequence tokens as ordinary tokens.
        include_stop_str_in_output: Leaves what ended the generation, a stop string or the text of a
            stop token, in the text.
        repetition_detection: Ends an output that repeats itself, for the reason repetition:
            min_count times or more the same min_pattern_size (1) to max_pattern_size tokens at its
            end.
        temperature: 0 is greedy; otherwise logits are divided by it.
        top_p: Samples from the smallest set of tokens whose probability reaches this, in (0, 1].
        top_k: Samples from the k most likely tokens; 0 or -1 keeps all.
        min_p: Drops tokens less likely than this share of the most likely one, in [0, 1].
        presence_penalty: Taken from the logit of every token that the output has so far, in [-2,
            2].
        frequency_penalty: Taken from a token's logit for each time that the output has it so far,
            in [-2, 2].
        repetition_penalty: Divides the positive and multiplies the negative logits of tokens that
            the prompt or the output has so far, a finite number above 0; embeddings have the tokens
            of token_ids alone.
        logit_bias: Added to the logits of tokens, -100 to 100 for each of at most 300 token ids;
            -100 bans a token, 100 all others.
        allowed_token_ids: Token ids of which the output is made, end-of-sequence tokens included;
            all without it.
        seed: Seed of the row's random numbers; without it one is derived from the row's content.
        thinking_token_budget: Most tokens between the model's marks of thinking, such as <think>
            and </think>, at least 0, or -1 for any number; then the mark that ends it is what comes
            next.
        bad_words: Words that are not generated: the token that would complete one, at the start of
            the text or after a space, is banned; at most 1000.
        n: Outputs of each prompt, in [1, 256], which share what is computed of it; the i-th of
            them, from 0, is sampled with the seed plus i.
        beam_width: Beams of a search for the outputs with the highest log-probability over length,
            the best n of which are returned, in [1, 256]; 1 searches none.
        length_penalty: Power of the length by which a beam's log-probability is divided, in [-5,
            5]: above 0 longer outputs are preferred, below 0 shorter ones; without beams it has no
            influence.
        choice: The output is one of these strings.
        regex: The output is a string that this regular expression matches from end to end.
        json_object: The output is a JSON object.
        json_schema: The output is a JSON value that fulfils this JSON Schema; see [structured
            output](structured-output.md).
        grammar: The output is a text of this grammar in GBNF, as llama.cpp has it.
        structural_tag: The output is text, parts of which have a form: JSON as vLLM takes it.
        disable_any_whitespace: JSON that is asked for has a space behind each comma and colon, and
            no other white space.
        logprobs: Log-probabilities returned per token besides the chosen one's and its rank, at
            least 0, or -1 for the whole vocabulary; none without it.
        logprob_token_ids: Token ids whose log-probabilities are returned per token, at most 128,
            instead of those of the most likely.
        prompt_logprobs: Log-probabilities returned per token of the prompt besides its own and its
            rank, at least 0, or -1 for the whole vocabulary, for prompts that have tokens: texts,
            chats, and embeddings with token_ids; none without it.
        detokenize: Makes a text of the tokens; without it there are token ids only, and no stop
            strings.
        skip_special_tokens: Leaves special tokens, such as those of roles in a chat, out of the
            text.
        spaces_between_special_tokens: Puts spaces between special tokens that stay in the text,
            where the tokenizer puts them between words.
        truncate_prompt_tokens: Keep only so many positions at the end of the prompt, -1 or at least
            1: -1 keeps what the context holds beside max_tokens. A prompt that is no longer stays
            as it is.
        lora: LoRA adapter of PEFT that changes the model for the row: directory (path or URI), or a
            name of `loraModules`; of a server the name of a model that it lists, which requests
            have as their `model`. NULL is none.
    """
    options = {
        "model": model,
        "add_generation_prompt": add_generation_prompt,
        "tools": tools,
        "documents": documents,
        "variables": variables,
        "schema": schema,
        "soft_prompt": soft_prompt,
        "missing_inputs": missing_inputs,
        "max_tokens": max_tokens,
        "min_tokens": min_tokens,
        "stop": stop,
        "stop_token_ids": stop_token_ids,
        "ignore_eos": ignore_eos,
        "include_stop_str_in_output": include_stop_str_in_output,
        "repetition_detection": repetition_detection,
        "temperature": temperature,
        "top_p": top_p,
        "top_k": top_k,
        "min_p": min_p,
        "presence_penalty": presence_penalty,
        "frequency_penalty": frequency_penalty,
        "repetition_penalty": repetition_penalty,
        "logit_bias": logit_bias,
        "allowed_token_ids": allowed_token_ids,
        "seed": seed,
        "thinking_token_budget": thinking_token_budget,
        "bad_words": bad_words,
        "n": n,
        "beam_width": beam_width,
        "length_penalty": length_penalty,
        "choice": choice,
        "regex": regex,
        "json_object": json_object,
        "json_schema": json_schema,
        "grammar": grammar,
        "structural_tag": structural_tag,
        "disable_any_whitespace": disable_any_whitespace,
        "logprobs": logprobs,
        "logprob_token_ids": logprob_token_ids,
        "prompt_logprobs": prompt_logprobs,
        "detokenize": detokenize,
        "skip_special_tokens": skip_special_tokens,
        "spaces_between_special_tokens": spaces_between_special_tokens,
        "truncate_prompt_tokens": truncate_prompt_tokens,
        "lora": lora,
    }
    return call("try_generate_text", [prompt], options)


def generate_text_detail(
    prompt: ColumnOrName,
    *,
    model: Optional[str] = None,
    add_generation_prompt: BoolOption = None,
    tools: AnyOption = None,
    documents: AnyOption = None,
    variables: AnyOption = None,
    schema: StrOption = None,
    soft_prompt: StrOption = None,
    missing_inputs: AnyOption = None,
    max_tokens: IntOption = None,
    min_tokens: IntOption = None,
    stop: AnyOption = None,
    stop_token_ids: AnyOption = None,
    ignore_eos: BoolOption = None,
    include_stop_str_in_output: BoolOption = None,
    repetition_detection: AnyOption = None,
    temperature: FloatOption = None,
    top_p: FloatOption = None,
    top_k: IntOption = None,
    min_p: FloatOption = None,
    presence_penalty: FloatOption = None,
    frequency_penalty: FloatOption = None,
    repetition_penalty: FloatOption = None,
    logit_bias: AnyOption = None,
    allowed_token_ids: AnyOption = None,
    seed: IntOption = None,
    thinking_token_budget: IntOption = None,
    bad_words: AnyOption = None,
    n: IntOption = None,
    beam_width: IntOption = None,
    length_penalty: FloatOption = None,
    choice: AnyOption = None,
    regex: StrOption = None,
    json_object: BoolOption = None,
    json_schema: StrOption = None,
    grammar: StrOption = None,
    structural_tag: StrOption = None,
    disable_any_whitespace: BoolOption = None,
    logprobs: IntOption = None,
    logprob_token_ids: AnyOption = None,
    prompt_logprobs: IntOption = None,
    detokenize: BoolOption = None,
    skip_special_tokens: BoolOption = None,
    spaces_between_special_tokens: BoolOption = None,
    truncate_prompt_tokens: IntOption = None,
    lora: StrOption = None,
) -> Column:
    r"""Give a struct of text, token_ids, finish_reason, prompt_tokens, completion_tokens, logprobs,
    prompt_logprobs and error. A row at fault has only error. A call that gives n returns an array
    of them.

    Args:
        prompt: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        add_generation_prompt: Whether the prompt ends where the assistant begins to speak.
        tools: What the chat template sees as `tools`: JSON text, or an array of structs or maps.
        documents: What the chat template sees as `documents`: JSON text, or an array of structs or
            maps.
        variables: Further variables of the chat template, such as `enable_thinking`: a JSON object,
            a struct or a map.
        schema: Type of the result, such as `name STRING, age INT`, or the JSON of a `StructType`:
            the output is JSON that fulfils it (see `json_schema`), read by `from_json`; in a
            detailed result it is the field `value`. A constant; all fields are given.
        soft_prompt: Soft prompt to put before the embeddings: directory (path or URI) of a
            prompt-tuning or p-tuning adapter of PEFT, or a name configured as
            `spark.promptembeds.softPrompts.<name>`; NULL is none.
        missing_inputs: What becomes of a row without a part that its model needs: `error`, or
            `as_text` to go on as the model's own library does without it.
        max_tokens: Most tokens to generate, at least 1.
        min_tokens: Fewest tokens before an end-of-sequence or stop token may be chosen, at least 0.
        stop: Strings that end the generation and are cut from the text.
        stop_token_ids: Token ids that end the generation.
        ignore_eos: Treats the model's end-of-sequence tokens as ordinary tokens.
        include_stop_str_in_output: Leaves what ended the generation, a stop string or the text of a
            stop token, in the text.
        repetition_detection: Ends an output that repeats itself, for the reason repetition:
            min_count times or more the same min_pattern_size (1) to max_pattern_size tokens at its
            end.
        temperature: 0 is greedy; otherwise logits are divided by it.
        top_p: Samples from the smallest set of tokens whose probability reaches this, in (0, 1].
        top_k: Samples from the k most likely tokens; 0 or -1 keeps all.
        min_p: Drops tokens less likely than this share of the most likely one, in [0, 1].
        presence_penalty: Taken from the logit of every token that the output has so far, in [-2,
            2].
        frequency_penalty: Taken from a token's logit for each time that the output has it so far,
            in [-2, 2].
        repetition_penalty: Divides the positive and multiplies the negative logits of tokens that
            the prompt or the output has so far, a finite number above 0; embeddings have the tokens
            of token_ids alone.
        logit_bias: Added to the logits of tokens, -100 to 100 for each of at most 300 token ids;
            -100 bans a token, 100 all others.
        allowed_token_ids: Token ids of which the output is made, end-of-sequence tokens included;
            all without it.
        seed: Seed of the row's random numbers; without it one is derived from the row's content.
        thinking_token_budget: Most tokens between the model's marks of thinking, such as <think>
            and </think>, at least 0, or -1 for any number; then the mark that ends it is what comes
            next.
        bad_words: Words that are not generated: the token that would complete one, at the start of
            the text or after a space, is banned; at most 1000.
        n: Outputs of each prompt, in [1, 256], which share what is computed of it; the i-th of
            them, from 0, is sampled with the seed plus i.
        beam_width: Beams of a search for the outputs with the highest log-probability over length,
            the best n of which are returned, in [1, 256]; 1 searches none.
        length_penalty: Power of the length by which a beam's log-probability is divided, in [-5,
            5]: above 0 longer outputs are preferred, below 0 shorter ones; without beams it has no
            influence.
        choice: The output is one of these strings.
        regex: The output is a string that this regular expression matches from end to end.
        json_object: The output is a JSON object.
        json_schema: The output is a JSON value that fulfils this JSON Schema; see [structured
            output](structured-output.md).
        grammar: The output is a text of this grammar in GBNF, as llama.cpp has it.
        structural_tag: The output is text, parts of which have a form: JSON as vLLM takes it.
        disable_any_whitespace: JSON that is asked for has a space behind each comma and colon, and
            no other white space.
        logprobs: Log-probabilities returned per token besides the chosen one's and its rank, at
            least 0, or -1 for the whole vocabulary; none without it.
        logprob_token_ids: Token ids whose log-probabilities are returned per token, at most 128,
            instead of those of the most likely.
        prompt_logprobs: Log-probabilities returned per token of the prompt besides its own and its
            rank, at least 0, or -1 for the whole vocabulary, for prompts that have tokens: texts,
            chats, and embeddings with token_ids; none without it.
        detokenize: Makes a text of the tokens; without it there are token ids only, and no stop
            strings.
        skip_special_tokens: Leaves special tokens, such as those of roles in a chat, out of the
            text.
        spaces_between_special_tokens: Puts spaces between special tokens that stay in the text,
            where the tokenizer puts them between words.
        truncate_prompt_tokens: Keep only so many positions at the end of the prompt, -1 or at least
            1: -1 keeps what the context holds beside max_tokens. A prompt that is no longer stays
            as it is.
        lora: LoRA adapter of PEFT that changes the model for the row: directory (path or URI), or a
            name of `loraModules`; of a server the name of a model that it lists, which requests
            have as their `model`. NULL is none.
    """
    options = {
        "model": model,
        "add_generation_prompt": add_generation_prompt,
        "tools": tools,
        "documents": documents,
        "variables": variables,
        "schema": schema,
        "soft_prompt": soft_prompt,
        "missing_inputs": missing_inputs,
        "max_tokens": max_tokens,
        "min_tokens": min_tokens,
        "stop": stop,
        "stop_token_ids": stop_token_ids,
        "ignore_eos": ignore_eos,
        "include_stop_str_in_output": include_stop_str_in_output,
        "repetition_detection": repetition_detection,
        "temperature": temperature,
        "top_p": top_p,
        "top_k": top_k,
        "min_p": min_p,
        "presence_penalty": presence_penalty,
        "frequency_penalty": frequency_penalty,
        "repetition_penalty": repetition_penalty,
        "logit_bias": logit_bias,
        "allowed_token_ids": allowed_token_ids,
        "seed": seed,
        "thinking_token_budget": thinking_token_budget,
        "bad_words": bad_words,
        "n": n,
        "beam_width": beam_width,
        "length_penalty": length_penalty,
        "choice": choice,
        "regex": regex,
        "json_object": json_object,
        "json_schema": json_schema,
        "grammar": grammar,
        "structural_tag": structural_tag,
        "disable_any_whitespace": disable_any_whitespace,
        "logprobs": logprobs,
        "logprob_token_ids": logprob_token_ids,
        "prompt_logprobs": prompt_logprobs,
        "detokenize": detokenize,
        "skip_special_tokens": skip_special_tokens,
        "spaces_between_special_tokens": spaces_between_special_tokens,
        "truncate_prompt_tokens": truncate_prompt_tokens,
        "lora": lora,
    }
    return call("generate_text_detail", [prompt], options)
