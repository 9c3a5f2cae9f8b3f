#!/usr/bin/env python3
"""Writes the example chats of the tiny chat model as JSON lines; the same file every time.

    python3 examples/models/write_tiny_chat_examples.py --output examples/data

``chats.jsonl`` holds chats that end with a question: ``id``, ``messages``, and ``expected``, the key words of a right
answer. ``held_out.jsonl`` holds questions in wordings that training never saw: ``id``, ``question``, ``expected``,
``answer``, ``topic`` and ``kind`` (``form`` or ``combination``, see ``tiny_chat_corpus/dialogues.py``).
"""

import argparse
import json
import random
from pathlib import Path

from tiny_chat_corpus.dialogues import Author, Message, Question, held_out_questions, seed_questions
from tiny_chat_corpus.facts import SYSTEM_MESSAGES

CHATS_SEED = 300
HELD_OUT_SEED = 2026
SEED_CHATS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True, type=Path, help="directory for the two files")
    parser.add_argument("--chats", type=int, default=300)
    parser.add_argument("--held-out", type=int, default=400)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    write_lines(options.output / "chats.jsonl", chats(options.chats))
    write_lines(options.output / "held_out.jsonl", held_out(options.held_out))


def write_lines(path: Path, records: list[dict]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(records)} lines")


def chats(count: int) -> list[dict]:
    """Returns the seed chats, then trained and held-out wordings mixed, some with a system message or two turns."""
    rng, author = random.Random(CHATS_SEED), Author(CHATS_SEED)
    questions = seed_questions()[:SEED_CHATS]
    wanted = count - SEED_CHATS
    others = held_out_questions(CHATS_SEED, wanted // 5) + distinct(author, wanted - wanted // 5 * 2)
    rng.shuffle(others)
    records = []
    for number, question in enumerate(questions + others, 1):
        before = [] if number <= SEED_CHATS else opening(rng, author)
        messages = [*before, {"role": "user", "content": question.text}]
        records.append({"id": f"chat-{number:04}", "messages": messages, "expected": list(question.keywords)})

    return records


def distinct(author: Author, count: int) -> list[Question]:
    """Returns ``count`` different questions in trained wording."""
    found: dict[str, Question] = {}
    while len(found) < count:
        question = author.trained_question()
        found.setdefault(question.text, question)

    return list(found.values())


def opening(rng: random.Random, author: Author) -> list[Message]:
    """Returns what stands before the last question: mostly nothing."""
    if rng.random() < 0.1:
        return [{"role": "system", "content": rng.choice(SYSTEM_MESSAGES)}]

    if rng.random() < 0.1:
        earlier = author.trained_question()
        return [{"role": "user", "content": earlier.text}, {"role": "assistant", "content": earlier.answer}]

    return []


def held_out(count: int) -> list[dict]:
    """Returns held-out questions, half of each kind."""
    return [
        {
            "id": f"held-out-{number:04}",
            "question": question.text,
            "expected": list(question.keywords),
            "answer": question.answer,
            "topic": question.topic,
            "kind": question.kind,
        }
        for number, question in enumerate(held_out_questions(HELD_OUT_SEED, count // 2), 1)
    ]


if __name__ == "__main__":
    main()
