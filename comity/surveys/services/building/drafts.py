"""A version while it is a draft: begun as a copy of what was sent last, worded, and frozen when it is first sent."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.editing.values import Values
from comity.surveys.models import Question, Survey, Version
from comity.surveys.services.building import checks
from comity.surveys.services.building.question_keys import in_one_line, lines

BEGIN = "surveys.begin_version"
WORD = "surveys.word"
DISCARD = "surveys.discard_version"
FREEZE = "surveys.freeze"

# What a version says, and what a question is; both are copied from version to version.
WORDS = ("title_en", "title_es", "intro_en", "intro_es", "thanks_en", "thanks_es")
FACTS = tuple(field.name for field in Question._meta.fields if field.name not in ("id", "version"))


class FrozenError(DomainError):
    """This version was sent; a draft is needed to change it."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            _(
                "Version %(number)s was sent, and what was sent never changes. Start a new version to "
                "change it."
            )
            % {"number": version.number}
        )


def editable(version_id: int) -> Version:
    """The draft, locked until the change is written. Raises FrozenError if it was sent meanwhile."""
    version = Version.objects.select_for_update().get(pk=version_id)
    if version.frozen_at:
        raise FrozenError(version)
    return version


@transaction.atomic
def begin_draft(survey_id: int, *, by: audit.Actor) -> Version:
    """The survey's draft: the one there is, or a new one that says and asks what was sent last.

    Raises DomainError for a retired survey.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.retired_at:
        raise DomainError(_("This survey is retired. Restore it to change it."))
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
def change_words(version_id: int, values: Values, *, by: audit.Actor, seen: Values | None = None) -> Version:
    """Change the title, what a survey says first, and what it says at its end, in both languages.

    Raises FrozenError, ConflictError, DomainError.
    """

    def check(version: Version) -> None:
        for name in WORDS:
            tidy = in_one_line if name.startswith("title") else lines
            setattr(version, name, tidy(getattr(version, name)))
        if not version.title_en:
            raise DomainError(_("Give the survey a title in English."), "title_en")

    editable(version_id)
    rows = Version.objects.all()
    return change(rows, version_id, values, by=by, action=WORD, seen=seen, check=check).row


@transaction.atomic
def discard_draft(version_id: int, *, by: audit.Actor) -> Survey:
    """Throw away what was not sent; what was sent stays. Raises FrozenError, DomainError."""
    version = editable(version_id)
    survey = version.survey
    wave = version.waves.first()
    if wave is not None:
        raise DomainError(
            _("The wave “%(wave)s” uses this draft, so it cannot be discarded.") % {"wave": wave}
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
