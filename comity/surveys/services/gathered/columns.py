"""Which column of a file answers which question; questions that do not exist yet are made from their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.surveys import Scale, scale_from
from comity.imports.columns import normal
from comity.surveys.models import Question, Wave
from comity.surveys.services.scales import KIND, scale_of

PARTNER = "partner"  # said instead of a question: the column names the body
KEY = re.compile(r"[a-z0-9_-]{1,60}")
KINDS = {
    "rating": KIND.RATING,
    "recommendation": KIND.RECOMMEND,
    "effort": KIND.EFFORT,
    "yes_no": KIND.YES_NO,
}


@dataclass(frozen=True)
class Spec:
    """What was said of a file.

    mapping  header -> question key, or "partner"
    drivers  header, or question key, -> what it may drive ("ease")
    scale    bounds of questions that are made from columns: "1-5"; None for those, or for what an existing wave asks
    na       what cells say for "I don't know"
    """

    mapping: Mapping[str, str]
    drivers: Mapping[str, str] = field(default_factory=dict)
    scale: str | None = None
    na: Sequence[str] = ()


@dataclass(frozen=True)
class Columns:
    """Places of cells in a row: which question each answers, and which names the body."""

    headers: Sequence[str]
    questions: Mapping[int, Question]
    partner: int | None


def columns_of(spec: Spec, headers: Sequence[str], wave: Wave | None) -> Columns:
    """Match what was said to the file, and to the questions of a wave that exists. Raises DomainError."""
    mapped = {_place(headers, name): key.strip() for name, key in spec.mapping.items()}
    drivers = _drivers(spec, headers, mapped)
    partner = [place for place, key in mapped.items() if key == PARTNER]
    keys = {place: key for place, key in mapped.items() if key and key != PARTNER}
    _refuse_twice([*keys.values(), *(PARTNER for _place in partner)])
    if wave is not None:
        questions = {place: _asked(wave, key, spec.scale) for place, key in keys.items()}
    else:
        questions = _made(keys, drivers, headers, scale_from(spec.scale or "1-5"))
    if not questions:
        raise DomainError(_('Say which column answers which question: --map "Column=question".'))
    _refuse_na(spec.na, questions.values())
    return Columns(headers, questions, partner[0] if partner else None)


def _place(headers: Sequence[str], name: str) -> int:
    for place, header in enumerate(headers):
        if normal(header) == normal(name):
            return place
    raise DomainError(
        _("There is no column “%(column)s” in the file; it has: %(headers)s.")
        % {"column": name, "headers": ", ".join(headers)[:500]}
    )


def _drivers(spec: Spec, headers: Sequence[str], mapped: dict[int, str]) -> dict[int, str]:
    """What each column may drive. A column that is mapped to no question makes one of the driver's name."""
    found = {}
    by_key = {key: place for place, key in mapped.items()}
    for name, driver in spec.drivers.items():
        known = any(normal(header) == normal(name) for header in headers)
        place = by_key[name] if not known and name in by_key else _place(headers, name)
        mapped.setdefault(place, driver)
        found[place] = slugify(driver)[:40]
    return found


def _refuse_twice(keys: Sequence[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise DomainError(
                _("%(n)d columns are mapped to “%(key)s”. Leave one of them out.")
                % {"n": keys.count(key), "key": key}
            )


def _asked(wave: Wave, key: str, scale: str | None) -> Question:
    """The question of a wave that exists: it is not changed by a file."""
    known = {question.key: question for question in wave.version.questions.all()}
    if key not in known:
        raise DomainError(
            _("“%(wave)s” does not ask “%(key)s”. It asks: %(known)s.")
            % {"wave": wave, "key": key, "known": ", ".join(known)}
        )
    if scale is not None and scale_of(known[key]) != scale_from(scale):
        raise DomainError(
            _("“%(key)s” is not asked on the scale %(scale)s in “%(wave)s”.")
            % {"key": key, "scale": scale, "wave": wave}
        )
    return known[key]


def _made(
    keys: Mapping[int, str], drivers: Mapping[int, str], headers: Sequence[str], scale: Scale
) -> dict[int, Question]:
    """Questions that are to be made, not saved yet. The first that drives nothing is what the drivers explain."""
    found: dict[int, Question] = {}
    outcome = next((place for place in keys if place not in drivers), None) if drivers else None
    for order, (place, key) in enumerate(keys.items()):
        if not KEY.fullmatch(key):
            raise DomainError(
                _("“%(key)s” cannot be a question's key: use small letters, digits and hyphens, up to 60.")
                % {"key": key[:80]}
            )
        found[place] = Question(
            key=key,
            order=order,
            kind=KINDS[scale.kind],
            ask_en=headers[place][:500],
            driver=drivers.get(place, ""),
            outcome=place == outcome,
            core=True,
        )
    return found


def _refuse_na(codes: Sequence[str], questions: Iterable[Question]) -> None:
    """A code that is an answer on a question's scale would turn answers into none."""
    for question in questions:
        scale = scale_of(question)
        for code in codes:
            if scale is not None and question.is_numeric and code.isdigit() and int(code) in scale:
                raise DomainError(
                    _("%(code)s is an answer to “%(key)s”, so it cannot mean “I don’t know”.")
                    % {"code": code, "key": question.key}
                )
