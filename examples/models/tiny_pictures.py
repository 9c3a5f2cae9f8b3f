"""Small pictures of coloured shapes and digits, and questions about them with their answers.

Letters in shapes: B pictures, O objects of a picture, Y and X pixels.
"""

import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

SIZE = 24  # pixels in either direction
MOST_OBJECTS = 3
COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 190, 60),
    "blue": (50, 90, 235),
    "yellow": (235, 215, 50),
    "purple": (170, 60, 200),
    "white": (240, 240, 240),
}
SHAPES = ("circle", "square", "triangle", "cross")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLACES = ("top left", "top right", "bottom left", "bottom right")
COUNTS = ("no", "one", "two", "three")
# Five pixels by seven, a hexadecimal digit pair for each row.
FONT = (
    "0e 11 13 15 19 11 0e|04 0c 04 04 04 04 0e|0e 11 01 02 04 08 1f|1f 02 04 02 01 11 0e|02 06 0a 12 1f 02 02|"
    "1f 10 1e 01 01 11 0e|06 08 10 1e 11 11 0e|1f 01 02 04 08 08 08|0e 11 11 0e 11 11 0e|0e 11 11 0f 01 02 0c"
)
GLYPHS = torch.tensor(
    [[[int(row, 16) >> (4 - x) & 1 for x in range(5)] for row in digit.split()] for digit in FONT.split("|")]
).bool()  # digit, 7, 5


@dataclass(frozen=True)
class Thing:
    """A shape in a quarter of the picture, or a digit, which has the picture to itself."""

    kind: int  # index in SHAPES, then in DIGITS
    colour: str
    place: int = -1  # index in PLACES

    @property
    def name(self) -> str:
        return (SHAPES + DIGITS)[self.kind]

    def __str__(self) -> str:
        return f"a {self.colour} {self.name}"


@dataclass(frozen=True)
class Scene:
    """What a picture shows, in reading order."""

    things: tuple[Thing, ...]

    @property
    def is_digit(self) -> bool:
        return self.things[0].kind >= len(SHAPES)

    @property
    def is_held_out(self) -> bool:
        """Whether training never has this collection of shapes, wherever they are: every tenth of two or more."""
        return len(self.things) > 1 and zlib.crc32(" ".join(sorted(map(str, self.things))).encode()) % 10 == 0

    def __str__(self) -> str:
        names = [str(thing) for thing in self.things]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def scene(rng: random.Random) -> Scene:
    """Returns a digit, one time in four, or else one to three shapes."""
    if rng.random() < 0.25:
        return Scene((Thing(len(SHAPES) + rng.randrange(len(DIGITS)), rng.choice(list(COLOURS))),))

    places = sorted(rng.sample(range(len(PLACES)), rng.randint(1, MOST_OBJECTS)))
    return Scene(tuple(Thing(rng.randrange(len(SHAPES)), rng.choice(list(COLOURS)), place) for place in places))


def questions(scene: Scene, rng: random.Random) -> list[tuple[str, str]]:
    """Returns a question of each sort that fits the picture, with its answer."""
    found = [(rng.choice(("What is in the picture?", "What do you see?")), sentence(str(scene)))]
    shape = rng.choice(SHAPES)
    if rng.random() < 0.5 and not scene.is_digit:
        shape = rng.choice(scene.things).name

    present = any(thing.name == shape for thing in scene.things)
    asked = rng.choice((f"Is there a {shape}?", f"Do you see a {shape}?"))
    found.append((asked, f"Yes, there is a {shape}." if present else f"No, there is no {shape}."))
    if scene.is_digit:
        digit = scene.things[0]
        found.append((rng.choice(("Which digit is it?", "What digit do you see?")), f"The digit is {digit.name}."))
        found.append(("What colour is the digit?", f"The digit is {digit.colour}."))
        return found

    count = len(scene.things)
    many = f"There {'is' if count == 1 else 'are'} {COUNTS[count]} shape{'' if count == 1 else 's'}."
    found.append((rng.choice(("How many shapes are there?", "How many shapes do you see?")), many))
    place = rng.randrange(len(PLACES))
    there = [thing for thing in scene.things if thing.place == place]
    found.append((f"What is at the {PLACES[place]}?", sentence(str(there[0])) if there else "Nothing is there."))
    names = [thing.name for thing in scene.things]
    for thing in scene.things:
        if names.count(thing.name) == 1:
            found.append((f"What colour is the {thing.name}?", f"The {thing.name} is {thing.colour}."))
            break

    return found


def sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def encode(scenes: list[Scene]) -> Tensor:
    """Returns kind, colour and place of each object, B O 3, -1 where there is none."""
    colours = list(COLOURS)
    codes = torch.full((len(scenes), MOST_OBJECTS, 3), -1, dtype=torch.int16)
    for row, shown in enumerate(scenes):
        for column, thing in enumerate(shown.things):
            codes[row, column] = torch.tensor((thing.kind, colours.index(thing.colour), thing.place))

    return codes


def draw(codes: Tensor, generator: torch.Generator) -> Tensor:
    """Returns pictures, B Y X 3, uint8: objects of random size and position, in a shade of their colour, on noise."""
    device = codes.device

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(shape, generator=generator, device=device)

    batch = codes.shape[0]
    kind, colour, place = codes.long().unbind(-1)  # B O
    digit = kind >= len(SHAPES)
    radius = torch.where(digit, uniform(5.5, 9.0, *kind.shape), uniform(2.6, 4.6, *kind.shape))  # B O
    room = torch.where(digit, SIZE / 2, SIZE / 4) - radius - 0.5  # B O
    middle = torch.where(digit, SIZE / 2, SIZE / 4)
    x = middle + place.remainder(2).where(~digit, 0) * SIZE / 2 + room * uniform(-1, 1, *kind.shape)
    y = middle + place.div(2, rounding_mode="floor").where(~digit, 0) * SIZE / 2 + room * uniform(-1, 1, *kind.shape)
    pixel = torch.arange(SIZE, device=device) + 0.5
    right = (pixel[None, None, None, :] - x[..., None, None]).expand(-1, -1, SIZE, -1)  # B O Y X
    down = (pixel[None, None, :, None] - y[..., None, None]).expand(-1, -1, -1, SIZE)  # B O Y X
    radius = radius[..., None, None]
    across, along = right.abs(), down.abs()
    scale = radius * 2 / 7  # of a glyph's pixel
    column, row = ((right / scale) + 2.5).floor().long(), ((down / scale) + 3.5).floor().long()
    inside = (column >= 0) & (column < 5) & (row >= 0) & (row < 7)
    glyph = (kind - len(SHAPES)).clamp(min=0)[..., None, None]
    masks = (
        right**2 + down**2 <= radius**2,
        torch.maximum(across, along) <= radius * 0.85,
        (along <= radius) & (across <= (down + radius) / 2),
        (torch.maximum(across, along) <= radius) & (torch.minimum(across, along) <= radius * 0.36),
    )
    mask = inside & GLYPHS.to(device)[glyph, row.clamp(0, 6), column.clamp(0, 4)]  # B O Y X
    for index, shape in enumerate(masks):
        mask = torch.where((kind == index)[..., None, None], shape, mask)

    mask &= (kind >= 0)[..., None, None]
    shades = torch.tensor(list(COLOURS.values()), device=device)[colour.clamp(min=0)]  # B O 3
    shades = shades * uniform(0.8, 1.05, *kind.shape, 1)
    picture = uniform(0, 60, batch, 1, 1, 1).expand(-1, SIZE, SIZE, 3)  # B Y X 3
    for index in range(MOST_OBJECTS):
        picture = torch.where(mask[:, index, ..., None], shades[:, index, None, None], picture)

    return (picture + uniform(-12, 12, batch, SIZE, SIZE, 3)).round().clamp(0, 255).byte()


def write_png(path: Path, picture: Tensor) -> None:
    """Writes a picture, Y X 3, uint8."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    height, width, _ = picture.shape
    rows = b"".join(b"\0" + bytes(row.flatten().tolist()) for row in picture)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
