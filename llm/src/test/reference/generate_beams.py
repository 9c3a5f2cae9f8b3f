"""Makes what Hugging Face transformers finds by beam search, from the golden models.

    python generate_beams.py GOLDEN_DIRECTORY

needs what generate_golden.py needs. Each of the MODELS gets a file beams.json: a search for each of its
prompts and CASES, all beams returned, best first. Some searches have a token that ends outputs: one that
the search without it comes across, so that some outputs end early and others do not.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

MODELS = ("llama-llama3", "gemma2", "qwen3-next", "lfm2")
STEPS = 12
CASES = (  # width, length penalty, whether a token ends outputs
    (2, 1.0, False),
    (4, 1.0, True),
    (3, 0.0, True),
    (5, 2.0, True),
    (4, -1.0, True),
)
PROMPTS = 3
MIN_MARGIN = 5e-5  # least distance of the scores of outputs: searches with closer ones are left out
LEAST = 6  # searches of a model


def search(model, embeds, width, penalty, eos):
    """Token ids of all beams, each up to its end, and their scores."""
    model.generation_config.eos_token_id = eos
    model.generation_config.pad_token_id = 0
    output = model.generate(
        inputs_embeds=embeds[None],
        attention_mask=torch.ones(1, embeds.shape[0], dtype=torch.long),
        max_new_tokens=STEPS,
        do_sample=False,
        num_beams=width,
        num_return_sequences=width,
        length_penalty=penalty,
        return_dict_in_generate=True,
        output_scores=True,
    )
    found = []
    for tokens in output.sequences.tolist():
        end = tokens.index(eos) + 1 if eos is not None and eos in tokens else len(tokens)
        found.append(tokens[:end])

    return found, output.sequences_scores.tolist()


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)

    torch.set_num_threads(1)
    for name in MODELS:
        directory = Path(sys.argv[1]) / name
        model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager", dtype=torch.float32)
        model.eval()
        tensors = load_file(directory / "expected.safetensors")
        searches, early = [], 0
        for prompt in range(PROMPTS):
            embeds = tensors[f"{prompt}.embeds"]
            plain = search(model, embeds, 4, 1.0, None)[0]
            for width, penalty, ends in CASES:
                eos = plain[1][STEPS // 2] if ends else None
                tokens, scores = search(model, embeds, width, penalty, eos)
                if min(a - b for a, b in zip(scores, scores[1:])) < MIN_MARGIN:
                    continue

                early += sum(len(each) < STEPS for each in tokens)
                searches.append(
                    {"prompt": prompt, "beam_width": width, "length_penalty": penalty, "eos": eos, "token_ids": tokens}
                )

        if len(searches) < LEAST or early == 0:
            raise SystemExit(f"{name}: {len(searches)} searches are left, {early} outputs end early")

        (directory / "beams.json").write_text(json.dumps(searches) + "\n")
        print(f"{name}: {len(searches)} searches, {early} outputs end early", flush=True)


if __name__ == "__main__":
    main()
