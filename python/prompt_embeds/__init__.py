"""Text from prompt embeddings, texts and chats, as functions of PySpark columns.

The session needs the jar ``spark-prompt-embeds-bundle``: ``--jars``, or the configuration
``spark.jars``. The functions are those of SQL, with their arguments as keywords::

    from prompt_embeds import generate_text

    chats.select("id", generate_text("messages", model="/models/llama", max_tokens=64))
"""

from prompt_embeds.from_embeds import (
    generate_from_embeds,
    generate_from_embeds_detail,
    try_generate_from_embeds,
)
from prompt_embeds.from_text import (
    generate_text,
    generate_text_detail,
    try_generate_text,
)
from prompt_embeds.prompts import (
    concat_embeds,
    detokenize,
    embed_chat,
    embed_prompt,
    embed_tokens,
    soft_prompt,
    to_base64_tensor,
    to_torch,
    token_ids,
    try_concat_embeds,
    try_embed_chat,
    try_embed_prompt,
    try_embed_tokens,
)

__all__ = [
    "concat_embeds",
    "detokenize",
    "embed_chat",
    "embed_prompt",
    "embed_tokens",
    "generate_from_embeds",
    "generate_from_embeds_detail",
    "generate_text",
    "generate_text_detail",
    "soft_prompt",
    "to_base64_tensor",
    "to_torch",
    "token_ids",
    "try_concat_embeds",
    "try_embed_chat",
    "try_embed_prompt",
    "try_embed_tokens",
    "try_generate_from_embeds",
    "try_generate_text",
]
