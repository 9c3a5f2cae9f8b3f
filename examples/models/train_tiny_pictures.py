#!/usr/bin/env python3
"""Trains ``examples/models/tiny-pictures``: a vision tower, and a sibling of tiny-chat that answers about pictures.

    python3 examples/models/train_tiny_pictures.py --output examples/models/tiny-pictures --data examples/data

Needs torch, numpy, tokenizers and safetensors, and three minutes on a GPU. The pictures are drawn by the script. The
language model starts as the first layers of tiny-chat, and is trained together with the tower. Held-out pictures,
questions and answers go to the folder of data: they are what the example Pictures shows.

Letters in shapes: B pictures, P embeddings of a picture, S positions of text, D hidden size, V vocabulary.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tiny_chat_corpus.dialogues import render
from tiny_chat_model import Llama, LlamaSettings
from tiny_pictures import SIZE, Scene, draw, encode, questions, scene, write_png
from tiny_tower import Tower
from tokenizers import Tokenizer
from torch import Tensor, nn
from train_tiny_chat import (
    ASSISTANT,
    END,
    assistant_targets,
    batches,
    export,
    rate,
    round_to_bfloat16,
    say,
    since,
    tokenise,
    write_json,
)

BASE = Path(__file__).parent / "tiny-chat"
MAX_NEW = 32


class Reader(nn.Module):
    """The tower and the language model: a picture stands at the beginning of the user's turn."""

    def __init__(self, settings: LlamaSettings):
        super().__init__()
        self.tower = Tower(SIZE, settings.hidden_size)
        self.llama = Llama(settings)

    def forward(self, pictures: Tensor, tokens: Tensor) -> Tensor:
        """Returns the last layer's output, B S D, at each of ``tokens``, B S, the first of which opens the turn."""
        decoder = self.llama.model
        seen = self.tower(pictures)  # B P D
        text = decoder.embed_tokens(tokens)  # B S D
        x = torch.cat((text[:, :1], seen, text[:, 1:]), dim=1)  # B S+P D
        for layer in decoder.layers:
            x = layer(x, decoder.cos[: x.shape[1]], decoder.sin[: x.shape[1]])

        return decoder.norm(x[:, seen.shape[1] :])  # the first is what follows the picture


def main() -> None:
    options = parse_options()
    started = time.time()
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    settings = LlamaSettings(tokenizer.get_vocab_size(), layers=options.layers, max_positions=128)
    model = Reader(settings)
    weights = load_file(str(BASE / "model.safetensors"))
    model.llama.load_state_dict({name: weights[name].float() for name in model.llama.state_dict()})
    model.to(device)
    steps = train(model, tokenizer, options, device)
    round_to_bfloat16(model.llama)
    model.eval()

    output = Path(options.output)
    export(model.llama, tokenizer, output)
    tower = {name: value.cpu().contiguous() for name, value in model.tower.state_dict().items()}
    save_file(tower, str(output / "tower.safetensors"))
    (output / "tower.safetensors").chmod(0o644)
    scores = evaluate(model, tokenizer, options.held_out, device)
    write_examples(model, tokenizer, options.pictures, Path(options.data), device)
    report = {
        "settings": {key: value for key, value in vars(options).items() if key not in ("output", "data")},
        "parameters": {
            "tower": sum(p.numel() for p in model.tower.parameters()),
            "model": sum(p.numel() for p in model.llama.parameters()),
        },
        "steps": steps,
        "seconds": round(time.time() - started),
        "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
        "torch": torch.__version__,
        **scores,
    }
    write_json(output / "training_report.json", report)
    say(json.dumps(report, indent=2))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True, help="directory for the model and the tower")
    parser.add_argument("--data", required=True, help="directory for the held-out pictures and questions")
    parser.add_argument("--minutes", type=float, default=2.2, help="time for the training loop; it sets the schedule")
    parser.add_argument("--steps", type=int, default=20_000, help="upper bound of training steps")
    parser.add_argument("--scenes", type=int, default=150_000, help="scenes to train on; each is drawn anew every time")
    parser.add_argument("--layers", type=int, default=3, help="how many of tiny-chat's layers to begin with")
    parser.add_argument("--batch", type=int, default=768, help="questions per step")
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--held-out", type=int, default=400, help="number of held-out pictures to score")
    parser.add_argument("--pictures", type=int, default=12, help="number of held-out pictures for the example")
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def scenes(count: int, seed: int, held_out: bool) -> list[Scene]:
    """Returns scenes; of those with two or three shapes all are collections that training has, or all are not."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        drawn = scene(rng)
        shapes = len(drawn.things)
        while len(drawn.things) != shapes or (shapes > 1 and drawn.is_held_out != held_out):
            drawn = scene(rng)

        found.append(drawn)

    return found


def train(model: Reader, tokenizer: Tokenizer, options: argparse.Namespace, device: str) -> int:
    """Trains until the time or the steps are used up, with a learning rate that follows a cosine over them."""
    began = time.time()
    rng = random.Random(options.seed)
    shown, owner, texts = scenes(options.scenes, options.seed, held_out=False), [], []
    for number, drawn in enumerate(shown):
        for question, answer in questions(drawn, rng):
            owner.append(number)
            texts.append(chat(question) + answer + END)

    rows, lengths = tokenise(tokenizer, texts, max_length=64)
    assert len(rows) == len(texts), "a chat is longer than 64 tokens"
    say(f"{len(shown)} scenes, {len(texts)} questions, longest {lengths.max()} tokens, {since(began)}")
    codes, owner, data = encode(shown).to(device), torch.tensor(owner).to(device), torch.from_numpy(rows).to(device)
    generator = torch.Generator(device).manual_seed(options.seed)
    embedding = model.llama.model.embed_tokens.weight
    optimizer = torch.optim.AdamW(
        model.parameters(), options.learning_rate, betas=(0.9, 0.98), weight_decay=0.02, fused=device == "cuda"
    )
    started, step = time.time(), 0
    for chosen in batches(lengths, options.batch, options.seed):
        done = max((time.time() - started) / (60 * options.minutes), step / options.steps)
        if done >= 1:
            break

        warm = min(1.0, (step + 1) / 200)
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))

        index = torch.from_numpy(chosen).to(device, non_blocking=True)
        tokens = data[index, : int(lengths[chosen].max())].long()  # B S
        targets = assistant_targets(tokens, tokenizer)  # B S-1
        pictures = draw(codes[owner[index]], generator)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            states = model(pictures, tokens[:, :-1])[targets >= 0]  # N D
            scores = F.linear(states, embedding)  # N V

        loss = F.cross_entropy(scores.float(), targets[targets >= 0])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 20 == 0 and device == "cuda":
            torch.cuda.synchronize()  # so that the clock is right

        if step % 250 == 0 or step == 1:
            say(f"step {step}, loss {loss.item():.4f}, {done:.0%}, {since(started)}")

    return step


def chat(question: str) -> str:
    return render([{"role": "user", "content": question}]) + ASSISTANT


def evaluate(model: Reader, tokenizer: Tokenizer, count: int, device: str) -> dict:
    """Scores held-out pictures: new drawings, and of two and three shapes collections that training never has."""
    rng = random.Random(2028)
    shown = scenes(count, 2028, held_out=True)
    pictures = draw(encode(shown).to(device), torch.Generator(device).manual_seed(2028))
    asked = [(number, *pair) for number, drawn in enumerate(shown) for pair in questions(drawn, rng)]
    answers = answer(model, tokenizer, pictures, [(number, question) for number, question, _ in asked])
    right = [given == expected for given, (_, _, expected) in zip(answers, asked)]
    sorts = {}
    for ok, (number, question, _) in zip(right, asked):
        sort = "digits" if shown[number].is_digit else f"{len(shown[number].things)} shapes"
        for key in (sort, " ".join(question.split()[:2])):
            sorts.setdefault(key, []).append(ok)

    misses = [
        {"picture": str(shown[number]), "question": question, "answer": given}
        for ok, given, (number, question, _) in zip(right, answers, asked)
        if not ok
    ]
    return {
        "held_out": {"pictures": count, "questions": len(asked), "word_for_word": rate(right)},
        "by_sort": {key: rate(flags) for key, flags in sorted(sorts.items())},
        "misses": misses[:20],
    }


@torch.inference_mode()
def answer(model: Reader, tokenizer: Tokenizer, pictures: Tensor, asked: list[tuple[int, str]]) -> list[str]:
    """Returns the most likely answers to questions, each with its picture's number, computed anew at each step."""
    end, device, found = tokenizer.token_to_id(END), pictures.device, []
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        prompts = [tokenizer.encode(chat(question), add_special_tokens=False).ids for _, question in part]
        seen = pictures[torch.tensor([number for number, _ in part], device=device)]
        lengths = torch.tensor([len(ids) for ids in prompts], device=device)  # B
        tokens = torch.full((len(part), int(lengths.max()) + MAX_NEW), end, device=device)  # B S
        for row, ids in enumerate(prompts):
            tokens[row, : len(ids)] = torch.tensor(ids, device=device)

        rows = torch.arange(len(part), device=device)
        for step in range(MAX_NEW):
            states = model(seen, tokens[:, : int(lengths.max()) + step])  # B S D
            best = F.linear(states[rows, lengths + step - 1], model.llama.model.embed_tokens.weight).argmax(-1)  # B
            best = torch.where(tokens[rows, lengths + step - 1] == end, end, best)
            tokens[rows, lengths + step] = best
            if bool((best == end).all()):
                break

        for row, ids in zip(tokens.tolist(), prompts):
            made = row[len(ids) :]
            found.append(tokenizer.decode(made[: made.index(end)] if end in made else made))

    return found


def write_examples(model: Reader, tokenizer: Tokenizer, count: int, data: Path, device: str) -> None:
    """Writes held-out pictures and, to each, its questions with the right answer and the one that the model gives."""
    rng = random.Random(2032)
    shown = scenes(count, 2032, held_out=True)
    pictures = draw(encode(shown).to(device), torch.Generator(device).manual_seed(2032))
    asked = [(number, *pair) for number, drawn in enumerate(shown) for pair in questions(drawn, rng)]
    answers = answer(model, tokenizer, pictures, [(number, question) for number, question, _ in asked])
    folder = data / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        write_png(folder / f"{number + 1:02}.png", pictures[number].cpu())

    lines = [
        {"picture": f"{number + 1:02}.png", "question": question, "expected": expected, "answer": given}
        for given, (number, question, expected) in zip(answers, asked)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (data / "pictures.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
