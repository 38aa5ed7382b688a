"""Surveys to begin with, as files in comity/surveys/library/, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.surveys.services.building.drafts import WORDS

FOLDER = Path(__file__).parents[2] / "library"
ORDER = ("annual", "visit", "pulse", "ticket")


@dataclass(frozen=True)
class Template:
    """A survey of the library.

    about      what it is good for, in a sentence, for whoever chooses
    words      the title, what it says first and what it says at its end, in both languages
    questions  as `add_question` takes them, with their keys
    """

    key: str
    name: str
    about: str
    purpose: str
    words: dict[str, str]
    questions: tuple[dict[str, Any], ...]


@cache
def templates() -> tuple[Template, ...]:
    """All of them, the most used first."""
    return tuple(_read(FOLDER / f"{key}.toml") for key in ORDER)


def template(key: str) -> Template:
    """One of them. Raises DomainError, naming those there are."""
    found = next((each for each in templates() if each.key == key), None)
    if found is None:
        raise DomainError(
            _("The library has no survey “%(key)s”. It has: %(known)s.")
            % {"key": key[:40], "known": ", ".join(ORDER)}
        )
    return found


def _read(path: Path) -> Template:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Template(
        key=path.stem,
        name=told["name"],
        about=told["about"],
        purpose=told["purpose"],
        words={name: told[name] for name in WORDS},
        questions=tuple(told["question"]),
    )
