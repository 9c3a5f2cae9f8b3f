"""Writes a GGUF file of random weights in the shape of Qwen2.5-0.5B, for measurements of llama.cpp.

Usage: python write_gguf.py TYPE FILE, with TYPE one of bf16, q8_0, q4_0. Needs numpy. The layout is that of GGUF's version 3;
vectors are float32, and under q4_0 the embedding table, which is the head too, is q8_0.
"""

import struct
import sys

import numpy as np

LAYERS, HIDDEN, INNER, HEADS, KEY_HEADS, VOCAB = 24, 896, 4864, 14, 2, 151936
KEYS = KEY_HEADS * HIDDEN // HEADS
ALIGNMENT = 32
TYPES = {"f32": 0, "q4_0": 2, "q8_0": 8, "bf16": 30}
BLOCK = 32  # weights that share a scale


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(item):
    if isinstance(item, str):
        return struct.pack("<I", 8) + string(item)
    if isinstance(item, float):
        return struct.pack("<If", 6, item)
    if isinstance(item, int):
        return struct.pack("<II", 4, item)
    kind, write = (8, string) if isinstance(item[0], str) else (5, lambda number: struct.pack("<i", number))
    return struct.pack("<IIQ", 9, kind, len(item)) + b"".join(map(write, item))


def weights(kind, shape, random):
    count = int(np.prod(shape))
    if kind == "f32":
        return (np.ones(count, "<f4") if len(shape) == 1 else random.standard_normal(count, "f4") * 0.02).tobytes()
    if kind == "bf16":
        return ((random.standard_normal(count, "f4") * 0.02).view("<u4") >> 16).astype("<u2").tobytes()
    width = BLOCK if kind == "q8_0" else BLOCK // 2
    blocks = np.empty((count // BLOCK, 2 + width), "u1")
    blocks[:, :2] = np.array([2e-4 if kind == "q8_0" else 3e-3], "<f2").view("u1")
    blocks[:, 2:] = random.integers(0, 256, (count // BLOCK, width), "u1")
    return blocks.tobytes()


def tensors(kind):
    yield "token_embd.weight", "q8_0" if kind == "q4_0" else kind, (HIDDEN, VOCAB)
    yield "output_norm.weight", "f32", (HIDDEN,)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        for name, size in ("attn_norm", HIDDEN), ("ffn_norm", HIDDEN):
            yield f"{prefix}{name}.weight", "f32", (size,)
        for name, size in ("attn_q", HIDDEN), ("attn_k", KEYS), ("attn_v", KEYS):
            yield f"{prefix}{name}.weight", kind, (HIDDEN, size)
            yield f"{prefix}{name}.bias", "f32", (size,)
        yield f"{prefix}attn_output.weight", kind, (HIDDEN, HIDDEN)
        yield f"{prefix}ffn_gate.weight", kind, (HIDDEN, INNER)
        yield f"{prefix}ffn_up.weight", kind, (HIDDEN, INNER)
        yield f"{prefix}ffn_down.weight", kind, (INNER, HIDDEN)


def main(kind, path):
    random = np.random.default_rng(0)
    settings = {
        "general.architecture": "qwen2",
        "qwen2.block_count": LAYERS,
        "qwen2.context_length": 32768,
        "qwen2.embedding_length": HIDDEN,
        "qwen2.feed_forward_length": INNER,
        "qwen2.attention.head_count": HEADS,
        "qwen2.attention.head_count_kv": KEY_HEADS,
        "qwen2.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen2.rope.freq_base": 1e6,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": [chr(33 + i) if i < 90 else f"t{i}" for i in range(VOCAB)],
        "tokenizer.ggml.token_type": [1] * VOCAB,
        "tokenizer.ggml.merges": ["t 1"],
        "tokenizer.ggml.eos_token_id": VOCAB - 1,
        "tokenizer.ggml.bos_token_id": VOCAB - 2,
    }
    data, infos = [], []
    offset = 0
    for name, form, shape in tensors(kind):
        content = weights(form, shape, random)
        infos.append(string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, TYPES[form], offset))
        content += bytes(-len(content) % ALIGNMENT)
        data.append(content)
        offset += len(content)
    with open(path, "wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(settings)))
        for key, item in settings.items():
            file.write(string(key) + value(item))
        for info in infos:
            file.write(info)
        file.write(bytes(-file.tell() % ALIGNMENT))
        for content in data:
            file.write(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
