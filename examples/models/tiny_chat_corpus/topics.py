"""Topics: each joins facts (filled slots and an answer) with the forms in which they are asked."""

import random
from collections.abc import Iterable

from . import facts as f
from . import phrasings as p
from . import phrasings_things as t
from . import unknown as u
from .faq import FAQ
from .forms import Fact, Form, Topic, about, bare, forms, sentence


def topics() -> list[Topic]:
    """Returns all topics, in a fixed order."""
    return [
        *_geography(),
        *_comparisons(),
        *_arithmetic(),
        *_sequences(),
        *_words(),
        *_animals(),
        *_things(),
        *_alone(),
        Topic("unknown", 9.0, forms(u.UNKNOWN), draw=_unknown),
        Topic("unknown definition", 1.0, forms(t.DEFINITION), draw=_unknown_noun),
        Topic("unknown capital", 1.5, forms(p.CAPITAL), draw=_unknown_place),
    ]


def _table(name: str, weight: float, form_list: list[Form], rows: Iterable[tuple]) -> Topic:
    """Returns a topic of facts given as (slots, answer, key words[, subject of a follow-up])."""
    return Topic(name, weight, form_list, [Fact(row[0], sentence(row[1]), *row[2:]) for row in rows])


def _geography() -> list[Topic]:
    places = [(c, k, continent) for continent, rows in f.CAPITALS.items() for c, k in rows]
    known = {c: (k, continent) for c, k, continent in places}
    named = [(c, c, k, continent) for c, k, continent in places]
    named += [(alias, c, *known[c]) for alias, c in f.COUNTRY_ALIASES]
    countries = [c for c, _, _ in places]

    def is_capital(rng: random.Random) -> Fact:
        c, k, _ = rng.choice(places)
        other = rng.choice(places)[1] if rng.random() < 0.5 else k
        answer = f"Yes, {k} is the capital of {c}." if other == k else f"No, the capital of {c} is {k}."
        return Fact({"c": c, "k": other}, answer, (answer[:3].strip(","), k))

    def capital(c: str, k: str) -> str:
        return f"The capital of {c} is {k}"

    return [
        _table("capital", 12.0, forms(p.CAPITAL), [({"c": a}, capital(c, k) + ".", (k,), a) for a, c, k, _ in named]),
        _table(
            "about a capital",
            4.0,
            about("the capital [city |]of {c}") + about("{c}'s capital"),
            [({"c": a}, f"{capital(c, k)}. {k} is a city in {w}.", (k, w)) for a, c, k, w in named],
        ),
        _table(
            "country of a capital",
            5.0,
            forms(p.CAPITAL_OF),
            [({"k": k}, f"{k} is the capital of {c}.", (bare(c),), k) for c, k, _ in places if _own(k, countries)],
        ),
        Topic("is it the capital", 3.0, forms(p.IS_CAPITAL), draw=is_capital),
        _table(
            "continent",
            3.0,
            forms(p.CONTINENT),
            [({"c": a}, f"{c} is in {w}.", (w,), a) for a, c, _, w in named],
        ),
        _table(
            "country",
            3.0,
            forms(p.COUNTRY) + about("{c}"),
            [({"c": a}, f"{c} is a country in {w}. Its capital is {k}.", (w, k)) for a, c, k, w in named],
        ),
        _table(
            "language",
            2.0,
            forms(p.LANGUAGE),
            [({"c": c}, f"people in {c} speak {x}.", (x,), c) for c, x in f.LANGUAGES],
        ),
        _table(
            "currency",
            2.0,
            forms(p.CURRENCY),
            [({"c": c}, f"people in {c} pay with {x}.", (bare(x),), c) for c, x in f.CURRENCIES],
        ),
    ]


def _own(capital: str, countries: list[str]) -> bool:
    """Returns whether a capital has a name of its own and is asked for once (London is left out)."""
    return capital not in countries and capital != "London"


def _comparisons() -> list[Topic]:
    no_giants = [thing for thing in f.SIZES if thing not in ("Uranus", "Neptune")]
    scales = [  # (things in rising order, words for more, words for less, weight)
        (f.SIZES, ("bigger", "larger"), ("smaller",), 5.0),
        (f.AREAS, ("bigger", "larger"), ("smaller",), 1.0),
        (f.WEIGHTS, ("heavier",), ("lighter",), 1.0),
        (no_giants, ("heavier",), ("lighter",), 1.0),
        (f.SPEEDS, ("faster", "quicker"), ("slower",), 1.5),
        (f.HEATS, ("hotter", "warmer"), ("colder", "cooler"), 1.0),
        (f.LENGTHS, ("longer",), ("shorter",), 1.0),
        (f.DISTANCES, ("longer",), ("shorter",), 1.0),
        ([str(i) for i in range(101)], ("bigger", "larger", "greater"), ("smaller",), 2.0),
    ]
    found = []
    for things, more, less, weight in scales:

        def pick(rng: random.Random, things=things, more=more, less=less) -> tuple[str, str, str, str, str]:
            low, high = sorted(rng.sample(range(len(things)), 2))
            words, first, second = rng.choice(((more, high, low), (less, low, high)))
            ends = (things[low], things[high]) if rng.random() < 0.5 else (things[high], things[low])
            return rng.choice(words), *ends, things[first], f"{things[first]} is {words[0]} than {things[second]}."

        def which(rng: random.Random, pick=pick) -> Fact:
            er, a, b, _, truth = pick(rng)
            return Fact({"er": er, "a": a, "b": b}, sentence(truth), (sentence(truth).rstrip("."),))

        def whether(rng: random.Random, pick=pick) -> Fact:
            er, a, b, winner, truth = pick(rng)
            yes = "Yes" if a == winner else "No"
            return Fact({"er": er, "a": a, "b": b}, f"{yes}, {truth}", (yes, truth.rstrip(".")))

        found.append(Topic(f"which is {more[0]}", weight, forms(p.COMPARE), draw=which))
        found.append(Topic(f"is it {more[0]}", weight / 2, forms(p.IS_COMPARED), draw=whether))

    return found


def _arithmetic() -> list[Topic]:
    def number(rng: random.Random) -> int:
        return rng.randrange(rng.choice((11, 21, 100)))

    def fact(a: int, b: int, sign: str, result: int) -> Fact:
        return Fact({"a": str(a), "b": str(b)}, f"{a} {sign} {b} is {result}.", (f"is {result}.",))

    def add(rng: random.Random) -> Fact:
        a, b = number(rng), number(rng)
        return fact(a, b, "plus", a + b)

    def subtract(rng: random.Random) -> Fact:
        a, b = sorted((number(rng), number(rng)), reverse=True)
        return fact(a, b, "minus", a - b)

    def multiply(rng: random.Random) -> Fact:
        a, b = rng.randrange(13), rng.randrange(13)
        return fact(a, b, "times", a * b)

    def divide(rng: random.Random) -> Fact:
        a, b = rng.randrange(13), rng.randrange(1, 13)
        return fact(a * b, b, "divided by", a)

    return [
        Topic("sum", 6.0, forms(p.SUM), draw=add),
        Topic("difference", 4.0, forms(p.DIFFERENCE), draw=subtract),
        Topic("product", 3.0, forms(p.PRODUCT), draw=multiply),
        Topic("quotient", 2.0, forms(p.QUOTIENT), draw=divide),
        _table(
            "half",
            0.5,
            forms(p.HALF),
            [({"a": f"{2 * i}"}, f"half of {2 * i} is {i}.", (f"is {i}.",)) for i in range(51)],
        ),
        _table(
            "double",
            0.5,
            forms(p.DOUBLE),
            [({"a": f"{i}"}, f"twice {i} is {2 * i}.", (f"is {2 * i}.",)) for i in range(51)],
        ),
        _table(
            "number after",
            0.5,
            forms(p.AFTER_NUMBER),
            [({"a": f"{i}"}, f"{i + 1} comes after {i}.", (f"{i + 1} comes",)) for i in range(101)],
        ),
    ]


def _sequences() -> list[Topic]:
    months = [name for name, _, _ in f.MONTHS]
    after, before = [], []
    for kind, names in (("day", f.DAYS), ("month", months)):
        for i, a in enumerate(names):
            later, earlier = names[(i + 1) % len(names)], names[i - 1]
            after.append(({"kind": kind, "a": a}, f"{later} comes after {a}.", (f"{later} comes",)))
            before.append(({"kind": kind, "a": a}, f"{earlier} comes before {a}.", (f"{earlier} comes",)))

    nth_month, month_number, nth_planet, planet_place = [], [], [], []
    for i, (name, n) in enumerate(zip(months, f.ORDINALS), 1):
        answer = f"{name} is the {n} month of the year."
        nth_month.append(({"n": n, "i": f"{i}"}, answer, (name,)))
        month_number.append(({"a": name}, answer, (n,)))

    for i, (name, n) in enumerate(zip(f.PLANETS, f.ORDINALS), 1):
        answer = f"{name} is the {n} planet from the sun."
        nth_planet.append(({"n": n, "i": f"{i}"}, answer, (name,)))
        planet_place.append(({"a": name}, answer, (n,)))

    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letters = [({"a": a}, f"{b} comes after {a}.", (f"{b} comes",)) for a, b in zip(alphabet, alphabet[1:])]
    days = [({"a": a}, f"{a} has {n} days.", (f"{n} days",), a) for a, n, _ in f.MONTHS]
    seasons = [({"a": a}, f"{a} is in {s} in the northern hemisphere.", (s,), a) for a, _, s in f.MONTHS]
    return [
        _table("after", 1.5, forms(p.AFTER), after),
        _table("before", 1.0, forms(p.BEFORE), before),
        _table("days of a month", 1.0, forms(p.MONTH_DAYS), days),
        _table("season of a month", 1.0, forms(p.MONTH_SEASON), seasons),
        _table("nth month", 0.7, forms(p.NTH_MONTH), nth_month),
        _table("number of a month", 0.7, forms(p.MONTH_NUMBER), month_number),
        _table("nth planet", 0.7, forms(p.PLANET_NTH), nth_planet),
        _table("place of a planet", 1.0, forms(p.PLANET_PLACE) + forms("What is {a}?") + about("{a}"), planet_place),
        _table("letter after", 0.7, forms(t.LETTER_AFTER), letters),
    ]


def _words() -> list[Topic]:
    opposites = dict(f.OPPOSITES)
    for a, b in f.OPPOSITES:
        opposites.setdefault(b, a)

    def rows(table: Iterable[tuple[str, str]], answer: str) -> list[tuple]:
        return [({"a": a}, answer.format(a=a, b=b), (b,), a) for a, b in table]

    mixes = [m for a, b, c in f.MIXES for m in ((a, b, c), (b, a, c))]
    return [
        _table("opposite", 4.0, forms(t.OPPOSITE), rows(opposites.items(), "the opposite of {a} is {b}.")),
        _table("plural", 2.0, forms(t.PLURAL), rows(f.PLURALS, "the plural of {a} is {b}.")),
        _table("past", 2.0, forms(t.PAST), rows(f.PASTS, "the past tense of {a} is {b}.")),
        _table(
            "mix",
            1.0,
            forms(t.MIX),
            [({"a": a, "b": b}, f"{a} and {b} make {c}.", (f"make {c}",)) for a, b, c in mixes],
        ),
    ]


def _animals() -> list[Topic]:
    kind_of = {a: k for a, _, _, _, k in f.ANIMALS}
    article = {k: ("an" if k[0] in "aeiou" else "a") + " " + k for k in kind_of.values()}
    legs = [({"a": a}, f"{a} has {n} legs.", (f"{n} legs",), a) for a, n, _, _, _ in f.ANIMALS]
    sounds = [({"a": a}, f"{a} {s}.", (s,), a) for a, _, s, _, _ in f.ANIMALS if s != "-"]
    young = [({"a": a}, f"the young of {a} is called {y}.", (bare(y),), a) for a, _, _, y, _ in f.ANIMALS if y != "-"]
    kinds = [({"a": a}, f"{a} is {article[k]}.", (k,), a) for a, k in kind_of.items()]
    what = [({"a": a}, f"{a} is {article[k]} with {n} legs.", (k, n)) for a, n, _, _, k in f.ANIMALS]
    return [
        _table("legs", 1.5, forms(t.LEGS), legs),
        _table("sound", 1.5, forms(t.SOUND), sounds),
        _table("young", 1.5, forms(t.YOUNG), young),
        _table("kind of animal", 1.5, forms(t.KIND), kinds),
        _table("animal", 1.5, forms("What is {a}?") + about("{a}"), what),
        _table("home", 1.0, forms(t.HOME), [({"a": a}, f"{a} lives {x}.", (x,), a) for a, x in f.HOMES]),
        _table("diet", 1.0, forms(t.DIET), [({"a": a}, f"{a} eats {x}.", (x,), a) for a, x in f.DIETS]),
    ]


def _things() -> list[Topic]:
    units = [({"a": a, "n": n}, f"{a} has {i} {n}.", (f"{i} {n}",)) for a, i, n in f.UNITS]
    tools = [({"a": a}, f"{a} is used to {d}.", (d,), a) for a, d in f.TOOLS if a != "scissors"]
    return [
        _table("colour", 3.0, forms(t.COLOUR), [({"a": a}, f"{a} is {c}.", (c,), a) for a, c in f.COLOURS]),
        _table("unit", 3.0, forms(t.UNIT), units),
        _table(
            "element",
            1.0,
            forms(t.ELEMENT),
            [({"a": a}, f"the symbol of {a} is {k}.", (f"is {k}.",), a) for a, k in f.ELEMENTS],
        ),
        _table(
            "element of a symbol",
            1.0,
            forms(t.ELEMENT_OF),
            [({"k": k}, f"{k} is the symbol of {a}.", (a,)) for a, k in f.ELEMENTS],
        ),
        _table("job", 2.0, forms(t.JOB), [({"a": a}, f"{a} {d}.", (d,), a) for a, d in f.JOBS]),
        _table("job of a deed", 1.0, forms(t.JOB_OF), [({"d": d}, f"{a} {d}.", (bare(a),)) for a, d in f.JOBS]),
        _table("tool", 2.0, forms(t.TOOL), tools),
        _table(
            "tool for a deed",
            1.0,
            forms(t.TOOL_FOR),
            [({"d": d}, f"you can use {a} to {d}.", (bare(a),)) for a, d in f.TOOLS],
        ),
        _table(
            "definition",
            5.0,
            forms(t.DEFINITION) + about("{a}"),
            [({"a": a}, f"{a} is {d}.", (d,)) for a, d in f.DEFINITIONS],
        ),
        _table("superlative", 4.0, forms(t.SUPERLATIVE), [({"s": s}, answer, (k,)) for s, answer, k in f.SUPERLATIVES]),
    ]


def _alone() -> list[Topic]:
    def weight(form_list: list[Form]) -> float:
        return 0.6 if len(form_list) > 60 else 0.35

    return [
        Topic("standing alone", weight(forms(text)), forms(text), [Fact({}, answer, tuple(keywords.split(",")))])
        for answer, keywords, text in FAQ
    ]


def _name(rng: random.Random) -> str:
    return rng.choice(u.NAMES) + (" " + rng.choice(u.SURNAMES) if rng.random() < 0.7 else "")


def _invented(rng: random.Random) -> str:
    stem = "".join(rng.sample(u.SYLLABLES, rng.choice((2, 2, 3))))
    return sentence(stem + rng.choice(("", "ia", "land", "o", "ium")))


def _decline(**slots: str) -> Fact:
    return Fact(slots, u.UNKNOWN_ANSWER, ("do not know",))


def _unknown(rng: random.Random) -> Fact:
    country, capital = rng.choice(rng.choice(list(f.CAPITALS.values())))
    number = str(rng.randrange(100, 10 ** rng.choice((3, 4, 5))))
    return _decline(
        c=country, k=capital, x=_invented(rng), p=_name(rng), i=number, t=rng.choice(u.THINGS), n=rng.choice(u.NOUNS)
    )


def _unknown_noun(rng: random.Random) -> Fact:
    return _decline(a=rng.choice(u.NOUNS))


def _unknown_place(rng: random.Random) -> Fact:
    return _decline(c=_invented(rng))
