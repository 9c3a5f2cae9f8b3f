"""Makes the golden fixtures: tiny random models and what Hugging Face transformers computes with them.

    python generate_golden.py OUTPUT_DIRECTORY

needs torch, transformers >= 5 and safetensors. Each case becomes a directory holding a model
(config.json, model.safetensors or shards), the prompt embeddings and the reference's logits
(expected.safetensors) and the greedy tokens (expected.json). Everything is float32 on the CPU with
eager attention. Seeds are fixed; a seed whose two best logits ever come closer than MIN_MARGIN is
skipped, so that a correct implementation cannot choose another token by rounding. Run
generate_penalties.py afterwards: it adds to the directories.
"""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

MIN_MARGIN = 0.02  # least distance of the two best logits at any step
STEPS = 12  # tokens generated per prompt
CONFIGS = {"llama": LlamaConfig, "mistral": MistralConfig, "qwen2": Qwen2Config, "qwen3": Qwen3Config}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
DYNAMIC = {"rope_type": "dynamic", "factor": 2.0}


@dataclass
class Case:
    """One model: how it departs from the defaults in `make_config`, and how it is written."""

    name: str
    model_type: str
    config: dict = field(default_factory=dict)
    rope: dict = field(default_factory=dict)
    legacy: bool = False  # write rope_theta and rope_scaling instead of rope_parameters
    legacy_key: str = "rope_type"  # or the older "type"
    max_shard_size: str = "1GB"
    prompt_lengths: tuple = (1, 5, 19, 33)


CASES = [
    Case("llama", "llama"),
    Case("llama-tied-legacy", "llama", {"num_key_value_heads": 4, "tie_word_embeddings": True}, legacy=True),
    Case(
        "llama-odd-heads-biases",
        "llama",
        {
            "hidden_size": 40,
            "num_attention_heads": 5,
            "num_key_value_heads": 1,
            "head_dim": 12,
            "attention_bias": True,
            "mlp_bias": True,
            "hidden_act": "gelu_pytorch_tanh",
        },
    ),
    Case("llama-linear-legacy", "llama", rope={"rope_type": "linear", "factor": 2.0}, legacy=True, legacy_key="type"),
    Case("llama-llama3", "llama", {"num_hidden_layers": 3}, rope=LLAMA3, max_shard_size="40KB"),
    Case("llama-llama3-legacy", "llama", {"tie_word_embeddings": True}, rope=LLAMA3, legacy=True),
    Case("llama-yarn", "llama", rope=YARN),
    Case(
        "llama-dynamic",
        "llama",
        {"max_position_embeddings": 24},
        rope=DYNAMIC,
        prompt_lengths=(5, 19, 24, 37),
    ),
    Case("mistral", "mistral", {"sliding_window": None, "head_dim": 8}, max_shard_size="40KB"),
    Case(
        "mistral-sliding",
        "mistral",
        {"hidden_size": 36, "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 8, "sliding_window": 7},
        legacy=True,
    ),
    Case("qwen2-tied", "qwen2", {"tie_word_embeddings": True}, max_shard_size="40KB"),
    Case(
        "qwen2-sliding",
        "qwen2",
        {"num_hidden_layers": 3, "use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1},
    ),
    Case(
        "qwen2-yarn-legacy",
        "qwen2",
        {"hidden_size": 24, "num_attention_heads": 3, "num_key_value_heads": 3},
        rope=YARN,
        legacy=True,
    ),
    Case(
        "qwen3-odd-heads-tied",
        "qwen3",
        {"num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 16, "tie_word_embeddings": True},
    ),
    Case(
        "qwen3-layer-types",
        "qwen3",
        {
            "num_hidden_layers": 3,
            "use_sliding_window": True,
            "sliding_window": 5,
            "max_window_layers": 3,
            "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
            "attention_bias": True,
            "head_dim": 10,
        },
    ),
    Case(
        "qwen3-dynamic-legacy",
        "qwen3",
        {"max_position_embeddings": 20, "head_dim": 12},
        rope=DYNAMIC,
        legacy=True,
        prompt_lengths=(3, 15, 31),
    ),
]


def make_config(case):
    """The case's configuration object."""
    values = {
        "vocab_size": 151,
        "hidden_size": 32,
        "intermediate_size": 56,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 128,
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": None,
        "rope_parameters": {"rope_type": "default", "rope_theta": 5000.0, **case.rope},
    }
    values.update(case.config)
    return CONFIGS[case.model_type](**values)


@torch.no_grad()
def randomise(model, generator):
    """Fills every parameter so that logits are spread and biases and norms matter."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if name.endswith("norm.weight"):
            parameter.copy_(1 + 0.2 * noise)
        elif name.endswith("bias"):
            parameter.copy_(0.3 * noise)
        elif "embed_tokens" in name or "lm_head" in name:
            parameter.copy_(0.5 * noise)
        else:
            parameter.copy_(1.3 * noise / parameter.shape[-1] ** 0.5)


def write_legacy_config(path, type_key):
    """Rewrites config.json in the dialect from before transformers 5."""
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    rope_type = rope.pop("rope_type")
    config["rope_scaling"] = None if rope_type == "default" else {type_key: rope_type, **rope}
    config["torch_dtype"] = config.pop("dtype", "float32")
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


@torch.no_grad()
def greedy(directory, embeds, steps, **options):
    """What generate returns for exactly `steps` tokens. A fresh model per prompt: dynamic rope keeps state."""
    model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    return model.generate(
        inputs_embeds=embeds[None],
        attention_mask=torch.ones(1, embeds.shape[0], dtype=torch.long),
        max_new_tokens=steps,
        do_sample=False,
        return_dict_in_generate=True,
        **options,
    )


def generate(directory, embeds):
    """Greedy tokens and logits (STEPS, vocab)."""
    output = greedy(directory, embeds, STEPS, output_logits=True)
    tokens = output.sequences[0].tolist()
    logits = torch.stack([step[0].float() for step in output.logits])
    if len(tokens) != STEPS or logits.argmax(-1).tolist() != tokens:
        raise RuntimeError(f"unexpected output of generate: {tokens}")

    return tokens, logits


def make_case(case, root, seed):
    """Writes one case; returns the least margin seen, in logits."""
    directory = root / case.name
    shutil.rmtree(directory, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    config = make_config(case)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    randomise(model, generator)
    model.save_pretrained(directory, max_shard_size=case.max_shard_size)
    (directory / "generation_config.json").unlink(missing_ok=True)
    if case.legacy:
        write_legacy_config(directory / "config.json", case.legacy_key)

    tensors, prompts, margin = {}, [], float("inf")
    for index, length in enumerate(case.prompt_lengths):
        embeds = 0.5 * torch.randn(length, config.hidden_size, generator=generator)
        tokens, logits = generate(directory, embeds)
        best = logits.topk(2, dim=-1).values
        margin = min(margin, (best[:, 0] - best[:, 1]).min().item())
        tensors[f"{index}.embeds"] = embeds.contiguous()
        tensors[f"{index}.logits"] = logits.contiguous()
        prompts.append({"length": length, "token_ids": tokens})

    save_file(tensors, directory / "expected.safetensors")
    expected = {
        "prompts": prompts,
        "margin": round(margin, 4),
        "seed": seed,
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
    }
    (directory / "expected.json").write_text(json.dumps(expected) + "\n")
    return margin


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)

    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for index, case in enumerate(CASES):
        for seed in range(1000 * index, 1000 * index + 100):
            margin = make_case(case, root, seed)
            if margin >= MIN_MARGIN:
                break
        else:
            raise SystemExit(f"{case.name}: no seed keeps the two best logits {MIN_MARGIN} apart")

        size = sum(f.stat().st_size for f in (root / case.name).iterdir())
        print(f"{case.name:26} seed {seed:6} margin {margin:.4f} {size / 1024:7.1f} KiB", flush=True)


if __name__ == "__main__":
    main()
