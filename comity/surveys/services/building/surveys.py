"""A survey as a whole: made, empty or from the library in comity/surveys/library/; named; retired and brought back."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.surveys.models import Purpose, Survey, Version
from comity.surveys.services.building import questions
from comity.surveys.services.building.drafts import WORDS
from comity.surveys.services.building.question_keys import in_one_line, key_from

FOLDER = Path(__file__).parents[2] / "library"
ORDER = ("annual", "visit", "pulse", "ticket")
CREATE = "surveys.create"
RENAME = "surveys.rename"
RETIRE = "surveys.retire"
BRING_BACK = "surveys.bring_back"


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


def _template(key: str) -> Template:
    """One of them. Raises DomainError, naming those there are."""
    for found in templates():
        if found.key == key:
            return found
    said = {"key": key[:40], "known": ", ".join(ORDER)}
    raise DomainError(_("The library has no survey “%(key)s”. It has: %(known)s.") % said)


def _read(path: Path) -> Template:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    words, questions = {name: told[name] for name in WORDS}, tuple(told["question"])
    return Template(path.stem, told["name"], told["about"], told["purpose"], words, questions)


@transaction.atomic
def create_survey(
    *,
    by: audit.Actor,
    name: str = "",
    purpose: str = "",
    template: str = "",
    key: str = "",
    service: Any = None,
) -> Survey:
    """A survey with a first draft.

    template  the key of one in the library, with whose words and questions it begins; empty: with a title alone
    name, purpose  those of the template, unless given
    key       made from the name, unless given
    service   the one it is about, if it is about one

    Raises DomainError.
    """
    begun = _template(template) if template else None
    name = in_one_line(name) or (begun.name if begun else "")
    taken = set(Survey.objects.values_list("key", flat=True))
    if key and key in taken:
        raise DomainError(_("There is already a survey with the key “%(key)s”.") % {"key": key})
    facts = {
        "key": key_from(key or name, taken, otherwise="survey"),
        "name": name,
        "purpose": purpose or (begun.purpose if begun else Purpose.OWN),
        "service": service,
    }
    survey = create(Survey, facts, by=by, action=CREATE, check=_check_name)
    words = begun.words if begun else {"title_en": name}
    draft = Version.objects.create(survey=survey, number=1, **words)
    if begun:
        questions.write(draft, begun.questions)
    return survey


def rename(survey_id: int, values: Values, *, by: audit.Actor, seen: Values | None = None) -> Survey:
    """Change what the office calls a survey, and what it is for. Respondents read the title of its version.

    Raises ConflictError, DomainError.
    """
    rows = Survey.objects.all()
    return change(rows, survey_id, values, by=by, action=RENAME, seen=seen, check=_check_name).row


def _check_name(survey: Survey) -> None:
    survey.name = in_one_line(survey.name)
    if not survey.name:
        raise DomainError(_("Enter a name for the survey."), "name")
    if Survey.objects.standing().filter(name__iexact=survey.name).exclude(pk=survey.pk).exists():
        raise DomainError(_("There is already a survey called “%(name)s”.") % {"name": survey.name}, "name")


@transaction.atomic
def retire(survey_id: int, *, by: audit.Actor) -> Survey:
    """Send a survey no more. Waves that are open go on; everything that was answered stays."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not survey.retired_at:
        survey.retired_at = timezone.now()
        survey.save(update_fields=["retired_at"])
        audit.record(by=by, action=RETIRE, target=survey)
    return survey


@transaction.atomic
def bring_back(survey_id: int, *, by: audit.Actor) -> Survey:
    """Let a retired survey be sent again. Raises DomainError if another has its name by now."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.retired_at:
        _check_name(survey)
        survey.retired_at = None
        survey.save(update_fields=["retired_at"])
        audit.record(by=by, action=BRING_BACK, target=survey)
    return survey
