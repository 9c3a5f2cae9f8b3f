"""Makes the golden fixtures: tiny random models and what Hugging Face transformers computes with them.

    python generate_golden.py OUTPUT_DIRECTORY [--new] [--only NAME,NAME] [--jobs N] [--names FILE]

needs torch, transformers >= 5 and safetensors. Each case becomes a directory holding a model
(config.json, model.safetensors or shards), the prompt embeddings and the reference's logits
(expected.safetensors) and the greedy tokens (expected.json). Everything is float32 on the CPU with
eager attention. Seeds are fixed; a seed is skipped whose two best logits ever come closer than
MIN_MARGIN, so that a correct implementation cannot choose another token by rounding, or whose logits
move by more than MAX_MOVE when the embeddings move by NUDGE (two experts almost alike, say), or that
repeats the same token over and over. Run generate_penalties.py afterwards: it adds to the directories.

The reference is a forward pass over everything for each token, without a cache. Where `generate` with
a cache gives something else or fails, expected.json says `"cache": false`.

--names FILE lists the tensors of every case.
"""

import argparse
import json
import shutil
import traceback
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import golden_formats
import golden_inputs
import torch
import transformers
from golden_families import FAMILIES
from golden_llama import ORIGINAL
from golden_wrappers import WRAPPERS
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoModel, AutoModelForCausalLM, Mistral4ForCausalLM
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

MIN_MARGIN = 0.02  # least distance of the two best logits at any step
NUDGE = 3e-6  # relative change of the embeddings
MAX_MOVE = 3e-4  # largest relative change of the logits that it may cause
STEPS = 12  # tokens generated per prompt
SEEDS = 200
HEADLESS = ("qwen2_vl_text", "qwen2_5_vl_text", "qwen3_vl_text", "qwen3_vl_moe_text", "glm4v_text", "muse_glimmer_text")
CASES = ORIGINAL + FAMILIES + WRAPPERS


class Headed(torch.nn.Module):
    """A text model that transformers has inside a vision-language model only, with the head it has there."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.model = AutoModel.from_config(config, dtype=torch.float32, attn_implementation="eager")
        self.lm_head = torch.nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tie_word_embeddings:
            self.lm_head.weight = self.model.embed_tokens.weight

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def forward(self, inputs_embeds, **arguments):
        hidden = self.model(inputs_embeds=inputs_embeds, **arguments).last_hidden_state
        logits = self.lm_head(hidden) * getattr(self.config, "output_multiplier", 1.0)
        cap = getattr(self.config, "final_logit_softcapping", None)
        return SimpleNamespace(logits=logits if cap is None else cap * torch.tanh(logits / cap))

    def save_pretrained(self, directory, **_):
        directory.mkdir(parents=True)
        (directory / "config.json").write_text(self.config.to_json_string())
        names = dict(self.named_parameters())  # without the tied head
        weights = {name: tensor.detach().clone().contiguous() for name, tensor in names.items()}
        if self.config.model_type == "qwen3_vl_moe_text":  # its checkpoints hold the experts transposed
            merged = {name for name in weights if name.endswith(("experts.gate_up_proj", "experts.down_proj"))}
            weights |= {name: weights[name].transpose(1, 2).contiguous() for name in merged}

        save_file(weights, directory / "model.safetensors", {"format": "pt"})


def make_config(case):
    """The case's configuration object: of the defaults, what its class knows."""
    original = case.first_seed is not None
    values = {
        "vocab_size": case.vocabulary,
        "hidden_size": 32 if original else 24,
        "intermediate_size": 56 if original else 28,
        "num_hidden_layers": 2,
        "num_attention_heads": 4 if original else 3,
        "num_key_value_heads": 2 if original else 1,
        "max_position_embeddings": 128,
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": None,
    }
    kind = CONFIG_MAPPING[case.model_type]
    known = {field.name for field in fields(kind)}
    values = {key: value for key, value in values.items() if key in known or key == "tie_word_embeddings"}
    if "rope_parameters" in known and not case.model_type.startswith(("gemma3", "gemma4", "olmo3")):
        values["rope_parameters"] = {"rope_type": "default", "rope_theta": 5000.0, **case.rope}

    values.update(case.config)
    return kind(**values)


def new_model(case, config):
    """The reference, not yet filled."""
    if case.model_type in HEADLESS:
        return Headed(config)

    options = {"dtype": torch.float32, "attn_implementation": case.attention}
    if case.model_type == "mistral4":  # the automatic choice does not know it
        return Mistral4ForCausalLM._from_config(config, **options)

    return AutoModelForCausalLM.from_config(config, **options)


def embedding_spread(config):
    """How large the rows of the embedding table are: the token before must not decide alone on the next."""
    if config.model_type.startswith(("gemma", "xglm")):  # the lookup scales by the root of the width
        return 0.1

    return 0.25 if config.tie_word_embeddings else 0.5


def fill(name, parameter, noise, uniform, spread):
    """What a parameter becomes: logits are spread, and every bias, norm and scale matters."""
    leaf = name.rsplit(".", 1)[-1]
    constant = parameter.dim() == 1 and parameter.numel() > 0 and bool((parameter == parameter[0]).all())
    if name.endswith("word_embeddings_layernorm.weight"):
        return 0.4 * parameter + 0.1 * noise
    if (
        name.endswith(("norm.weight", "norm_f.weight"))
        or (constant and leaf == "weight")
        or leaf in ("D", "scale", "per_expert_scale")
    ):
        return parameter + 0.2 * noise
    if leaf == "layer_scalar":
        return 0.6 + 0.4 * uniform
    if leaf == "A_log":
        return torch.log(0.3 + 3 * uniform)
    if leaf == "dt_bias" or name.endswith("dt_proj.bias"):
        return 2.5 * uniform - 2
    if leaf in ("alpha_p", "alpha_n"):
        return parameter + 0.3 * noise
    if leaf == "sinks":
        return noise
    if leaf.endswith("bias") or leaf.startswith("lambda_"):
        return 0.3 * noise
    if "embed" in name or "lm_head" in name or leaf == "weight" and name.split(".")[-2] in ("wte", "wpe"):
        return spread * noise
    if "conv" in name:
        return 0.6 * noise

    return 1.3 * noise / parameter.shape[-1] ** 0.5


def learned(model):
    """Every parameter and every learned buffer that a checkpoint holds, by name."""
    learned_buffers = ("e_score_correction_bias", "layer_scalar")
    return dict(model.named_parameters()) | {n: b for n, b in model.named_buffers() if n.endswith(learned_buffers)}


@torch.no_grad()
def randomise(model, generator, spread):
    """Fills everything that is learned."""
    for name, tensor in learned(model).items():
        noise = torch.randn(tensor.shape, generator=generator)
        drawn = name.endswith(("A_log", "dt_bias", "dt_proj.bias", "layer_scalar"))
        uniform = torch.rand(tensor.shape, generator=generator) if drawn else noise
        tensor.copy_(fill(name, tensor, noise, uniform, spread))


@torch.no_grad()
def round_to_half(model):
    """Rounds everything that is learned to values that bfloat16 and float16 both hold."""
    for tensor in learned(model).values():
        tensor.copy_(tensor.bfloat16().half())


def legacy_rope(config, type_key):
    """Turns rope_parameters into what was written before transformers 5."""
    rope = config.pop("rope_parameters", None)
    if rope is not None:
        config["rope_theta"] = rope.pop("rope_theta")
        if "partial_rotary_factor" in rope:
            config["partial_rotary_factor"] = rope.pop("partial_rotary_factor")

        rope_type = rope.pop("rope_type")
        if "mrope_section" in rope and type_key == "type":
            rope_type = "mrope"

        plain = rope_type == "default" and not rope
        config["rope_scaling"] = None if plain else {type_key: rope_type, **rope}

    config["torch_dtype"] = config.pop("dtype", "float32")


def rewrite_config(case, directory):
    """Applies the case's dialect and departures to config.json."""

    def edit(config):
        if case.legacy:
            legacy_rope(config, case.legacy_key)

        for key in case.drop:
            config.pop(key, None)

        config.update(case.put)

    if case.legacy or case.drop or case.put:
        golden_formats.edit_config(directory, edit)


def wrap(case, directory, generator):
    """Turns the directory of a text model into one of the vision-language model."""
    wrapper, weights = case.wrapper, {}
    for name, tensor in golden_formats.read(directory).items():
        name = name.replace("model.language_model.", "model.", 1)
        weights[wrapper.head if name == "lm_head.weight" else wrapper.prefix + name.removeprefix("model.")] = tensor

    for name, shape in wrapper.beside:
        weights[name] = torch.randn(shape, generator=generator)

    golden_formats.replace(directory, weights)

    def edit(config):
        for key in ("architectures", "transformers_version"):
            config.pop(key, None)

        tied = config.get("tie_word_embeddings")
        top = {
            "model_type": wrapper.model_type,
            "architectures": [wrapper.architecture],
            "vision_config": {"hidden_size": 8, "num_hidden_layers": 1, "intermediate_size": 16},
            "image_token_id": 3,
            **wrapper.top,
        }
        if wrapper.tied != "text":
            top["tie_word_embeddings"] = bool(tied)
            if wrapper.tied == "top":
                config.pop("tie_word_embeddings", None)

        return {**config, **top} if wrapper.flat else {**top, "text_config": config}

    golden_formats.edit_config(directory, edit)


@torch.no_grad()
def greedy(directory, embeds, steps, kind=AutoModelForCausalLM, attention="eager", **options):
    """What generate returns for exactly `steps` tokens. A fresh model per prompt: dynamic rope keeps state."""
    model = kind.from_pretrained(directory, attn_implementation=attention, dtype=torch.float32)
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


def generate(directory, embeds, kind=AutoModelForCausalLM, attention="eager"):
    """Greedy tokens and logits (STEPS, vocab)."""
    output = greedy(directory, embeds, STEPS, kind, attention, output_logits=True)
    tokens = output.sequences[0].tolist()
    logits = torch.stack([step[0].float() for step in output.logits])
    if len(tokens) != STEPS or logits.argmax(-1).tolist() != tokens:
        raise RuntimeError(f"unexpected output of generate: {tokens}")

    return tokens, logits


def look_up(model, tokens):
    """The tokens' embeddings, as the model makes them from token ids."""
    rows = model.get_input_embeddings()(torch.tensor(tokens))
    if model.config.model_type == "falcon_h1":  # scales what it looks up, outside of the embedding
        rows = rows * model.config.embedding_multiplier

    return rows


@torch.no_grad()
def forward(model, inputs, embeds, tokens):
    """Logits (rows, vocab) of the prompt and the tokens after it, without a cache."""
    rows = embeds[None]
    if tokens:
        rows = torch.cat([rows, look_up(model, tokens)[None]], 1)

    text = model.model if isinstance(model, Headed) else model
    arguments = inputs.arguments(text, rows, tokens)
    return model(inputs_embeds=rows, use_cache=False, **arguments).logits[0].float()


def margin_of(logits):
    best = logits.topk(2, dim=-1).values
    return (best[..., 0] - best[..., 1]).min().item()


def difference(actual, expected):
    """The largest difference in any row, relative to the row's largest value."""
    return ((actual - expected).abs().amax(-1) / expected.abs().amax(-1)).max().item()


def decode(model, inputs, embeds):
    """Greedy tokens and logits (STEPS, vocab) by forward passes over everything; None if a margin is too small."""
    tokens, rows = [], []
    for _ in range(STEPS):
        logits = forward(model, inputs, embeds, tokens)[-1]
        if not margin_of(logits) >= MIN_MARGIN:
            return None

        tokens.append(int(logits.argmax()))
        rows.append(logits)

    return tokens, torch.stack(rows)


def moves(model, inputs, embeds, tokens, logits):
    """How far the logits move when the embeddings move a little."""
    generator = torch.Generator().manual_seed(1)
    nudged = embeds * (1 + NUDGE * torch.randn(embeds.shape, generator=generator))
    return difference(forward(model, inputs, nudged, tokens[:-1])[-STEPS:], logits)


def reference(case, directory, model):
    """The model as transformers reads it back, or the one that was written where it cannot."""
    if case.wrapper or isinstance(model, Headed):
        return model.eval()

    return type(model).from_pretrained(directory, attn_implementation=case.attention, dtype=torch.float32).eval()


def with_cache(case, directory, kind, prompts):
    """Compares what generate gives: None if the same, else what is different."""
    try:
        for embeds, tokens, logits in prompts:
            cached, values = generate(directory, embeds, kind, case.attention)
            if cached != tokens or difference(values, logits) > 1e-4:
                return f"generate differs by {difference(values, logits):.1e} at {len(embeds)} rows"
    except Exception as e:  # noqa: BLE001 any failure of generate is a finding
        return f"generate fails: {type(e).__name__}: {str(e)[:150]}"

    return None


def make_prompts(case, model, directory, config, generator):
    """(embeds, tokens, logits, inputs) of each prompt, or the reason why this seed will not do."""
    prompts = []
    width = getattr(config, "word_embed_proj_dim", config.hidden_size)
    for length in case.prompt_lengths:
        embeds = 0.5 * torch.randn(length, width, generator=generator)
        inputs = golden_inputs.make(case.inputs, length, config, generator)
        with torch.no_grad():
            embeds = inputs.embeds(model, embeds)

        output = generate(directory, embeds) if case.first_seed is not None else decode(model, inputs, embeds)
        if output is None:
            return "margin"

        if case.first_seed is None and not moves(model, inputs, embeds, *output) <= MAX_MOVE:
            return "moves"

        prompts.append((embeds, *output, inputs))

    if case.first_seed is None and sum(len(set(tokens)) for _, tokens, _, _ in prompts) < 2 * len(prompts):
        return "monotone"

    return prompts


def lookup(model, config):
    """What looking a token up does besides reading its row."""
    ids = torch.arange(1, 9)
    with torch.no_grad():
        ratio = look_up(model, ids.tolist()) / model.get_input_embeddings().weight[ids]

    if (ratio - ratio[0, 0]).abs().max() < 1e-4:
        return "" if abs(ratio[0, 0] - 1) < 1e-6 else f"lookup scales by {ratio[0, 0]:.4f}"

    return "lookup normalises"


def write_case(case, directory, seed):
    """Writes one case; returns (margin, notes), or the reason why this seed will not do."""
    shutil.rmtree(directory, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    config = make_config(case)
    model = new_model(case, config)
    randomise(model, generator, 0.5 if case.first_seed is not None else embedding_spread(config))
    if case.dtype == "bfloat16" or "mixed_dtypes" in case.finish:
        round_to_half(model)

    model.save_pretrained(directory, max_shard_size=case.max_shard_size, save_original_format=not case.merged)
    (directory / "generation_config.json").unlink(missing_ok=True)
    if case.dtype == "bfloat16":
        golden_formats.to_bfloat16(directory)

    rewrite_config(case, directory)
    model = reference(case, directory, model)
    prompts = make_prompts(case, model, directory, config, generator)
    if isinstance(prompts, str):
        return prompts

    notes = []
    if case.first_seed is None and not (case.wrapper or case.inputs or isinstance(model, Headed)):
        notes = [with_cache(case, directory, type(model), [prompt[:3] for prompt in prompts])]

    expected = {
        "prompts": [{"length": len(embeds), "token_ids": tokens} for embeds, tokens, _, _ in prompts],
        "margin": round(min(margin_of(logits) for _, _, logits, _ in prompts), 4),
        "seed": seed,
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
    }
    if any(notes):
        expected["cache"] = False

    tensors = {}
    for index, (embeds, _, logits, inputs) in enumerate(prompts):
        stored = {"embeds": embeds, "logits": logits, **inputs.stored()}
        tensors |= {f"{index}.{name}": tensor.contiguous() for name, tensor in stored.items()}

    if case.wrapper:
        wrap(case, directory, generator)

    for name in case.finish:
        getattr(golden_formats, name)(directory)

    save_file(tensors, directory / "expected.safetensors")
    (directory / "expected.json").write_text(json.dumps(expected) + "\n")
    notes.append(lookup(model, config))
    return expected["margin"], [note for note in notes if note]


def make_case(case, root):
    """Writes one case, with the first seed that will do; returns a line about it."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    first = zlib.crc32(case.name.encode()) % 10**6 * 1000 if case.first_seed is None else case.first_seed
    refused = []
    for seed in range(first, first + SEEDS):
        result = write_case(case, root / case.name, seed)
        if isinstance(result, str):
            refused.append(result)
            continue

        margin, notes = result
        if margin < MIN_MARGIN:
            refused.append("margin")
            continue

        size = sum(f.stat().st_size for f in (root / case.name).iterdir())
        tries = "refused " + ", ".join(f"{n} {why}" for why, n in Counter(refused).items()) if refused else ""
        return "  ".join([f"{case.name:30} margin {margin:.4f} {size / 1024:6.1f} KiB", *notes, tries])

    shutil.rmtree(root / case.name)
    raise RuntimeError(f"no seed will do: {Counter(refused)}")


def try_case(case, root):
    """make_case, or the end of its traceback."""
    try:
        return make_case(case, root), None
    except Exception:  # noqa: BLE001 one case that fails must not stop the others
        return f"{case.name:30} FAILED", traceback.format_exc()[-1500:]


def write_names(root, file_of_names):
    """Lists every case's tensors."""
    lines = []
    for directory in sorted(path for path in root.iterdir() if path.is_dir()):
        lines.append(f"# {directory.name}")
        for path in sorted(directory.glob("model*.safetensors")):
            with safe_open(path, "pt") as file:
                for name in file.keys():  # noqa: SIM118 not a dictionary
                    part = file.get_slice(name)
                    lines.append(f"{name} {part.get_dtype()} {part.get_shape()}")

    file_of_names.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--only", help="names of cases, separated by commas")
    parser.add_argument("--new", action="store_true", help="leave the cases of the first four families out")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--names", type=Path, help="file to list the tensors in")
    options = parser.parse_args()
    only = options.only and set(options.only.split(","))
    cases = [case for case in CASES if (not only or case.name in only) and not (options.new and case in ORIGINAL)]
    options.output.mkdir(parents=True, exist_ok=True)
    failures = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for line, failure in pool.map(try_case, cases, [options.output] * len(cases)):
            print(line, flush=True)
            if failure:
                failures.append(f"== {line}\n{failure}")

    print("\n".join(failures))
    if options.names:
        write_names(options.output, options.names)

    if failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
