"""What the people of the State of Franklin answer when they are asked, and why: the stories behind the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.demo.chance import Chance
from comity.partners.models import Partner

DRIVERS = ("trust", "need", "ease", "time", "clarity", "staff", "value")
KIND = Partner.Kind

# How far from four each thing is rated, by year and kind. Counties waited in the first year, when the help desk was
# moved; it was mended, and they say so in the second. What it costs is a sore point in towns and cities in both.
FIRST_YEAR: Mapping[str, Mapping[str, float]] = {
    KIND.COUNTY: {"time": -1.4, "ease": -0.8, "overall": -0.7},
    KIND.CITY: {"value": -1.0, "overall": -0.3},
    KIND.TOWN: {"value": -1.3, "overall": -0.4},
    KIND.AGENCY: {"clarity": -0.3},
}
SECOND_YEAR: Mapping[str, Mapping[str, float]] = {
    KIND.COUNTY: {"time": -0.1, "ease": 0.1, "overall": 0.1},
    KIND.CITY: {"value": -0.9, "overall": -0.2},
    KIND.TOWN: {"value": -1.2, "overall": -0.3},
    KIND.AGENCY: {"clarity": -0.2, "staff": 0.2},
}
WORDS_FIRST = (
    "The help desk used to pick up. Since the move we wait until after lunch.",
    "Tell us before the summer what next year will cost.",
    "Two numbers to call and neither knows about the other.",
    "Your technicians are good. Getting one takes a week.",
    "We pay the same as a department with a thousand people.",
    "Nobody told us that the old portal would go.",
    "Come and see how we work before you change it.",
    "The bill is four pages and I understand one line of it.",
)
WORDS_SECOND = (
    "The desk picks up again. Keep it that way.",
    "Still no price for a town of nine hundred.",
    "Our contact came twice this year. That helped more than any newsletter.",
    "A simple list of what we buy and what it costs, once a year.",
    "The security training was short and good.",
    "Storage is dearer than what my nephew pays.",
    "Weekend cover for the courts, please.",
    "I would like to speak with somebody about our network.",
)


def annual(chance: Chance, partner: Partner, *, first: bool) -> dict[str, Any]:
    """One person's answers to the annual survey."""
    leaning = (FIRST_YEAR if first else SECOND_YEAR).get(partner.kind, {})
    mood = chance.between(-9, 9) / 10
    answers: dict[str, Any] = {"overall": _rating(chance, 3.9 + leaning.get("overall", 0) + mood)}
    for driver in DRIVERS:
        if chance.happens(0.05):
            answers[driver] = "na"
        elif chance.happens(0.97):
            answers[driver] = _rating(chance, 3.9 + leaning.get(driver, 0) + mood)
    answers["recommend"] = max(0, min(10, 2 * answers["overall"] - chance.between(0, 2)))
    if not first:
        answers["heard"] = _rating(chance, 3.6 + mood)
    if chance.happens(0.3):
        answers["change"] = chance.one_of(WORDS_FIRST if first else WORDS_SECOND)
    return answers


def pulse(chance: Chance, *, outage: bool) -> dict[str, Any]:
    """One person's pulse; in the quarter of the outage fewer are content."""
    answers: dict[str, Any] = {"experience": _rating(chance, 3.1 if outage else 4.2)}
    good = answers["experience"] > 3
    answers["well" if good else "badly"] = [chance.one_of(WELL if good else BADLY)]
    return answers


WELL = ("need", "ease", "time", "staff")
BADLY = ("time", "clarity", "need")


def visit(chance: Chance) -> dict[str, Any]:
    """What somebody says some days after we were there."""
    content = chance.happens(0.85)
    answers: dict[str, Any] = {
        name: _rating(chance, 4.5 if content else 2.8) for name in ("useful", "listened", "prepared")
    }
    answers["next"] = content
    if content and chance.happens(0.3):
        answers["more"] = chance.one_of(AFTERWARDS)
    return answers


AFTERWARDS = (
    "Thank you for coming out here. It is the first time anybody has.",
    "Good that the security officer came along; he saw the open closet at once.",
    "You wrote down what we said and sent it the same day.",
)


def _rating(chance: Chance, around: float) -> int:
    return max(1, min(5, round(around + chance.between(-11, 11) / 10)))
