"""What the people of the State of Franklin answer when they are asked, and why: the stories behind the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.demo.chance import Chance
from comity.demo.words import Words
from comity.partners.models import Partner
from comity.surveys.models import Participant

WELL = ("need", "ease", "time", "staff")
BADLY = ("time", "clarity", "need")
DRIVERS = ("trust", "need", "ease", "time", "clarity", "staff", "value")
SORE = {key: key for key in ("need", "time", "clarity", "staff", "value")}
SORE |= {"ease": "need", "useful": "visit", "listened": "visit", "prepared": "visit"}
KIND = Partner.Kind
WHOSE = {
    KIND.COUNTY: "county",
    KIND.CITY: "local",
    KIND.TOWN: "local",
    KIND.DISTRICT: "local",
    KIND.TRIBE: "local",
}

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


@dataclass
class Opinions:
    """Answers the questions of one person after the other."""

    chance: Chance
    words: Words

    def annual(self, one: Participant, *, first: bool) -> dict[str, Any]:
        """One person's answers to the annual survey."""
        kind = Partner.Kind(one.partner.kind)
        leaning = (FIRST_YEAR if first else SECOND_YEAR).get(kind, {})
        mood = self.chance.between(-9, 9) / 10
        answers: dict[str, Any] = {"overall": self._rating(3.9 + leaning.get("overall", 0) + mood)}
        for driver in DRIVERS:
            if self.chance.happens(0.05):
                answers[driver] = "na"
            elif self.chance.happens(0.97):
                answers[driver] = self._rating(3.9 + leaning.get(driver, 0) + mood)
        answers["recommend"] = max(0, min(10, 2 * answers["overall"] - self.chance.between(0, 2)))
        if not first:
            answers["heard"] = self._rating(3.6 + mood)
        self._write(answers, 0.3, "change", one, "first" if first else "second", WHOSE.get(kind, "agency"))
        return answers

    def pulse(self, one: Participant, *, outage: bool) -> dict[str, Any]:
        """One person's pulse; in the quarter of the outage fewer are content."""
        answers: dict[str, Any] = {"experience": self._rating(3.1 if outage else 4.2)}
        good = answers["experience"] > 3
        answers["well" if good else "badly"] = [self.chance.one_of(WELL if good else BADLY)]
        self._write(answers, 0.2, "words", one, "pulse", "good" if good else "bad")
        return answers

    def visit(self, one: Participant) -> dict[str, Any]:
        """What somebody says some days after we were there."""
        content = self.chance.happens(0.85)
        answers: dict[str, Any] = {
            name: self._rating(4.5 if content else 2.8) for name in ("useful", "listened", "prepared")
        }
        answers["next"] = content
        key = "more" if content else "unclear"
        self._write(answers, 0.3 if content else 0.8, key, one, "visit", key)
        return answers

    def ticket(self, _one: Participant) -> dict[str, Any]:
        """What somebody says once their ticket is resolved."""
        solved = self.chance.happens(0.85)
        rated = {name: self._rating(4.3 if solved else 2.6) for name in ("overall", "time", "staff")}
        return {"solved": solved, "effort": self._rating(4) + 1, **rated}

    def _write(self, answers: dict[str, Any], share: float, key: str, one: Participant, *path: str) -> None:
        """Some write something as well, in the language they are written to."""
        if self.chance.happens(share if one.language == "en" else 0.6):
            answers[key] = self.words.answer(*path, language=one.language)

    def _rating(self, around: float) -> int:
        return max(1, min(5, round(around + self.chance.between(-11, 11) / 10)))


def sore_point(answers: Mapping[str, Any]) -> str:
    """What somebody is least content with, as `mended.toml` sorts what was done about it."""
    if answers.get("badly"):
        return str(answers["badly"][0])
    rated = {key: value for key, value in answers.items() if key in SORE and type(value) is int}
    return SORE[min(rated, key=lambda key: rated[key])] if rated else "other"


def written(answers: Mapping[str, Any]) -> str:
    """What somebody wrote as well."""
    return next((answers[key] for key in ("words", "unclear", "change") if answers.get(key)), "")
