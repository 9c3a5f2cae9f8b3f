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


def token_ids(
    text: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the token ids of text, with the special tokens that the model's tokenizer adds. NULL
    gives NULL. A row at fault fails the query.

    Args:
        text: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("token_ids", [text], options)


def detokenize(
    token_ids: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the text, without special tokens, of token ids. NULL gives NULL. A row at fault fails
    the query.

    Args:
        token_ids: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("detokenize", [token_ids], options)


def embed_tokens(
    token_ids: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of token
    ids. NULL gives NULL. A row at fault fails the query.

    Args:
        token_ids: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("embed_tokens", [token_ids], options)


def try_embed_tokens(
    token_ids: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of token
    ids. NULL gives NULL. A row at fault gives NULL.

    Args:
        token_ids: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("try_embed_tokens", [token_ids], options)


def embed_prompt(
    text: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of text,
    with the special tokens that the model's tokenizer adds. NULL gives NULL. A row at fault fails
    the query.

    Args:
        text: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("embed_prompt", [text], options)


def try_embed_prompt(
    text: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of text,
    with the special tokens that the model's tokenizer adds. NULL gives NULL. A row at fault gives
    NULL.

    Args:
        text: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("try_embed_prompt", [text], options)


def embed_chat(
    messages: ColumnOrName,
    *,
    model: Optional[str] = None,
    add_generation_prompt: BoolOption = None,
    tools: AnyOption = None,
    documents: AnyOption = None,
    variables: AnyOption = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of a
    chat, written by the model's chat template. NULL gives NULL. A row at fault fails the query.

    Args:
        messages: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        add_generation_prompt: Whether the prompt ends where the assistant begins to speak.
        tools: What the chat template sees as `tools`: JSON text, or an array of structs or maps.
        documents: What the chat template sees as `documents`: JSON text, or an array of structs or
            maps.
        variables: Further variables of the chat template, such as `enable_thinking`: a JSON object,
            a struct or a map.
    """
    options = {
        "model": model,
        "add_generation_prompt": add_generation_prompt,
        "tools": tools,
        "documents": documents,
        "variables": variables,
    }
    return call("embed_chat", [messages], options)


def try_embed_chat(
    messages: ColumnOrName,
    *,
    model: Optional[str] = None,
    add_generation_prompt: BoolOption = None,
    tools: AnyOption = None,
    documents: AnyOption = None,
    variables: AnyOption = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of a
    chat, written by the model's chat template. NULL gives NULL. A row at fault gives NULL.

    Args:
        messages: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        add_generation_prompt: Whether the prompt ends where the assistant begins to speak.
        tools: What the chat template sees as `tools`: JSON text, or an array of structs or maps.
        documents: What the chat template sees as `documents`: JSON text, or an array of structs or
            maps.
        variables: Further variables of the chat template, such as `enable_thinking`: a JSON object,
            a struct or a map.
    """
    options = {
        "model": model,
        "add_generation_prompt": add_generation_prompt,
        "tools": tools,
        "documents": documents,
        "variables": variables,
    }
    return call("try_embed_chat", [messages], options)


def soft_prompt(
    path: ColumnOrName,
    *,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of a soft
    prompt: a prompt-tuning or p-tuning adapter of PEFT. NULL gives NULL. A row at fault fails the
    query.

    Args:
        path: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("soft_prompt", [path], options)


def concat_embeds(
    *part: ColumnOrName,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of its
    parts, one after the other; text gets no special tokens from the tokenizer. NULL gives NULL. A
    row at fault fails the query.

    Args:
        part: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("concat_embeds", [*part], options)


def try_concat_embeds(
    *part: ColumnOrName,
    model: Optional[str] = None,
) -> Column:
    r"""Give the prompt embeddings, a flat array of (sequence_length, hidden_size) floats, of its
    parts, one after the other; text gets no special tokens from the tokenizer. NULL gives NULL. A
    row at fault gives NULL.

    Args:
        part: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
    """
    options = {
        "model": model,
    }
    return call("try_concat_embeds", [*part], options)


def to_torch(
    embeds: ColumnOrName,
    *,
    model: Optional[str] = None,
    hidden_size: IntOption = None,
    dtype: AnyOption = None,
) -> Column:
    r"""Give the bytes that torch.save writes for embeddings, as vLLM and others take them in
    prompt_embeds. NULL gives NULL. A row at fault fails the query.

    Args:
        embeds: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        hidden_size: Length of the embedding vectors, such as the column of that name that tensor
            files have; without it flat embeddings are cut by the model's.
        dtype: Type of the tensor's elements.
    """
    options = {
        "model": model,
        "hidden_size": hidden_size,
        "dtype": dtype,
    }
    return call("to_torch", [embeds], options)


def to_base64_tensor(
    embeds: ColumnOrName,
    *,
    model: Optional[str] = None,
    hidden_size: IntOption = None,
    dtype: AnyOption = None,
) -> Column:
    r"""Give the base64 of the bytes that torch.save writes for embeddings, as vLLM and others take
    them in prompt_embeds. NULL gives NULL. A row at fault fails the query.

    Args:
        embeds: the input, a column or the name of one
        model: Model directory (path or URI), to generate also a server
            (`http://host:8000/v1#name`), or a name configured as
            `spark.promptembeds.models.<name>`; without it `spark.promptembeds.model` is used.
        hidden_size: Length of the embedding vectors, such as the column of that name that tensor
            files have; without it flat embeddings are cut by the model's.
        dtype: Type of the tensor's elements.
    """
    options = {
        "model": model,
        "hidden_size": hidden_size,
        "dtype": dtype,
    }
    return call("to_base64_tensor", [embeds], options)
