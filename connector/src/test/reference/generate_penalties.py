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
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

MODELS = ("mistral", "qwen3-odd-heads-tied")
REPETITION_PENALTY = 1.3
STEPS = 24
MIN_MARGIN = 0.005  # least distance of the two best penalised logits


@torch.no_grad()
def generate(directory, embeds):
    """Greedy tokens, and the least distance of the two best penalised logits."""
    model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    output = model.generate(
        inputs_embeds=embeds[None],
        attention_mask=torch.ones(1, embeds.shape[0], dtype=torch.long),
        max_new_tokens=STEPS,
        do_sample=False,
        repetition_penalty=REPETITION_PENALTY,
        return_dict_in_generate=True,
        output_scores=True,
    )
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
