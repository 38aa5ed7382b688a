"""A survey as a whole: made, empty or from the library; named; retired and brought back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.surveys.models import Purpose, Survey, Version
from comity.surveys.services.building import library, questions
from comity.surveys.services.building.checks import longest
from comity.surveys.services.building.drafts import refuse_words
from comity.surveys.services.building.naming import key_from, plain

CREATE = "surveys.create"
RENAME = "surveys.rename"
RETIRE = "surveys.retire"
BRING_BACK = "surveys.bring_back"


@transaction.atomic
def create_survey(
    *,
    by: audit.Actor,
    name: str = "",
    purpose: str = "",
    template: str = "",
    key: str = "",
) -> Survey:
    """A survey with a first draft.

    template  the key of one in the library, with whose words and questions it begins; empty: with a title alone
    name, purpose  those of the template, unless given
    key       made from the name, unless given

    Raises DomainError.
    """
    begun = library.template(template) if template else None
    name = plain(name) or (begun.name if begun else "")
    _refuse_name(name)
    taken = set(Survey.objects.values_list("key", flat=True))
    if key and key in taken:
        raise DomainError(_("There is already a survey with the key “%(key)s”.") % {"key": key})
    survey = Survey.objects.create(
        key=key_from(key or name, taken, otherwise="survey"),
        name=name,
        purpose=Purpose(purpose or (begun.purpose if begun else Purpose.OWN)),
    )
    draft = Version(survey=survey, number=1, **(begun.words if begun else {"title_en": name}))
    refuse_words(draft)
    draft.save()
    made = questions.write(draft, begun.questions) if begun else []
    after = {"name": survey.name, "purpose": survey.purpose, "questions": [each.key for each in made]}
    audit.record(by=by, action=CREATE, target=survey, after=after)
    return survey


@transaction.atomic
def rename(survey_id: int, *, name: str, purpose: str, by: audit.Actor) -> Survey:
    """Change what the office calls a survey, and what it is for. Respondents read the title of its version."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    before = audit.values(survey, ("name", "purpose"))
    survey.name, survey.purpose = plain(name), Purpose(purpose)
    _refuse_name(survey.name, but=survey.pk)
    survey.save(update_fields=["name", "purpose"])
    old, new = audit.changes(before, survey, ("name", "purpose"))
    if new:
        audit.record(by=by, action=RENAME, target=survey, before=old, after=new)
    return survey


def _refuse_name(name: str, but: int = 0) -> None:
    if not name:
        raise DomainError(_("Give the survey a name."))
    most = longest(Survey, "name")
    if len(name) > most:
        raise DomainError(_("The name is too long: at most %(most)s characters.") % {"most": most})
    if Survey.objects.standing().filter(name__iexact=name).exclude(pk=but).exists():
        raise DomainError(_("There is already a survey called “%(name)s”.") % {"name": name})


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
        _refuse_name(survey.name, but=survey.pk)
        survey.retired_at = None
        survey.save(update_fields=["retired_at"])
        audit.record(by=by, action=BRING_BACK, target=survey)
    return survey
