"""Pictures drawn for the sample state: a portrait of everyone in the office, a measured line. Nobody real is shown."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = 800
GROUNDS = ("#d9e6e3", "#e6ded2", "#dde1ec", "#e9dfe0", "#dfe7d6", "#e4e0ea")
SKINS = ("#f1cfb4", "#e3b48f", "#c98f66", "#9c6644", "#7a4a30", "#f5d9c3")
HAIRS = ("#2b211c", "#4a3226", "#7b5a3c", "#a9a29a", "#1b1b20", "#8b4a2b")
CLOTHES = ("#0a5c66", "#3c4a6b", "#5b4a63", "#6a5a3a", "#2f5d46", "#70424a")


def portrait(name: str) -> bytes:
    """A face in plain shapes, as PNG: the same for the same name."""
    chance = Random(name)
    skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
    picture = Image.new("RGB", (SIZE, SIZE), chance.choice(GROUNDS))
    draw = ImageDraw.Draw(picture)
    long_hair = chance.random() < 0.5
    if long_hair:
        draw.rounded_rectangle((230, 190, 570, 640), 160, fill=hair)
    draw.ellipse((110, 590, 690, 1200), fill=chance.choice(CLOTHES))
    draw.rounded_rectangle((340, 480, 460, 660), 60, fill=_darker(skin))
    draw.polygon([(330, 600), (470, 600), (400, 700)], fill=_darker(skin))
    draw.ellipse((265, 190, 535, 545), fill=skin)
    _hair(draw, hair, chance, long_hair=long_hair)
    _face(draw, hair, chance)
    return _png(picture)


def _hair(draw: ImageDraw.ImageDraw, colour: str, chance: Random, *, long_hair: bool) -> None:
    draw.pieslice((250, 150, 550, 470), 180, 360, fill=colour)
    fringe = chance.choice((300, 330, 345))
    draw.chord((262, 175, 538, fringe), 180, 360, fill=colour)
    if long_hair:
        draw.rounded_rectangle((236, 300, 288, 600), 26, fill=colour)
        draw.rounded_rectangle((512, 300, 564, 600), 26, fill=colour)


def _face(draw: ImageDraw.ImageDraw, brow: str, chance: Random) -> None:
    glasses = chance.random() < 0.35
    for middle in (345, 455):
        draw.ellipse((middle - 11, 349, middle + 11, 371), fill="#23282b")
        draw.rounded_rectangle((middle - 30, 318, middle + 30, 328), 5, fill=brow)
        if glasses:
            draw.ellipse((middle - 46, 316, middle + 46, 404), outline="#2f3638", width=8)
    if glasses:
        draw.line((391, 358, 409, 358), fill="#2f3638", width=8)
    draw.arc((345, 400, 455, 480), 25, 155, fill="#8f4a3f", width=9)


def _darker(colour: str) -> str:
    parts = [int(colour[at : at + 2], 16) * 88 // 100 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def measured(values: Sequence[int], words: str) -> bytes:
    """Bars for what was measured day by day, with a line of words below, as PNG."""
    picture = Image.new("RGB", (960, 480), "#ffffff")
    draw = ImageDraw.Draw(picture)
    wide, most = 880 / len(values), max(values) or 1
    for at, value in enumerate(values):
        high = 340 * value / most
        left = 40 + at * wide
        draw.rectangle((left + 4, 400 - high, left + wide - 4, 400), fill="#0a5c66" if value else "#dde2de")
        draw.text((left + wide / 2, 392 - high), str(value), fill="#17262b", anchor="mb", font_size=20)
    draw.line((40, 400, 920, 400), fill="#52636a", width=2)
    draw.text((40, 424), words, fill="#52636a", font_size=22)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
