"""Makes the fixtures of quantised checkpoints: tiny random models and what transformers computes with the
weights that they stand for.

    python generate_quantized.py OUTPUT_DIRECTORY [--only NAME,NAME]

needs what generate_golden.py needs, whose form the directories have. The tensors are packed by the layouts'
own definitions (quantized_layouts.py).
"""

import argparse
import json
import shutil
import zlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import generate_golden as golden
import golden_formats
import quantized_layouts as layouts
import torch
from golden_case import Case
from safetensors.torch import save_file

SIZES = {"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_key_value_heads": 2}
MIXTURE = SIZES | {"moe_intermediate_size": 64, "num_experts": 4, "num_experts_per_tok": 2, "head_dim": 16}
GPT_OSS = SIZES | {"intermediate_size": 64, "num_local_experts": 4, "num_experts_per_tok": 2, "head_dim": 16}


def compressed(weights, **more):
    group = {"targets": ["Linear"], "weights": weights}
    return {"quant_method": "compressed-tensors", "config_groups": {"group_0": group}, "ignore": ["lm_head"], **more}


def alternating(name, weight):
    """Two groups of one checkpoint: what attends in 8 bits, what feeds forward in 4."""
    bits = 8 if "self_attn" in name else 4
    return layouts.packed(name, weight, bits, 32)


@dataclass
class Quantized:
    """A model whose linear layers are packed by a layout."""

    name: str
    layout: object
    config: dict
    model_type: str = "llama"
    sizes: dict = field(default_factory=lambda: SIZES)
    left: tuple = ()  # parts of names that are not quantised


CASES = [
    Quantized("fp8-tensor-static", layouts.fp8_tensor, compressed({"num_bits": 8, "type": "float", "strategy": "tensor"})),
    Quantized(
        "fp8-channel",
        layouts.fp8_channel,
        compressed({"num_bits": 8, "type": "float", "strategy": "channel"}, kv_cache_scheme={"num_bits": 8, "type": "float"}),
    ),
    Quantized(
        "fp8-block",
        partial(layouts.fp8_blocks, size=(48, 24), suffix=".weight_scale"),
        compressed({"num_bits": 8, "type": "float", "strategy": "block", "block_structure": [48, 24]}),
    ),
    Quantized(
        "fp8-deepseek",
        partial(layouts.fp8_blocks, size=(48, 48), suffix=".weight_scale_inv"),
        {"quant_method": "fp8", "weight_block_size": [48, 48], "modules_to_not_convert": ["model.layers.0.mlp.up_proj"]},
        left=("layers.0.mlp.up_proj",),
    ),
    Quantized(
        "fp8-experts",
        partial(layouts.fp8_blocks, size=(48, 48), suffix=".weight_scale_inv"),
        {"quant_method": "fp8", "weight_block_size": [48, 48]},
        "qwen3_moe",
        MIXTURE,
        ("mlp.gate",),
    ),
    Quantized("int8-channel", layouts.int8_channel, compressed({"num_bits": 8, "type": "int", "strategy": "channel"})),
    Quantized("packed-4", partial(layouts.packed, bits=4, size=32), compressed({"num_bits": 4, "group_size": 32})),
    Quantized(
        "packed-4-zeros",
        partial(layouts.packed, bits=4, size=32, symmetric=False),
        compressed({"num_bits": 4, "group_size": 32, "symmetric": False}),
    ),
    Quantized(
        "packed-4-ordered",
        partial(layouts.packed, bits=4, size=32, order=True),
        compressed({"num_bits": 4, "group_size": 32, "actorder": "group"}),
    ),
    Quantized("packed-8", partial(layouts.packed, bits=8, size=64), compressed({"num_bits": 8, "strategy": "channel"})),
    Quantized("packed-mixed", alternating, compressed({"num_bits": 4}, ignore=["re:.*down_proj"]), left=("down_proj",)),
    Quantized(
        "packed-4-experts",
        partial(layouts.packed, bits=4, size=32),
        compressed({"num_bits": 4, "group_size": 32}),
        "qwen3_moe",
        MIXTURE,
        ("mlp.gate",),
    ),
    Quantized("gptq-4", partial(layouts.gptq, bits=4, size=32), {"quant_method": "gptq", "bits": 4, "group_size": 32}),
    Quantized(
        "gptq-4-ordered",
        partial(layouts.gptq, bits=4, size=32, order=True),
        {"quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": True},
    ),
    Quantized(
        "gptq-2-v2",
        partial(layouts.gptq, bits=2, size=32, version=2),
        {"quant_method": "gptq", "bits": 2, "group_size": 32, "checkpoint_format": "gptq_v2"},
    ),
    Quantized(
        "gptq-8",
        partial(layouts.gptq, bits=8, size=64, symmetric=True),
        {"quant_method": "gptq", "bits": 8, "group_size": 64, "sym": True},
    ),
    Quantized("awq", partial(layouts.awq, size=32), {"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm"}),
    Quantized("mxfp4-packed", layouts.mxfp4_packed, compressed({"num_bits": 4, "type": "float", "group_size": 32})),
    Quantized(
        "mxfp4-gpt-oss",
        layouts.mxfp4_experts,
        {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"]},
        "gpt_oss",
        GPT_OSS,
    ),
    Quantized(
        "nvfp4",
        partial(layouts.nvfp4, modelopt=False),
        compressed({"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16}),
    ),
    Quantized(
        "nvfp4-modelopt",
        partial(layouts.nvfp4, modelopt=True),
        {"quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["lm_head"]},
    ),
    Quantized("nf4", partial(layouts.nf4, nested=False), {"quant_method": "bitsandbytes", "load_in_4bit": True}),
    Quantized("nf4-nested", partial(layouts.nf4, nested=True), {"quant_method": "bitsandbytes", "load_in_4bit": True}),
    Quantized("bnb-int8", layouts.bnb_int8, {"quant_method": "bitsandbytes", "load_in_8bit": True}),
]


def is_quantized(case, name, weight):
    if any(part in name for part in case.left):
        return False
    if case.model_type == "gpt_oss":
        return name.endswith(("experts.gate_up_proj", "experts.down_proj"))

    return ".layers." in name and name.endswith("_proj.weight") and weight.dim() == 2


def quantize(case, weights):
    """The tensors of the checkpoint, and those that they stand for."""
    stored, values = {}, {}
    for name, weight in weights.items():
        if is_quantized(case, name, weight):
            tensors, values[name] = case.layout(name.removesuffix(".weight"), weight.float())
            stored |= tensors
        else:
            stored[name] = values[name] = weight

    return stored, values


def write(case, directory, seed):
    """Writes one case; returns the margin, or the reason why this seed will not do."""
    shutil.rmtree(directory, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    tiny = Case(case.name, case.model_type, case.sizes, prompt_lengths=(3, 17), dtype="float32")
    config = golden.make_config(tiny)
    model = golden.new_model(tiny, config)
    golden.randomise(model, generator, golden.embedding_spread(config))
    model.save_pretrained(directory)
    (directory / "generation_config.json").unlink(missing_ok=True)
    stored, values = quantize(case, golden_formats.read(directory))
    golden_formats.replace(directory, values)
    model = golden.reference(tiny, directory, model)
    prompts = golden.make_prompts(tiny, model, directory, config, generator)
    if isinstance(prompts, str):
        return prompts

    golden_formats.replace(directory, stored)
    golden_formats.edit_config(directory, lambda values: {**values, "quantization_config": case.config})
    tensors = {}
    for index, (embeds, _, logits, _) in enumerate(prompts):
        tensors |= {f"{index}.embeds": embeds, f"{index}.logits": logits.contiguous()}

    save_file(tensors, directory / "expected.safetensors")
    tokens = [{"length": len(embeds), "token_ids": tokens} for embeds, tokens, _, _ in prompts]
    (directory / "expected.json").write_text(json.dumps({"prompts": tokens, "seed": seed}) + "\n")
    return min(golden.margin_of(logits) for _, _, logits, _ in prompts)




def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    wanted = set(filter(None, arguments.only.split(",")))
    torch.set_num_threads(1)
    golden.transformers.logging.set_verbosity_error()
    golden.transformers.logging.disable_progress_bar()
    for case in CASES:
        if wanted and case.name not in wanted:
            continue

        first = zlib.crc32(case.name.encode()) % 10**6 * 1000
        for seed in range(first, first + golden.SEEDS):
            margin = write(case, arguments.root / case.name, seed)
            if not isinstance(margin, str):
                print(f"{case.name:24} seed {seed} margin {margin:.4f}", flush=True)
                break
        else:
            raise RuntimeError(f"{case.name}: no seed will do")


if __name__ == "__main__":
    main()
