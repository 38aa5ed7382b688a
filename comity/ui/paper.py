"""What a PDF needs of the theme: its face, the colours of its light side, and the sign of the product."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

UI = Path(__file__).resolve().parent
THEME = UI / "theme"
FACE = UI / "static" / "vendor" / "print"  # of the pages, as `make setup` puts it here
SIGN = UI / "static" / "ui" / "icon.svg"


@cache
def colours() -> dict[str, str]:
    """The colours of the light theme by their names: a PDF has no custom properties."""
    light = (THEME / "_tokens.scss").read_text().partition("@mixin light")[2].partition("@mixin dark")[0]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", light))
