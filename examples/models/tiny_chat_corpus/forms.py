"""Question forms, facts and topics as values, and the expansion of the notation of ``phrasings`` into forms."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from . import phrasings as p

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Form:
    """A question form: its template, whether training never sees it for any fact, and how it was made."""

    template: str
    held_out: bool
    framed: bool  # a noun phrase in one of the shared frames


@dataclass(frozen=True)
class Fact:
    """What a question asks for: the slots of its forms, the full answer, the key words a right answer contains."""

    slots: dict[str, str]
    answer: str
    keywords: tuple[str, ...]
    subject: str = ""  # what a follow-up question ("And Spain?") names; empty when there is none


@dataclass
class Topic:
    """Facts of one kind with the forms that fit each of them; ``weight`` is its share of the training text."""

    name: str
    weight: float
    forms: list[Form]
    facts: list[Fact] = field(default_factory=list)
    draw: Callable[[random.Random], Fact] | None = None  # makes facts at random instead of from the list

    def fact(self, rng: random.Random) -> Fact:
        return self.draw(rng) if self.draw else rng.choice(self.facts)


def expand(line: str) -> list[str]:
    """Returns every text that the ``[a|b]`` alternatives of ``line`` can make."""
    match = _ALTERNATIVES.search(line)
    if not match:
        return [re.sub(r"\s+([?.,]|$)", r"\1", re.sub(r"\s+", " ", line)).strip()]

    texts = []
    for choice in match.group(1).split("|"):
        texts += expand(line[: match.start()] + choice + line[match.end() :])

    return texts


@lru_cache(maxsize=None)
def forms(text: str, frames: str = p.FRAMES) -> list[Form]:
    """Returns the forms that a block of template lines stands for, without repetitions."""
    found: dict[str, Form] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        held_out, line = line.startswith("~"), line.lstrip("~")
        if line.startswith("@"):
            for frame in forms(frames):
                for np in expand(line[1:]):
                    template = frame.template.replace("{np}", np)
                    found.setdefault(template, Form(template, frame.held_out or held_out, True))
        else:
            for template in expand(line):
                found.setdefault(template, Form(template, held_out, False))

    return list(found.values())


def about(np: str) -> list[Form]:
    """Returns the "tell me about" forms for a noun phrase."""
    return forms("@" + np, p.ABOUT_FRAMES)


def sentence(text: str) -> str:
    """Returns ``text`` with a capital first letter."""
    return text[:1].upper() + text[1:]


def bare(noun: str) -> str:
    """Returns a noun without its article."""
    return re.sub(r"^(an?|the) ", "", noun)
