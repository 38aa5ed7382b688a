"""Pictures from outside are drawn anew, in a process of its own with bounds of memory and time.

What comes along in a picture (where and with what it was taken) stays with its sender, and a picture made to unfold into
gigabytes takes down a child of ours instead of the site. `python -m comity.pictures` is that child: a picture on standard
input, the new one on standard output.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import warnings
from contextlib import suppress
from enum import IntEnum
from io import BytesIO
from threading import Semaphore
from typing import Literal, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 60_000_000  # of all frames together
MOST_MEMORY = 1_500_000_000  # bytes; the largest picture within MOST_PIXELS needs about a third
MOST_SECONDS = 20

Shape = Literal["as sent", "portrait", "emblem"]


class Refusal(IntEnum):
    """Why a picture is not drawn anew; the child's exit code."""

    NO_PICTURE = 3
    TOO_LARGE = 4
    DAMAGED = 5


class PictureRefusedError(Exception):
    """The picture is not taken; whoever asked has the sentence for it."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.name)
        self.why = why


class Drawn(NamedTuple):
    """A picture as we keep it, and its format by Pillow's name."""

    format: str
    content: bytes


# A few at a time: many at once would take together what one may not.
_turns = Semaphore(2)


def draw_anew(content: bytes, shape: Shape = "as sent") -> Drawn:
    """The picture in `content`, upright and without anything but itself, moving if it moved.

    shape  "as sent"; "portrait", a square of 400 pixels (JPEG); "emblem", at most 256 pixels either way (PNG)

    Takes up to MOST_SECONDS: call it before a transaction begins. Raises PictureRefusedError.
    """
    with _turns:
        try:
            child = subprocess.run(
                [sys.executable, "-P", "-m", "comity.pictures", shape],
                input=content,
                capture_output=True,
                check=False,
                timeout=MOST_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise PictureRefusedError(Refusal.TOO_LARGE) from error
    if child.returncode in set(Refusal):
        raise PictureRefusedError(Refusal(child.returncode))
    if child.returncode < 0:  # it came to a bound, and was ended
        raise PictureRefusedError(Refusal.TOO_LARGE)
    if child.returncode:
        raise RuntimeError(child.stderr.decode(errors="replace"))
    kind, _, drawn = child.stdout.partition(b"\n")
    return Drawn(kind.decode(), drawn)


def _draw(content: bytes, shape: str) -> Drawn:
    """In the child. Raises PictureRefusedError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height * getattr(picture, "n_frames", 1) > MOST_PIXELS:
            raise PictureRefusedError(Refusal.TOO_LARGE)
        return _SHAPES[shape](picture)
    except UnidentifiedImageError as error:
        raise PictureRefusedError(Refusal.NO_PICTURE) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureRefusedError(Refusal.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureRefusedError(Refusal.DAMAGED) from error


def _as_sent(picture: Image.Image) -> Drawn:
    kind = picture.format or ""
    if getattr(picture, "n_frames", 1) > 1:
        picture.info = {key: picture.info[key] for key in ("duration", "loop") if key in picture.info}
        return _written(picture, kind, save_all=True)
    upright = ImageOps.exif_transpose(picture)
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    return _written(upright, kind, exif=b"", **({"quality": 92} if kind in {"JPEG", "WEBP"} else {}))


def _portrait(picture: Image.Image) -> Drawn:
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    square = ImageOps.fit(upright, (400, 400), Image.Resampling.LANCZOS)
    return _written(square, "JPEG", quality=85, optimize=True)


def _emblem(picture: Image.Image) -> Drawn:
    small = ImageOps.exif_transpose(picture).convert("RGBA")
    small.thumbnail((256, 256), Image.Resampling.LANCZOS)
    return _written(small, "PNG", optimize=True)


_SHAPES = {"as sent": _as_sent, "portrait": _portrait, "emblem": _emblem}


def _written(picture: Image.Image, kind: str, **options: object) -> Drawn:
    target = BytesIO()
    picture.save(target, kind, **options)
    return Drawn(kind, target.getvalue())


def _child(shape: str) -> int:
    for bound, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with suppress(ValueError, OSError):  # not every system can bound both
            resource.setrlimit(bound, (most, most))
    try:
        drawn = _draw(sys.stdin.buffer.read(), shape)
    except PictureRefusedError as refused:
        return refused.why
    sys.stdout.buffer.write(drawn.format.encode() + b"\n" + drawn.content)
    return 0


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1]))
