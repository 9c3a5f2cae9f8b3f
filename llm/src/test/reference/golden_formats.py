"""How checkpoints are found: the same weights in other files, names and types."""

import json

import torch
from safetensors.torch import load_file, save_file


def read(directory):
    """All weights of a directory, by name."""
    weights = {}
    for path in sorted(directory.glob("model*.safetensors")):
        weights |= load_file(path)

    return weights


def replace(directory, weights):
    """Writes `weights` as the directory's only checkpoint file."""
    for path in directory.glob("model*.safetensors*"):
        path.unlink()

    save_file(
        {name: tensor.contiguous() for name, tensor in weights.items()},
        directory / "model.safetensors",
        {"format": "pt"},
    )


def to_bfloat16(directory):
    """Weights as most checkpoints hold them; what is delicate stays float32."""
    delicate = ("e_score_correction_bias", "A_log", "dt_bias", ".D", "sinks", "_decay", "slope_rate")
    weights = read(directory)
    replace(directory, {name: w if name.endswith(delicate) else w.bfloat16() for name, w in weights.items()})
    edit_config(directory, lambda config: {**config, "dtype": "bfloat16"})


def edit_config(directory, edit):
    """Rewrites config.json with what `edit` makes of it."""
    path = directory / "config.json"
    config = json.loads(path.read_text())
    config = edit(config) or config
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def torch_shards(directory):
    """pytorch_model*.bin instead of safetensors, in two shards and an index if there were several files."""
    files = sorted(directory.glob("model*.safetensors"))
    weights = read(directory)
    for path in directory.glob("model*.safetensors*"):
        path.unlink()

    if len(files) == 1:
        torch.save(weights, directory / "pytorch_model.bin")
        return

    names, index = sorted(weights), {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file = f"pytorch_model-{number:05}-of-00002.bin"
        torch.save({name: weights[name] for name in part}, directory / file)
        index |= dict.fromkeys(part, file)

    size = sum(tensor.nbytes for tensor in weights.values())
    index = {"metadata": {"total_size": size}, "weight_map": index}
    (directory / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


def without_prefix(directory):
    """Names as the inner model has them, without `model.` or `transformer.`."""
    prefixes = ("model.", "transformer.")
    weights = read(directory)
    replace(
        directory,
        {name.removeprefix(next((p for p in prefixes if name.startswith(p)), "")): w for name, w in weights.items()},
    )


def mixed_dtypes(directory):
    """Weights of three types in one file, with values that all of them hold exactly."""
    types = (torch.bfloat16, torch.float16, torch.float32)
    weights = read(directory)
    replace(directory, {name: weights[name].to(types[i % 3]) for i, name in enumerate(sorted(weights))})


def add_rotary_buffers(directory):
    """Buffers that old checkpoints hold and nobody reads."""
    weights = read(directory)
    for layer in range(2):
        weights[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = torch.ones(4)

    replace(directory, weights)


def write_tied_head(directory):
    """The tied head stored all the same."""
    weights = read(directory)
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone()
    replace(directory, weights)


def name_kimi_k2(directory):
    """DeepSeek-V3 under the name that Kimi K2 gives it."""
    edit_config(directory, lambda config: {**config, "model_type": "kimi_k2"})


def add_next_token_layer(directory):
    """A layer after the last one, for predicting several tokens, which is not to be read."""
    weights = read(directory)
    weights["model.layers.2.eh_proj.weight"] = torch.ones(24, 48)
    weights["model.layers.2.input_layernorm.weight"] = torch.ones(24)
    replace(directory, weights)
    edit_config(directory, lambda config: {**config, "num_nextn_predict_layers": 1})
