"""Makes the LoRA fixtures: adapters as PEFT saves them for golden models, and what the models compute with them.

    python generate_lora.py GOLDEN_DIRECTORY OUTPUT_DIRECTORY [--only NAME,NAME]

needs torch, transformers >= 5 and safetensors. Each model gets a directory; in it each adapter is a directory
with adapter_config.json, adapter_model.safetensors, and the reference's greedy tokens and logits for the first
golden prompts (expected.json, expected.safetensors). The reference adds scale * B @ A to the weights, as the
format defines it (https://huggingface.co/docs/peft, "LoRA"): scale is alpha / r, or alpha / sqrt(r) with
use_rslora; the matrix of a Conv1D lies transposed. Everything is float32 on the CPU with eager attention. A seed
is skipped whose two best logits ever come closer than MIN_MARGIN, so that rounding cannot choose another token.
"""

import argparse
import json
import math
import re
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

MODELS = ("llama-llama3", "qwen2-tied", "gemma2", "phi3", "gpt2", "gpt-neox", "cohere", "deepseek-v2")
PROMPTS = 3
STEPS = 6
MIN_MARGIN = 0.02
SEEDS = 100
SIZE = 0.35  # standard deviation of what an adapter adds to a weight, in units of the weight's

ADAPTERS = {
    "attention": {"r": 4, "lora_alpha": 6, "target_modules": ["q_proj", "v_proj", "qkv_proj", "c_attn",
                                                              "query_key_value", "kv_a_proj_with_mqa"]},
    "all": {"r": 3, "lora_alpha": 5, "use_rslora": True, "target_modules": "all-linear",
            "rank_pattern": {"o_proj": 5, "layers.0.mlp.down_proj": 2}, "alpha_pattern": {"down_proj": 9}},
    "feed-forward": {"r": 2, "lora_alpha": 4, "target_modules": r".*\.(layers|h)\.1\.mlp\.(?!gate$).*",
                     "exclude_modules": ["gate"]},
}


def targets(value, name):
    if value is None:
        return False
    if isinstance(value, str):
        return value == "all-linear" or re.fullmatch(value, name) is not None

    return any(name == end or name.endswith("." + end) for end in value)


def own(pattern, name, value):
    """The number of the first key that the module's name ends with."""
    return next((pattern[key] for key in pattern if re.match(rf"(.*\.)?({key})$", name)), value)


def adapted(model, config):
    """Linear modules that the adapter is for; experts and the head are none."""
    for name, module in model.named_modules():
        linear = isinstance(module, (torch.nn.Linear, Conv1D)) and module is not model.get_output_embeddings()
        if linear and ".experts" not in name and not name.endswith(("kv_b_proj", ".gate")):
            if targets(config["target_modules"], name) and not targets(config.get("exclude_modules"), name):
                yield name, module


def add_adapter(model, config, generator):
    """Adds a random adapter to the model; returns its tensors."""
    tensors = {}
    for name, module in adapted(model, config):
        weight = module.weight.data.T if isinstance(module, Conv1D) else module.weight.data  # O I
        rank = own(config.get("rank_pattern", {}), name, config["r"])
        alpha = own(config.get("alpha_pattern", {}), name, config["lora_alpha"])
        scale = alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)
        each = (SIZE * weight.std().item() / (scale * math.sqrt(rank))) ** 0.5
        down = (torch.randn(rank, weight.size(1), generator=generator) * each).bfloat16()
        up = (torch.randn(weight.size(0), rank, generator=generator) * each).bfloat16()
        weight += scale * up.float() @ down.float()
        tensors[f"base_model.model.{name}.lora_A.weight"] = down
        tensors[f"base_model.model.{name}.lora_B.weight"] = up

    return tensors


@torch.no_grad()
def generate(model, embeds):
    """Greedy tokens and their logits by whole passes; the least distance of the two best."""
    tokens, rows, margin = [], [], math.inf
    for _ in range(STEPS):
        row = model(inputs_embeds=embeds[None], use_cache=False).logits[0, -1].float()
        best = row.topk(2).values
        margin = min(margin, (best[0] - best[1]).item())
        tokens.append(int(row.argmax()))
        rows.append(row)
        next_row = model.get_input_embeddings()(torch.tensor([tokens[-1]]))
        embeds = torch.cat([embeds, next_row])

    return tokens, torch.stack(rows), margin


def make(golden, name, kind, config, output):
    with safe_open(golden / name / "expected.safetensors", "pt") as file:
        prompts = [file.get_tensor(f"{i}.embeds").float() for i in range(PROMPTS)]

    for seed in range(SEEDS):
        model = AutoModelForCausalLM.from_pretrained(
            golden / name, dtype=torch.float32, attn_implementation="eager").eval()
        tensors = add_adapter(model, config, torch.Generator().manual_seed(seed))
        results = [generate(model, prompt) for prompt in prompts]
        if min(margin for _, _, margin in results) >= MIN_MARGIN:
            break
    else:
        raise SystemExit(f"{name}/{kind}: no seed has a margin of {MIN_MARGIN}")

    directory = output / name / kind
    directory.mkdir(parents=True, exist_ok=True)
    saved = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": name, "bias": "none",
             "inference_mode": True, "lora_dropout": 0.0, "init_lora_weights": True, "modules_to_save": None,
             "use_dora": False, "fan_in_fan_out": name == "gpt2", **config}
    (directory / "adapter_config.json").write_text(json.dumps(saved, indent=1, sort_keys=True) + "\n")
    save_file(tensors, directory / "adapter_model.safetensors", {"format": "pt"})
    save_file({f"{i}.logits": rows for i, (_, rows, _) in enumerate(results)}, directory / "expected.safetensors")
    (directory / "expected.json").write_text(json.dumps({"token_ids": [tokens for tokens, _, _ in results]}) + "\n")
    print(name, kind, "seed", seed, len(tensors), "tensors")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("golden", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--only", default=",".join(MODELS))
    arguments = parser.parse_args()
    for name in arguments.only.split(","):
        for kind, config in ADAPTERS.items():
            make(arguments.golden, name, kind, config, arguments.output)


if __name__ == "__main__":
    main()
