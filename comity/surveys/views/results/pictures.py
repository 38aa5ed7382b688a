"""Pictures of figures, drawn here as SVG: places are percents, so that they fit any width. Colours are classes.

Each stands with its table, and its title is a sentence (`templates/surveys/results/_picture.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.core.surveys import Change, Point, Scale, Share, percent
from comity.surveys.services.picking import CAMPS
from comity.surveys.services.scales import NO, YES
from comity.surveys.views.results import sentences

HEIGHT, LINE = 340, 17  # of the picture of importance, and of a line of words in it
MIDDLE = 55  # percent of the width from which on words stand left of their point
ROOM = 12  # percent of the width a share needs for its figure to stand in it


@dataclass(frozen=True)
class Line:
    """One question in a picture: its words, what is drawn, and the figure at the end."""

    name: str
    drawn: SafeString
    figure: str


@dataclass(frozen=True)
class Picture:
    """A picture and its table: `lines` or `drawn`, then `head` and `rows`.

    title  a sentence that says the point
    note   how it is read
    """

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[Line] = ()
    drawn: SafeString | None = None


@dataclass(frozen=True)
class Part:
    """Answers that are drawn together: "9–10", with their tone, and what they are called in an address."""

    name: str
    share: float
    tone: str
    answer: str


def parts_of(scale: Scale, distribution: Sequence[Share]) -> list[Part]:
    """The answers in the order of the scale; those of a recommendation in its three camps."""
    shares = [one.share or 0 for one in distribution]
    if scale.kind == "recommendation":
        low, middle, high = CAMPS
        return [
            Part("0–6", sum(shares[:7]), "bad", low),
            Part("7–8", sum(shares[7:9]), "middle", middle),
            Part("9–10", sum(shares[9:]), "good", high),
        ]
    if scale.kind == "yes_no":
        return [Part(_("No"), shares[0], "bad", NO), Part(_("Yes"), shares[1], "good", YES)]
    return [
        Part(str(value), part, _tone(scale, value), str(value))
        for value, part in zip(scale.values, shares, strict=True)
    ]


def _tone(scale: Scale, value: int) -> str:
    """Good answers are green, the middle of the scale is grey; the ends of the scale are the stronger."""
    if value in scale.top:
        return "good" if value == scale.highest else "goodish"
    if 2 * value == scale.lowest + scale.highest:
        return "middle"
    return "bad" if value == scale.lowest else "badish"


def distribution(parts: Sequence[Part]) -> SafeString:
    """One bar, its parts beside each other."""
    drawn, at = [], 0.0
    for part in parts:
        width = 100 * part.share
        words = f"{percent(part.share)}%" if width >= ROOM else ""
        drawn.append((_pc(at), _pc(width), part.tone, _pc(at + width / 2), part.tone, words))
        at += width
    label = ", ".join(f"{part.name}: {percent(part.share)}%" for part in parts)
    pieces = format_html_join(
        "",
        '<rect x="{}" y="0" width="{}" height="26" class="{}"/>'
        '<text x="{}" y="18" text-anchor="middle" class="on-{}">{}</text>',
        drawn,
    )
    return format_html(
        '<svg class="shares" width="100%" height="26" role="img" aria-label="{}">{}</svg>', label, pieces
    )


def change(found: Change, reach: float) -> SafeString:
    """A point on a line that is its interval; the middle is no change. `reach`: how far the picture goes either way."""

    def at(value: float) -> str:
        return _pc(50 + 48 * max(-1.0, min(1.0, value / reach)))

    top, ci = found.top or 0, found.top_ci
    tone = {"better": "good", "worse": "bad"}.get(found.verdict, "middle")
    line = (
        format_html('<line x1="{}" x2="{}" y1="13" y2="13" class="{}"/>', at(ci.low), at(ci.high), tone)
        if ci
        else ""
    )
    return format_html(
        '<svg class="change" width="100%" height="26" role="img" aria-label="{}">'
        '<line x1="50%" x2="50%" y1="0" y2="26" class="zero"/>{}<circle cx="{}" cy="13" r="5.5" class="{}"/></svg>',
        f"{sentences.points(top)} ({sentences.points_between(ci)})",
        line,
        at(top),
        tone,
    )


def importance(points: Sequence[Point], names: Mapping[str, str]) -> SafeString:
    """Drivers by how good (across) and how important (up); the lines are the averages of both."""
    across = _axis([one.performance for one in points])
    up = _axis([one.importance for one in points])
    usual = sum(one.performance for one in points) / len(points)
    middle = sum(one.importance for one in points) / len(points)
    placed = _labels([(across(one.performance), 100 - up(one.importance)) for one in points])
    dots = format_html_join(
        "",
        '<circle cx="{0}" cy="{1}" r="6" class="{2}"/>'
        '<text x="{0}" y="{1}" dx="{3}" dy="{5}" text-anchor="{4}">{6}</text>',
        (
            (
                _pc(x),
                _pc(y),
                one.quadrant,
                *((-11, "end") if x > MIDDLE else (11, "start")),
                down,
                names[one.key],
            )
            for one, (x, y, down) in zip(points, placed, strict=True)
        ),
    )
    corners = (
        ("1%", "18", "start", _("Mend first")),
        ("99%", "18", "end", _("Keep up")),
        ("1%", "98%", "start", _("Can wait")),
        ("99%", "98%", "end", _("Good enough")),
    )
    words = format_html_join("", '<text x="{}" y="{}" text-anchor="{}" class="corner">{}</text>', corners)
    return format_html(
        '<svg class="importance" width="100%" height="{}" role="img" aria-label="{}">'
        '<line x1="{}" x2="{}" y1="0" y2="100%" class="zero"/><line x1="0" x2="100%" y1="{}" y2="{}" class="zero"/>{}{}</svg>',
        HEIGHT,
        _("Importance against good answers; the table below has the same figures"),
        _pc(across(usual)),
        _pc(across(usual)),
        _pc(100 - up(middle)),
        _pc(100 - up(middle)),
        words,
        dots,
    )


def _labels(places: Sequence[tuple[float, float]]) -> list[tuple[float, float, int]]:
    """Each point with how far its words stand below its middle, moved down where they would cover others."""
    down: dict[int, int] = {}
    taken: list[tuple[bool, float]] = []
    for at in sorted(range(len(places)), key=lambda one: places[one][1]):
        x, y = places[at]
        side, line = x > MIDDLE, HEIGHT * y / 100
        wanted = max([line, *(other + LINE for same, other in taken if same == side and line - other < LINE)])
        taken.append((side, wanted))
        down[at] = round(wanted - line) + 5
    return [(x, y, down[at]) for at, (x, y) in enumerate(places)]


def _axis(values: Sequence[float]) -> Callable[[float], float]:
    """From a figure to its place in percent, with room at both ends."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return 12 + 76 * (value - low) / span

    return place


def _pc(value: float) -> str:
    return f"{value:.2f}%"
