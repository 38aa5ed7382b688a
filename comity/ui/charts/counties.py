"""A state's counties on a map: each in one of a few classes, told by its pattern as well as by its color.

The shapes come from comity/ui/static/vendor/counties/, one file for each state, made by assets/build.mjs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.ui.charts.drawing import Drawing, Figures, Key, Sheet, el

if TYPE_CHECKING:
    from comity.ui.tables.columns import Words

SHAPES = Path(__file__).parents[1] / "static/vendor/counties"
STEP = 14  # units from line to line of a pattern, of the 1,000 of a map
# From plain to full: what is drawn of a class on each such square.
PATTERNS = (
    "",
    "M3 3h3v3h-3zM10 10h3v3h-3z",
    "M-1 4l5-5h3l-8 8zM-1 15l16-16v3l-13 13zM10 15l5-5v3l-2 2z",
    "M0 0h14v3h-14zM0 0h3v14h-3z",
    "M0 0h14v14h-14z",
)


@dataclass(frozen=True)
class Class:
    """Counties that are alike. dense: 0 plain to 4 full; look: the color, a series of the theme (s1 to s5) or a tone"""

    words: Words
    dense: int
    look: str = "s1"


@dataclass(frozen=True)
class County:
    """What is said of one county. of: the place of its class; url: what it opens"""

    fips: str
    name: str
    of: int
    words: str
    url: str = ""


@lru_cache(maxsize=2)
def shapes(state: str) -> Mapping[str, Any]:
    """The size of a state's map, and each county's name and path by its FIPS code; no counties where none are known."""
    file = SHAPES / f"{state}.json"
    if not state.isdecimal() or not file.exists():
        return {"size": [1000, 0], "counties": {}}
    found: Mapping[str, Any] = json.loads(file.read_text())
    return found


def county_names(state: str) -> dict[str, str]:
    """The name of each county of a state, by its FIPS code."""
    return {fips: name for fips, (name, _path) in shapes(state)["counties"].items()}


@dataclass(frozen=True)
class Counties(Drawing):
    """See the module. A county of which nothing is said is plain, and opens nothing.

    state    its FIPS code
    head     what the table's columns are called: the county, its class, and the words
    """

    state: str
    counties: Sequence[County]
    classes: Sequence[Class]
    head: Sequence[str]

    @property
    def elsewhere(self) -> str:
        """A sentence about those whose code is of no county of this state; "" where there are none."""
        known = shapes(self.state)["counties"]
        names = [f"{one.name} ({one.fips})" for one in self.counties if known and one.fips not in known]
        said = {"names": ", ".join(names[:5]), "count": len(names)}
        words = ngettext(
            "Its code is of no county of this state, so it is not on the map: %(names)s.",
            "%(count)s have codes of no county of this state, so they are not on the map: %(names)s.",
            len(names),
        )
        return words % said if names else ""

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        wide, tall = shapes(self.state)["size"]
        if not tall:
            return el("p", _("There is no map of this state here. The table has everything."), cls="soft")
        patterns = (self._pattern(place, one) for place, one in enumerate(self.classes))
        picture = el(
            "svg",
            el("defs", *patterns),
            *self._drawn(),
            cls="drawn counties",
            viewBox=f"-2 -2 {wide + 4} {tall + 4}",
            role="group",
            aria_label=label,
        )
        more = '<p class="soft small county-said" aria-hidden="true"></p><script type="module" src="{}"></script>'
        return picture if sheet.width else picture + format_html(more, static("ui/counties.js"))

    def _pattern(self, place: int, one: Class) -> SafeString:
        ground = el("rect", cls="ground", width=STEP, height=STEP)
        signs = el("path", cls="column", d=PATTERNS[one.dense])
        names = {"id": f"class-{place}", "patternUnits": "userSpaceOnUse"}
        return el("pattern", ground, signs, cls=one.look, width=STEP, height=STEP, **names)

    def _drawn(self) -> Iterator[SafeString]:
        """Every county; the first that opens something is where the keyboard comes in."""
        said = {one.fips: one for one in self.counties}
        stop = 0
        for fips, (name, path) in shapes(self.state)["counties"].items():
            one = said.get(fips)
            fill = f"url(#class-{one.of})" if one else "none"
            words = conditional_escape(f"{one.name}: {one.words}" if one else name)
            inside = f'<title>{words}</title><path class="county" d="{path}" fill="{fill}"></path>'
            if one and one.url:
                url = conditional_escape(one.url)
                yield SafeString(f'<a href="{url}" aria-label="{words}" tabindex="{stop}">{inside}</a>')
                stop = -1
            else:
                yield SafeString(f"<g>{inside}</g>")

    def legend(self) -> Sequence[Key]:
        place = {"x": -8, "y": -8, "width": 16, "height": 16}
        used = {one.of for one in self.counties}
        return [
            Key(el("rect", cls="county", fill=f"url(#class-{at})", **place), str(one.words))
            for at, one in enumerate(self.classes)
            if at in used and shapes(self.state)["counties"]
        ]

    def figures(self) -> Figures:
        rows = [
            (
                el("a", one.name, href=one.url) if one.url else one.name,
                str(self.classes[one.of].words),
                one.words,
            )
            for one in self.counties
        ]
        return Figures(self.head, rows, words=len(self.head))
