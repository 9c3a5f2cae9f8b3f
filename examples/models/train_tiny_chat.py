#!/usr/bin/env python3
"""Trains the model in ``examples/models/tiny-chat`` from scratch, on text that it makes from facts.

    python3 examples/models/train_tiny_chat.py --output examples/models/tiny-chat

Needs torch, tokenizers and safetensors; a GPU makes it a matter of minutes. With transformers installed, the
exported model is also loaded there and its greedy answers are compared. The output directory is in Hugging Face
format; ``training_report.json`` in it holds the settings and the scores.
"""

import argparse
import json
import math
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tiny_chat_corpus.dialogues import (
    CHAT_TEMPLATE,
    Author,
    Question,
    held_out_questions,
    render,
    seed_questions,
)
from tiny_chat_model import Llama, LlamaSettings
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

PAD, END, SYSTEM, USER, ASSISTANT = SPECIAL_TOKENS = ("<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
WORDS_AND_SINGLE_DIGITS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
HELD_OUT_SEED = 2026
SHARDS = 16


def main() -> None:
    options = parse_options()
    started = time.time()
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    say(f"device {device}, torch {torch.__version__}")

    texts = write_texts(options.chats, options.seed)
    tokenizer = train_tokenizer(texts[: options.tokenizer_chats], options.vocab_size)
    rows, lengths = tokenise(tokenizer, texts, options.max_length)
    say(f"{len(rows)} chats, {int(lengths.sum())} tokens, vocabulary {tokenizer.get_vocab_size()}, {since(started)}")

    settings = LlamaSettings(tokenizer.get_vocab_size())
    model = Llama(settings).to(device)
    steps = train(model, rows, lengths, tokenizer, options, device)

    round_to_bfloat16(model)
    export(model, tokenizer, Path(options.output))
    scores = evaluate(model.float(), tokenizer, options.held_out // 2)
    report = {
        "settings": vars(options) | vars(settings),
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": steps,
        "seconds": round(time.time() - started),
        "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
        "torch": torch.__version__,
        **scores,
    }
    report["settings"].pop("output")
    report_file = Path(options.output) / "training_report.json"
    write_json(report_file, report)
    report["transformers"] = compare_with_transformers(model, tokenizer, Path(options.output))
    write_json(report_file, report)
    say(json.dumps({key: value for key, value in report.items() if key not in ("settings", "misses")}, indent=2))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True, help="directory for the model")
    parser.add_argument("--minutes", type=float, default=4.0, help="time for the training loop; it sets the schedule")
    parser.add_argument("--steps", type=int, default=16000, help="upper bound of training steps")
    parser.add_argument("--chats", type=int, default=1_200_000, help="number of training chats to write")
    parser.add_argument("--tokenizer-chats", type=int, default=60_000, help="of which the tokenizer is trained on")
    parser.add_argument("--vocab-size", type=int, default=4096)
    parser.add_argument("--batch", type=int, default=768, help="chats per step")
    parser.add_argument("--max-length", type=int, default=160, help="tokens; longer chats are left out")
    parser.add_argument("--learning-rate", type=float, default=1.5e-3)
    parser.add_argument("--held-out", type=int, default=1000, help="number of held-out questions to score")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def say(text: str) -> None:
    print(text, flush=True)


def since(started: float) -> str:
    return f"{time.time() - started:.0f} s"


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# --- text and tokens ---------------------------------------------------------------------------------------------


def write_shard(seed: int, count: int) -> list[str]:
    """Returns the texts of ``count`` training chats."""
    author = Author(seed)
    return [render(author.chat()) for _ in range(count)]


def write_texts(chats: int, seed: int) -> list[str]:
    """Returns training chats; the text does not depend on how many processes write it."""
    seeds = [seed * 1000 + shard for shard in range(SHARDS)]
    with ProcessPoolExecutor(min(SHARDS, len(os.sched_getaffinity(0)))) as pool:
        shards = pool.map(write_shard, seeds, [math.ceil(chats / SHARDS)] * SHARDS)
        return [text for shard in shards for text in shard]


def train_tokenizer(texts: list[str], vocab_size: int) -> Tokenizer:
    """Returns a byte-level BPE tokenizer in which each digit and each turn marker is one token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS_AND_SINGLE_DIGITS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def tokenise(tokenizer: Tokenizer, texts: list[str], max_length: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the token ids, one padded row of ``max_length`` for each chat that fits, and the lengths."""
    pad = tokenizer.token_to_id(PAD)
    rows = np.full((len(texts), max_length), pad, dtype=np.int16)
    lengths = np.zeros(len(texts), dtype=np.int64)
    count, part = 0, 50_000
    for start in range(0, len(texts), part):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + part], add_special_tokens=False):
            ids = encoding.ids
            if len(ids) <= max_length:
                rows[count, : len(ids)] = ids
                lengths[count] = len(ids)
                count += 1

    return rows[:count], lengths[:count]


# --- training ----------------------------------------------------------------------------------------------------


def batches(lengths: np.ndarray, batch: int, seed: int):
    """Yields for ever the row numbers of a batch of chats of about the same length, in random order."""
    rng = np.random.default_rng(seed)
    pool = batch * 32
    while True:
        order = rng.permutation(len(lengths))
        for start in range(0, len(order), pool):
            part = order[start : start + pool]
            part = part[np.argsort(lengths[part], kind="stable")]
            groups = [part[i : i + batch] for i in range(0, len(part), batch)]
            for i in rng.permutation(len(groups)):
                yield groups[i]


def assistant_targets(tokens: torch.Tensor, tokenizer: Tokenizer) -> torch.Tensor:
    """Returns the next token at each position, B S-1, or -100 where it is not part of an answer with its end."""
    system, user, assistant = (tokenizer.token_to_id(token) for token in (SYSTEM, USER, ASSISTANT))
    end = tokenizer.token_to_id(END)
    places = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
    is_marker = (tokens == system) | (tokens == user) | (tokens == assistant) | (tokens == end)
    # The place of the last marker before the target: the target is in an answer if that marker opens one.
    last = torch.where(is_marker, places, 0).cummax(dim=1).values[:, :-1]
    in_answer = tokens.gather(1, last) == assistant
    return torch.where(in_answer, tokens[:, 1:], -100)


def train(model: Llama, rows: np.ndarray, lengths: np.ndarray, tokenizer: Tokenizer, options, device: str) -> int:
    """Trains until the time or the steps are used up, with a learning rate that follows a cosine over them."""
    data = torch.from_numpy(rows).to(device)
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    plain = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, betas=(0.9, 0.98), fused=device == "cuda")
    model.train()
    started, step, seen = time.time(), 0, 0.0
    for chosen in batches(lengths, options.batch, options.seed):
        done = max((time.time() - started) / (60 * options.minutes), step / options.steps)
        if done >= 1:
            break

        warm = min(1.0, (step + 1) / 300)
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))

        width = int(lengths[chosen].max())
        index = torch.from_numpy(chosen).to(device, non_blocking=True)
        tokens = data[index, :width].long()  # B S
        targets = assistant_targets(tokens, tokenizer)  # B S-1
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            logits = model(tokens[:, :-1])  # B S-1 V

        loss = F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-100)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        seen += len(chosen)
        if step % 20 == 0 and device == "cuda":
            torch.cuda.synchronize()  # so that the clock is right

        if step % 250 == 0 or step == 1:
            say(f"step {step}, loss {loss.item():.4f}, epoch {seen / len(rows):.1f}, {done:.0%}, {since(started)}")

    return step


def round_to_bfloat16(model: Llama) -> None:
    """Rounds the weights to what the exported file holds."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.bfloat16().float())


# --- export ------------------------------------------------------------------------------------------------------


def export(model: Llama, tokenizer: Tokenizer, output: Path) -> None:
    """Writes the model directory in Hugging Face format."""
    output.mkdir(parents=True, exist_ok=True)
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id(PAD)
    weights = {name: value.bfloat16().cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, str(output / "model.safetensors"), metadata={"format": "pt"})
    (output / "model.safetensors").chmod(0o644)
    tokenizer.save(str(output / "tokenizer.json"))
    write_json(output / "config.json", model.settings.to_config(end, pad))
    write_json(output / "generation_config.json", {"do_sample": False, "eos_token_id": end, "pad_token_id": pad})
    write_json(
        output / "tokenizer_config.json",
        {
            "added_tokens_decoder": {
                str(tokenizer.token_to_id(token)): {
                    "content": token,
                    "lstrip": False,
                    "normalized": False,
                    "rstrip": False,
                    "single_word": False,
                    "special": True,
                }
                for token in SPECIAL_TOKENS
            },
            "additional_special_tokens": [SYSTEM, USER, ASSISTANT],
            "bos_token": None,
            "chat_template": CHAT_TEMPLATE,
            "clean_up_tokenization_spaces": False,
            "eos_token": END,
            "model_max_length": model.settings.max_positions,
            "pad_token": PAD,
            "tokenizer_class": "PreTrainedTokenizerFast",
        },
    )
    say(f"{output}: {sum(file.stat().st_size for file in output.iterdir()) / 1e6:.2f} MB")


# --- evaluation --------------------------------------------------------------------------------------------------


def answers(model: Llama, tokenizer: Tokenizer, questions: list[str]) -> list[str]:
    """Returns the greedy answers, with ``<|end|>`` where the model ended its turn."""
    end, found = tokenizer.token_to_id(END), []
    for start in range(0, len(questions), 250):
        prompts = [prompt(tokenizer, question) for question in questions[start : start + 250]]
        found += model.greedy(prompts, end)

    return [tokenizer.decode(ids, skip_special_tokens=False) for ids in found]


def prompt(tokenizer: Tokenizer, question: str) -> list[int]:
    text = render([{"role": "user", "content": question}]) + ASSISTANT
    return tokenizer.encode(text, add_special_tokens=False).ids


def is_right(question: Question, answer: str) -> bool:
    """Returns whether an answer has every key word and ends its turn."""
    return answer.endswith(END) and all(word in answer for word in question.keywords)


def evaluate(model: Llama, tokenizer: Tokenizer, per_kind: int) -> dict:
    """Scores the seed questions, held-out wordings, and the latter disturbed by greetings, typos and lower case."""
    model.eval()
    scores, misses = {}, []
    seeds = seed_questions()
    spoken = answers(model, tokenizer, [question.text for question in seeds])
    scores["seed_questions"] = [
        {"question": question.text, "answer": answer, "right": is_right(question, answer)}
        for question, answer in zip(seeds, spoken)
    ]
    held_out = held_out_questions(HELD_OUT_SEED, per_kind)
    author = Author(HELD_OUT_SEED)
    disturbed = [author.disturb(question.text) for question in held_out]
    for name, texts in (("held_out", [question.text for question in held_out]), ("held_out_disturbed", disturbed)):
        spoken = answers(model, tokenizer, texts)
        right = [is_right(question, answer) for question, answer in zip(held_out, spoken)]
        exact = [answer == question.answer + END for question, answer in zip(held_out, spoken)]
        scores[name] = {"questions": len(texts), "right": rate(right), "word_for_word": rate(exact)}
        for kind in ("form", "combination"):
            scores[name][kind] = rate([ok for ok, question in zip(right, held_out) if question.kind == kind])

        misses += [
            {"question": text, "expected": question.answer, "answer": answer, "kind": question.kind}
            for text, question, answer, ok in zip(texts, held_out, spoken, right)
            if not ok
        ]

    scores["misses"] = misses
    return scores


def rate(flags: list[bool]) -> float:
    return round(sum(flags) / max(1, len(flags)), 4)


def compare_with_transformers(model: Llama, tokenizer: Tokenizer, output: Path) -> str:
    """Returns whether transformers, loading the exported directory, gives the same greedy answers."""
    try:
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError:
        return "not installed"

    other = AutoModelForCausalLM.from_pretrained(output, dtype=torch.float32).eval()
    their_tokenizer = AutoTokenizer.from_pretrained(output)
    ours = Llama(model.settings).eval()
    ours.load_state_dict({name: value.float() for name, value in load_file(output / "model.safetensors").items()})
    questions = [question.text for question in seed_questions()]
    questions += [question.text for question in held_out_questions(HELD_OUT_SEED, 10)]
    same, difference = 0, 0.0
    for question, expected in zip(questions, answers(ours, tokenizer, questions)):
        chat = [{"role": "user", "content": question}]
        text = their_tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        ids = torch.tensor([their_tokenizer(text, add_special_tokens=False)["input_ids"]])
        if ids[0].tolist() != prompt(tokenizer, question):
            return f"tokens differ for {question!r}"

        with torch.no_grad():
            difference = max(difference, float((other(ids).logits - ours(ids)).abs().max()))
            made = other.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=64, do_sample=False)

        same += tokenizer.decode(made[0, ids.shape[1] :].tolist(), skip_special_tokens=False) == expected

    return f"{same} of {len(questions)} greedy answers equal, largest logit difference {difference:.1e}"


if __name__ == "__main__":
    sys.exit(main())
