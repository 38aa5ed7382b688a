"""A version while it is a draft: begun as a copy of what was sent last, worded, and frozen when it is first sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.surveys.models import Question, Survey, Version
from comity.surveys.services.building import checks
from comity.surveys.services.building.naming import lines, plain

BEGIN = "surveys.begin_version"
WORD = "surveys.word"
DISCARD = "surveys.discard_version"
FREEZE = "surveys.freeze"

# What a version says, and what a question is; both are copied from version to version.
WORDS = ("title_en", "title_es", "intro_en", "intro_es", "thanks_en", "thanks_es")
FACTS = (
    "key",
    "order",
    "kind",
    "ask_en",
    "ask_es",
    "help_en",
    "help_es",
    "driver",
    "outcome",
    "core",
    "dont_know",
    "choices",
    "show_if_question",
    "show_if_values",
)


class FrozenError(DomainError):
    """This version was sent; a draft is needed to change it."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            _(
                "Version %(number)s was sent, and what was sent never changes. Begin a new version to change it."
            )
            % {"number": version.number}
        )


class ConflictError(DomainError):
    """Somebody changed the same thing since this person opened it; `present` is how it is now."""

    def __init__(self, present: dict[str, Any]) -> None:
        self.present = present
        super().__init__(
            _("Somebody changed this while you were writing. Look it over, then send yours again.")
        )


def editable(version_id: int) -> Version:
    """The draft, locked until the change is written. Raises FrozenError if it was sent meanwhile."""
    version = Version.objects.select_for_update().get(pk=version_id)
    if version.frozen_at:
        raise FrozenError(version)
    return version


def refuse_conflict(row: Version | Question, seen: Mapping[str, Any] | None) -> None:
    """Raises ConflictError unless the row still is as this person saw it; None of seen: nothing was looked at."""
    if seen is None:
        return
    present = audit.values(row, seen)
    if present != dict(seen):
        raise ConflictError(present)


@transaction.atomic
def begin_draft(survey_id: int, *, by: audit.Actor) -> Version:
    """The survey's draft: the one there is, or a new one that says and asks what was sent last.

    Raises DomainError for a retired survey.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.retired_at:
        raise DomainError(_("This survey is retired. Bring it back to change it."))
    if draft := survey.draft():
        return draft
    sent = survey.latest_frozen()
    words = {name: getattr(sent, name) for name in WORDS} if sent else {"title_en": survey.name}
    draft = Version.objects.create(survey=survey, number=sent.number + 1 if sent else 1, **words)
    if sent:
        Question.objects.bulk_create(
            Question(version=draft, **{name: getattr(question, name) for name in FACTS})
            for question in sent.questions.all()
        )
    audit.record(by=by, action=BEGIN, target=draft, after={"copy of": sent.number if sent else None})
    return draft


@transaction.atomic
def change_words(
    version_id: int, *, by: audit.Actor, seen: Mapping[str, Any] | None = None, **words: str
) -> Version:
    """Change the title, what a survey says first, and what it says at its end, in both languages.

    Raises FrozenError, ConflictError, DomainError.
    """
    version = editable(version_id)
    refuse_conflict(version, seen)
    before = audit.values(version, WORDS)
    for name, text in words.items():
        if name not in WORDS:
            raise TypeError(f"A version has no {name!r}.")
        setattr(version, name, plain(text) if name.startswith("title") else lines(text))
    refuse_words(version)
    version.save(update_fields=WORDS)
    old, new = audit.changes(before, version, WORDS)
    if new:
        audit.record(by=by, action=WORD, target=version, before=old, after=new)
    return version


def refuse_words(version: Version) -> None:
    if not version.title_en:
        raise DomainError(_("Give the survey a title in English."))
    for name in WORDS:
        most = checks.longest(Version, name)
        if len(getattr(version, name)) > most:
            raise DomainError(
                _("“%(field)s” is too long: at most %(most)s characters.")
                % {"field": checks.called(Version, name).capitalize(), "most": f"{most:,}"}
            )


@transaction.atomic
def discard_draft(version_id: int, *, by: audit.Actor) -> Survey:
    """Throw away what was not sent; what was sent stays. Raises FrozenError, DomainError."""
    version = editable(version_id)
    survey = version.survey
    wave = version.waves.first()
    if wave is not None:
        raise DomainError(
            _("The wave “%(wave)s” is to be sent with this draft, so it cannot be discarded.")
            % {"wave": wave}
        )
    if not survey.latest_frozen():
        raise DomainError(_("This is the survey’s only version. Retire the survey instead."))
    asked = list(version.questions.values_list("key", flat=True))
    audit.record(by=by, action=DISCARD, target=version, before={"questions": asked})
    version.delete()
    return survey


@transaction.atomic
def freeze(version: Version, by: audit.Actor) -> Version:
    """Make a version one that was sent, so that it never changes again. Once frozen, nothing is done.

    Called inside the opening of a wave. Raises DomainError, saying why, if it cannot be sent.
    """
    locked = Version.objects.select_for_update().select_related("survey").get(pk=version.pk)
    if locked.survey.retired_at:
        raise DomainError(_("The survey “%(survey)s” is retired.") % {"survey": locked.survey})
    if not locked.frozen_at:
        questions = list(locked.questions.all())
        if not questions:
            raise DomainError(_("“%(survey)s” has no questions yet.") % {"survey": locked.survey})
        checks.refuse(questions)
        checks.refuse_other_kinds(locked, questions)
        locked.frozen_at = timezone.now()
        locked.save(update_fields=["frozen_at"])
        audit.record(by=by, action=FREEZE, target=locked, after={"questions": len(questions)})
    version.frozen_at = locked.frozen_at
    return locked
