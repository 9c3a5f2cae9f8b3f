"""Makes what transformers computes of golden models whose cache rounds keys and values to e4m3.

    python generate_float8_keys.py ../resources/golden ../resources/golden-float8-keys

needs torch, transformers >= 5 and safetensors, and the directories of generate_golden.py. Every
sequence goes on with the golden model's tokens; a file holds the logits of each, a row per token.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
from transformers.cache_utils import DynamicCache

NAMES = ("llama", "qwen3-layer-types", "qwen2-tied", "gemma2", "gpt-oss-full", "mistral-sliding", "bloom", "diffllama")


class RoundingCache(DynamicCache):
    def update(self, key_states, value_states, *arguments, **named):
        return super().update(rounded(key_states), rounded(value_states), *arguments, **named)


def rounded(x):
    return x.clamp(-448, 448).to(torch.float8_e4m3fn).to(x.dtype)


@torch.no_grad()
def logits(model, embeds, token_ids):
    """Of each token: tokens, vocabulary."""
    tokens = model.get_input_embeddings()(torch.tensor([token_ids[:-1]]))
    inputs = torch.cat([embeds[None], tokens], 1)
    result = model(inputs_embeds=inputs, past_key_values=RoundingCache(), use_cache=True).logits[0]
    return result[embeds.size(0) - 1 :].contiguous()


def main(source, target):
    target.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        directory = source / name
        model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
        tensors = load_file(directory / "expected.safetensors")
        prompts = json.loads((directory / "expected.json").read_text())["prompts"]
        results = {}
        for i, prompt in enumerate(prompts):
            results[f"{i}.logits"] = logits(model.eval(), tensors[f"{i}.embeds"], prompt["token_ids"])
            exact = tensors[f"{i}.logits"]
            difference = (results[f"{i}.logits"] - exact).abs().amax() / exact.abs().amax()
            print(f"{name} {i}: {difference:.4f} from what is not rounded")

        save_file(results, target / f"{name}.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
