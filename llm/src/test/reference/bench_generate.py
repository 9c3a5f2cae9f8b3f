#!/usr/bin/env python3
"""Runs a workload of `prompt-embeds bench` with Hugging Face transformers, for `bench --compare`.

Needs torch and transformers (5.17 was used). Random embeddings and, for --config, random weights:

    prompt-embeds bench --model shape:llama-3.1-8b --workload mlperf-8b --rows 512 \
        --save-workload rows.csv --json ours.json
    python bench_generate.py --config config.json --workload rows.csv --batch 64 --json theirs.json
    prompt-embeds bench --compare ours.json theirs.json --html compared.html

--how generate calls model.generate(inputs_embeds=...) on batches of rows sorted by length, each padded
on the left to its longest and run for as many tokens as its longest output, of which only those
asked for count. --how continuous is transformers' continuous batching, which takes token ids alone,
so that its prompts are random tokens of the same lengths.
"""

import argparse
import csv
import datetime
import json
import random
import time

import torch
import transformers


def rows_of(path):
    with open(path, newline="") as file:
        return [(int(a), int(b)) for a, b in csv.reader(file) if a.strip().isdigit()]


def load(arguments):
    if arguments.model:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            arguments.model, dtype=getattr(torch, arguments.dtype)
        )
        return model.to(arguments.device).eval()

    config = transformers.AutoConfig.from_pretrained(arguments.config)
    torch.set_default_dtype(getattr(torch, arguments.dtype))
    with torch.device(arguments.device):
        return transformers.AutoModelForCausalLM.from_config(config).eval()


def generate(model, rows, arguments):
    """Seconds from the start to the end of each row, and of all."""
    width = model.get_input_embeddings().weight.shape[1]
    generator = torch.Generator(device=arguments.device).manual_seed(0)
    order = sorted(range(len(rows)), key=lambda i: rows[i])
    ends = []
    start = time.perf_counter()
    for first in range(0, len(order), arguments.batch):
        batch = [rows[i] for i in order[first : first + arguments.batch]]
        longest = max(prompt for prompt, _ in batch)
        output = max(tokens for _, tokens in batch)
        embeds = torch.empty(
            len(batch), longest, width, dtype=model.dtype, device=arguments.device
        ).uniform_(-0.02, 0.02, generator=generator)
        mask = torch.zeros(len(batch), longest, dtype=torch.long, device=arguments.device)
        for i, (prompt, _) in enumerate(batch):
            mask[i, longest - prompt :] = 1

        with torch.inference_mode():
            model.generate(
                inputs_embeds=embeds,
                attention_mask=mask,
                do_sample=False,
                min_new_tokens=output,
                max_new_tokens=output,
                pad_token_id=0,
            )

        ends += [time.perf_counter() - start] * len(batch)

    return ends, time.perf_counter() - start


def continuous(model, rows, arguments):
    numbers = random.Random(0)
    vocabulary = model.config.get_text_config().vocab_size
    prompts = [[numbers.randrange(vocabulary) for _ in range(prompt)] for prompt, _ in rows]
    most = max(tokens for _, tokens in rows)
    if any(tokens != most for _, tokens in rows):
        raise SystemExit("--how continuous takes outputs of one length, as mlperf-8b has them")

    settings = transformers.GenerationConfig(
        max_new_tokens=most, min_new_tokens=most, do_sample=False, eos_token_id=-1, pad_token_id=0
    )
    start = time.perf_counter()
    with torch.no_grad():
        results = model.generate_batch(inputs=prompts, generation_config=settings)

    seconds = time.perf_counter() - start
    if len(results) != len(rows):
        raise SystemExit(f"{len(results)} of {len(rows)} rows came back")

    return [], seconds


def percentiles(seconds):
    ordered = sorted(1e3 * value for value in seconds)
    rank = lambda share: ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]
    return {
        "count": len(ordered),
        "mean_ms": sum(ordered) / len(ordered),
        "p50_ms": rank(0.5),
        "p90_ms": rank(0.9),
        "p99_ms": rank(0.99),
        "max_ms": ordered[-1],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="model directory")
    parser.add_argument("--config", help="config.json of a model that gets random weights")
    parser.add_argument("--workload", required=True, help="CSV with prompt_tokens,output_tokens")
    parser.add_argument("--how", choices=["generate", "continuous"], default="generate")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", default="bfloat16")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--json", required=True)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)

    rows = rows_of(arguments.workload)
    model = load(arguments)
    run = generate if arguments.how == "generate" else continuous
    run(model, rows[: min(len(rows), 2)], arguments)  # warms up
    ends, seconds = run(model, rows, arguments)
    report = {
        "target": f"transformers {arguments.how}",
        "seconds": seconds,
        "rows": len(rows),
        "prompt_tokens": sum(prompt for prompt, _ in rows),
        "output_tokens": sum(output for _, output in rows),
        "details": {"batch": arguments.batch},
        "moments": [],
    }
    if ends:
        report["end_to_end"] = percentiles(ends)

    with open(arguments.json, "w") as file:
        json.dump(
            {
                "title": f"{arguments.model or arguments.config}, {arguments.workload}",
                "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                "setting": {
                    "transformers": transformers.__version__,
                    "torch": torch.__version__,
                    "device": arguments.device,
                    "dtype": arguments.dtype,
                },
                "runs": [report],
            },
            file,
            indent=2,
        )
    print(f"{report['output_tokens'] / seconds:.1f} output tokens/s")


if __name__ == "__main__":
    main()
