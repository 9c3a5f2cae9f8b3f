#!/usr/bin/env python3
"""Trains a soft prompt for ``examples/models/tiny-chat``: the same questions, answered in another manner.

    python3 examples/models/train_soft_prompt.py --output examples/models/tiny-chat-polite

Needs torch, numpy, tokenizers and safetensors, and two minutes on a GPU. The model stays as it is: only a few
embeddings are trained, which stand before the chat. They are written as the library PEFT writes them.

Letters in shapes: B chats, S positions, P virtual tokens, D hidden size, V vocabulary.
"""

import argparse
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tiny_chat_corpus.dialogues import Author, Question, held_out_questions, render
from tiny_chat_model import Llama, LlamaSettings
from tokenizers import Tokenizer
from torch import Tensor
from train_tiny_chat import END, assistant_targets, batches, prompt, say, since, tokenise, write_json

MODEL = Path(__file__).parent / "tiny-chat"
MAX_NEW = 48


@dataclass(frozen=True)
class Manner:
    """A way to answer: how it says what a question's full answer says, and words that a right answer then has."""

    say: Callable[[Question], str]
    keywords: Callable[[Question], tuple[str, ...]] = lambda question: question.keywords


def first_sentence(question: Question) -> str:
    return re.split(r"(?<=[.!?]) ", question.answer)[0]


# What a few embeddings can teach this model. They cannot teach it to begin with a greeting or to answer in one word:
# it then gets only a third of its answers right.
MANNERS = {
    "polite": Manner(lambda q: f"{q.answer} You are welcome!"),
    "short": Manner(first_sentence, lambda q: tuple(w for w in q.keywords if w in first_sentence(q))),
}


def main() -> None:
    options = parse_options()
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    model = load_model(tokenizer.get_vocab_size()).to(options.device)
    manner = MANNERS[options.manner]
    soft = train(model, tokenizer, write_texts(manner, options.chats, options.seed), options)
    export(soft, Path(options.output))
    scores = evaluate(model, tokenizer, soft, manner, options.held_out)
    settings = {key: value for key, value in vars(options).items() if key not in ("output", "device")}
    write_json(Path(options.output) / "training_report.json", {"settings": settings, **scores})
    say(json.dumps(scores, indent=2))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True, help="directory for the adapter")
    parser.add_argument("--manner", choices=sorted(MANNERS), default="polite")
    parser.add_argument("--virtual-tokens", type=int, default=16)
    parser.add_argument("--chats", type=int, default=20_000, help="number of training chats to write")
    parser.add_argument("--batch", type=int, default=64, help="chats per step")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=3.0, help="upper bound of the time for training")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--held-out", type=int, default=1000, help="number of held-out questions to score")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def load_model(vocab_size: int) -> Llama:
    """Returns the model, whose weights are not to be trained."""
    model = Llama(LlamaSettings(vocab_size))
    weights = load_file(str(MODEL / "model.safetensors"))
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.requires_grad_(False).eval()


def write_texts(manner: Manner, chats: int, seed: int) -> list[str]:
    """Returns training chats of one turn whose answers are in ``manner``."""
    author = Author(seed)
    texts = []
    for _ in range(chats):
        question = author.trained_question()
        user = {"role": "user", "content": author.disturb(question.text)}
        texts.append(render([user, {"role": "assistant", "content": manner.say(question)}]))

    return texts


def hidden(model: Llama, soft: Tensor, tokens: Tensor) -> Tensor:
    """Returns the last layer's output, B S D, at each of ``tokens``, B S, which the soft prompt, P D, stands before."""
    decoder = model.model
    before = soft.expand(tokens.shape[0], -1, -1)  # B P D
    x = torch.cat((before, decoder.embed_tokens(tokens)), dim=1)  # B P+S D
    for layer in decoder.layers:
        x = layer(x, decoder.cos[: x.shape[1]], decoder.sin[: x.shape[1]])

    return decoder.norm(x[:, soft.shape[0] :])


def train(model: Llama, tokenizer: Tokenizer, texts: list[str], options: argparse.Namespace) -> Tensor:
    """Returns the soft prompt, P D, which starts as the embeddings of random tokens."""
    rows, lengths = tokenise(tokenizer, texts, max_length=96)
    embedding = model.model.embed_tokens.weight
    start = torch.randint(0, embedding.shape[0], [options.virtual_tokens])
    soft = embedding[start.to(embedding.device)].clone().requires_grad_()  # P D
    optimizer = torch.optim.Adam([soft], lr=options.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.steps)
    started = time.time()
    for step, chosen in zip(range(options.steps), batches(lengths, options.batch, options.seed)):
        if time.time() - started > 60 * options.minutes:
            break

        tokens = torch.from_numpy(rows[chosen, : lengths[chosen].max()]).long()  # B S
        targets = assistant_targets(tokens, tokenizer).to(options.device)  # B S-1
        scores = F.linear(hidden(model, soft, tokens[:, :-1].to(options.device)), embedding)  # B S-1 V
        loss = F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=-100)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([soft], 1.0)
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            say(f"step {step}, loss {loss.item():.4f}, {since(started)}")

    return soft.detach()


def export(soft: Tensor, output: Path) -> None:
    """Writes the adapter: what PEFT's PromptTuningConfig and ``save_pretrained`` write."""
    output.mkdir(parents=True, exist_ok=True)
    weights = {"prompt_embeddings": soft.cpu().contiguous()}
    save_file(weights, str(output / "adapter_model.safetensors"), metadata={"format": "pt"})
    (output / "adapter_model.safetensors").chmod(0o644)
    write_json(
        output / "adapter_config.json",
        {
            "base_model_name_or_path": "tiny-chat",
            "inference_mode": True,
            "num_attention_heads": 6,
            "num_layers": 6,
            "num_transformer_submodules": 1,
            "num_virtual_tokens": soft.shape[0],
            "peft_type": "PROMPT_TUNING",
            "prompt_tuning_init": "RANDOM",
            "task_type": "CAUSAL_LM",
            "token_dim": soft.shape[1],
        },
    )


def evaluate(model: Llama, tokenizer: Tokenizer, soft: Tensor, manner: Manner, count: int) -> dict:
    """Returns the share of held-out questions answered word for word as the manner has it, and rightly at all."""
    questions = held_out_questions(seed=2027, per_kind=count // 2)
    answers = generate(model, tokenizer, soft, [question.text for question in questions])
    exact = sum(answer == manner.say(question) for question, answer in zip(questions, answers))
    right = sum(all(w in answer for w in manner.keywords(q)) for q, answer in zip(questions, answers))
    every = max(1, count // 12)
    shown = [{"question": q.text, "answer": a} for q, a in zip(questions[::every], answers[::every])]
    return {
        "questions": len(questions),
        "in_manner": round(exact / len(questions), 3),
        "right": round(right / len(questions), 3),
        "samples": shown,
    }


@torch.inference_mode()
def generate(model: Llama, tokenizer: Tokenizer, soft: Tensor, questions: list[str]) -> list[str]:
    """Returns the most likely answers; every prompt is computed anew at each step."""
    end = tokenizer.token_to_id(END)
    prompts = [prompt(tokenizer, question) for question in questions]
    lengths = torch.tensor([len(ids) for ids in prompts], device=soft.device)  # B
    tokens = torch.full((len(prompts), int(lengths.max()) + MAX_NEW), end, device=soft.device)  # B S
    for row, ids in enumerate(prompts):
        tokens[row, : len(ids)] = torch.tensor(ids, device=soft.device)

    rows = torch.arange(len(prompts), device=soft.device)
    done = torch.zeros_like(lengths, dtype=torch.bool)  # B
    for step in range(MAX_NEW):
        states = hidden(model, soft, tokens[:, : int(lengths.max()) + step])  # B S D
        best = F.linear(states[rows, lengths + step - 1], model.model.embed_tokens.weight).argmax(-1)  # B
        best = torch.where(done, end, best)
        tokens[rows, lengths + step] = best
        done |= best == end
        if bool(done.all()):
            break

    return [
        tokenizer.decode(row[len(ids) : len(ids) + MAX_NEW].tolist(), skip_special_tokens=True)
        for row, ids in zip(tokens, prompts)
    ]


if __name__ == "__main__":
    main()
