"""Chats made from topics: training chats with disturbed wording, and the held-out questions.

Two kinds of question are never trained on, whatever the disturbance:
``form``, where no fact was ever asked with that template, and ``combination``, where the template is known from
other facts but this fact was never asked so (one question in ``HELD_OUT_ONE_IN``, chosen by the hash of its text).
"""

import random
import re
import zlib
from dataclasses import dataclass

from . import facts as f
from . import phrasings as p
from .forms import Fact, Form, Topic, forms, sentence
from .topics import topics

SEED_QUESTIONS = (
    "Please tell me about the capital of France.",
    "When is the day longest during the year?",
    "Where is bigger, the moon or the sun?",
    "Which is bigger, the moon or the sun?",
)
HELD_OUT_ONE_IN = 25

Message = dict[str, str]

# What the chat template in tokenizer_config.json renders, for a chat without the prompt of an answer.
TURN = "<|{role}|>{content}<|end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True)
class Question:
    """A question with the full answer, the key words of a right answer, and which kind of wording it is."""

    text: str
    answer: str
    keywords: tuple[str, ...]
    topic: str
    kind: str  # "trained", "combination" or "form"


def render(messages: list[Message]) -> str:
    """Returns a chat as the text that is tokenised for training."""
    return "".join(TURN.format(**message) for message in messages)


class Author:
    """Writes questions and chats; the same seed writes the same text."""

    def __init__(self, seed: int):
        self._rng = random.Random(seed)
        self._topics = topics()
        self._weights = [topic.weight for topic in self._topics]
        self._prefixes = forms(p.PREFIXES)
        self._suffixes = forms(p.SUFFIXES)
        self._follow_ups = forms(p.FOLLOW_UPS)

    def question(self, topic: Topic | None = None) -> Question:
        """Returns a question in plain wording, of any kind."""
        topic = topic or self._rng.choices(self._topics, self._weights)[0]
        fact, form = topic.fact(self._rng), self._rng.choice(topic.forms)
        return _ask(topic, fact, form)

    def trained_question(self) -> Question:
        """Returns a question whose wording may be trained on."""
        while True:
            question = self.question()
            if question.kind == "trained":
                return question

    def chat(self) -> list[Message]:
        """Returns a training chat: mostly one turn, sometimes up to three, sometimes with a system message."""
        rng, messages = self._rng, []
        if rng.random() < 0.12:
            messages.append({"role": "system", "content": rng.choice(f.SYSTEM_MESSAGES)})

        for _ in range(rng.choices((1, 2, 3), (0.84, 0.12, 0.04))[0]):
            topic = rng.choices(self._topics, self._weights)[0]
            question = self.question(topic)
            if question.kind != "trained":
                question = self.trained_question()
                topic = next(topic for topic in self._topics if topic.name == question.topic)

            text = self.disturb(question.text)
            while _is_held_out(text):
                text = self.disturb(question.text)

            messages += _turn(text, question.answer)
            if topic.facts and topic.facts[0].subject and rng.random() < 0.08:
                messages += self._follow_up(topic)

        return messages

    def _follow_up(self, topic: Topic) -> list[Message]:
        fact, form = topic.fact(self._rng), self._rng.choice(self._follow_ups)
        while form.held_out:
            form = self._rng.choice(self._follow_ups)

        return _turn(form.template.format(x=fact.subject), fact.answer)

    def disturb(self, text: str) -> str:
        """Returns the question as a person may type it: with a greeting, a typo, no capitals, no question mark."""
        rng = self._rng
        if rng.random() < 0.25:
            text = self._with_prefix(text)

        if rng.random() < 0.08:
            text += " " + self._pick(self._suffixes)

        if rng.random() < 0.15:
            text = text.rstrip("?.!")

        if rng.random() < 0.04:
            text = re.sub(r"\b(the|a|an) ", "", text)

        if rng.random() < 0.04:
            text = re.sub(r"[,':]", "", text)

        if rng.random() < 0.07:
            text = _with_typo(text, rng)

        case = rng.random()
        if case < 0.13:
            text = text.lower()
        elif case < 0.15:
            text = text.upper()

        return text

    def _with_prefix(self, text: str) -> str:
        prefix = self._pick(self._prefixes)
        first = text.split(" ", 1)[0]
        if prefix[-1] in ",:" and first in _QUESTION_WORDS and self._rng.random() < 0.7:
            text = text[0].lower() + text[1:]

        return f"{prefix} {text}"

    def _pick(self, form_list: list[Form]) -> str:
        form = self._rng.choice(form_list)
        return self._pick(form_list) if form.held_out else form.template


def held_out_questions(seed: int, per_kind: int) -> list[Question]:
    """Returns held-out questions without repetition, ``per_kind`` of each kind, topic after topic in turn.

    Every second question of the kind ``form`` has a form of its topic's own rather than a shared frame.
    """
    rng, found, all_topics = random.Random(seed), {}, topics()
    for kind in ("form", "combination"):
        left, turn = per_kind, 0
        while left and turn < 200 * per_kind:
            topic = all_topics[turn % len(all_topics)]
            own = turn // len(all_topics) % 2 == 0
            turn += 1
            question = _held_out(topic, kind, own, rng)
            if question and question.text not in found:
                found[question.text] = question
                left -= 1

    return list(found.values())


def _held_out(topic: Topic, kind: str, own: bool, rng: random.Random) -> Question | None:
    candidates = [form for form in topic.forms if form.held_out == (kind == "form")]
    if kind == "form":
        candidates = [form for form in candidates if form.framed != own]

    for _ in range(100 if candidates else 0):
        question = _ask(topic, topic.fact(rng), rng.choice(candidates))
        if question.kind == kind:
            return question

    return None


def seed_questions() -> list[Question]:
    """Returns the questions that the model must answer in any case, with their answers."""
    france = "The capital of France is Paris. Paris is a city in Europe."
    longest = "The day is longest at the summer solstice, around June 21 in the northern hemisphere."
    sun = "The sun is bigger than the moon."
    answers = ((france, ("Paris",)), (longest, ("summer solstice", "June 21")), (sun, (sun,)), (sun, (sun,)))
    return [Question(text, *answer, "seed", "trained") for text, answer in zip(SEED_QUESTIONS, answers)]


_QUESTION_WORDS = set("What Which Who When Where How Why Is Are Do Does Can Could Tell Name Give Between In".split())


def _ask(topic: Topic, fact: Fact, form: Form) -> Question:
    text = sentence(form.template.format(**fact.slots))
    if form.held_out:
        kind = "form"
    elif _is_held_out(text):
        kind = "combination"
    else:
        kind = "trained"

    return Question(text, fact.answer, fact.keywords, topic.name, kind)


def _is_held_out(text: str) -> bool:
    chosen = zlib.crc32(text.lower().encode()) % HELD_OUT_ONE_IN == 0
    return chosen and text not in SEED_QUESTIONS


def _turn(question: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def _with_typo(text: str, rng: random.Random) -> str:
    """Returns ``text`` with one letter of one longer word doubled, dropped or swapped with the next."""
    places = [m.start() + i for m in re.finditer(r"[A-Za-z]{4,}", text) for i in range(1, len(m.group()) - 1)]
    if not places:
        return text

    i = rng.choice(places)
    middle = rng.choice((text[i] * 2 + text[i + 1], text[i + 1], text[i + 1] + text[i]))
    return text[:i] + middle + text[i + 2 :]
