"""Makes what Hugging Face transformers generates with a repetition penalty, from the golden models.

    python generate_penalties.py GOLDEN_DIRECTORY

needs what generate_golden.py needs. Each of the MODELS gets a file penalised.json with one greedy
output for each of its prompts. The prompts are embeddings, so that transformers counts the generated
tokens only, as this library does.
"""

import json
import sys
from pathlib import Path

import torch
from generate_golden import greedy
from safetensors.torch import load_file

MODELS = ("mistral", "qwen3-odd-heads-tied")
REPETITION_PENALTY = 1.3
STEPS = 24
MIN_MARGIN = 0.005  # least distance of the two best penalised logits


def generate(directory, embeds):
    """Greedy tokens, and the least distance of the two best penalised logits."""
    output = greedy(directory, embeds, STEPS, repetition_penalty=REPETITION_PENALTY, output_scores=True)
    best = torch.stack([step[0] for step in output.scores]).topk(2, dim=-1).values
    return output.sequences[0].tolist(), (best[:, 0] - best[:, 1]).min().item()


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)

    torch.set_num_threads(1)
    for name in MODELS:
        directory = Path(sys.argv[1]) / name
        tensors = load_file(directory / "expected.safetensors")
        outputs, margin = [], float("inf")
        while f"{len(outputs)}.embeds" in tensors:
            tokens, distance = generate(directory, tensors[f"{len(outputs)}.embeds"])
            outputs.append(tokens)
            margin = min(margin, distance)

        if margin < MIN_MARGIN:
            raise SystemExit(f"{name}: the two best logits come within {margin:.4f}")

        expected = {"repetition_penalty": REPETITION_PENALTY, "token_ids": outputs, "margin": round(margin, 4)}
        (directory / "penalised.json").write_text(json.dumps(expected) + "\n")
        print(f"{name}: margin {margin:.4f}", flush=True)


if __name__ == "__main__":
    main()
