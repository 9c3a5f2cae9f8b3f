"""Writes what Hugging Face transformers computes with a model, for `prompt-embeds verify`.

    python write_reference.py MODEL_DIRECTORY OUTPUT.safetensors [--lengths 1,5,19,33] [--steps 12] [--seed 0]

needs torch, transformers >= 5 and safetensors. Case N has `N.embeds` (length, width), the embeddings of random
tokens as the model looks them up, and `N.logits` (steps, vocabulary) before each token of the greedy
continuation. Everything is float32 on the CPU with eager attention, a forward pass over everything for each
token, so that no cache takes part.

The least distance of the two best logits is printed: below about 1e-4 of the largest logit, a correct
implementation may choose the other token; take another --seed then.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM


def positive_list(text):
    """Lengths separated by commas."""
    numbers = [int(part) for part in text.split(",")]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("lengths must be at least 1")

    return numbers


def positive(text):
    """A number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")

    return number


def look_up(model, token_ids):
    """The rows (1, n, width) that the model makes of tokens before its first layer."""
    rows = model.get_input_embeddings()(torch.tensor([token_ids]))
    if model.config.model_type == "falcon_h1":  # scales what it looks up, outside of the embedding
        rows = rows * model.config.embedding_multiplier

    return rows


@torch.no_grad()
def continue_greedily(model, embeds, steps):
    """Logits (steps, vocabulary) before each greedy token."""
    logits = []
    for _ in range(steps):
        logits.append(model(inputs_embeds=embeds, use_cache=False).logits[0, -1].float())
        embeds = torch.cat([embeds, look_up(model, [int(logits[-1].argmax())])], 1)

    return torch.stack(logits)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--lengths", type=positive_list, default=[1, 5, 19, 33])
    parser.add_argument("--steps", type=positive, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not (options.model / "config.json").is_file():
        parser.error(f"{options.model} holds no config.json")

    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32, attn_implementation="eager").eval()
    vocabulary = model.get_input_embeddings().weight.shape[0]
    generator = torch.Generator().manual_seed(options.seed)
    tensors = {}
    for number, length in enumerate(options.lengths):
        tokens = torch.randint(vocabulary, (length,), generator=generator).tolist()
        with torch.no_grad():
            embeds = look_up(model, tokens)

        logits = continue_greedily(model, embeds, options.steps)
        best = logits.topk(2, dim=-1).values
        margin = ((best[:, 0] - best[:, 1]) / logits.abs().amax(-1)).min().item()
        print(f"case {number}: {length} positions, {options.steps} tokens, least distance {margin:.1e} of the largest")
        tensors[f"{number}.embeds"] = embeds[0].contiguous()
        tensors[f"{number}.logits"] = logits.contiguous()

    save_file(tensors, options.output)


if __name__ == "__main__":
    main()
