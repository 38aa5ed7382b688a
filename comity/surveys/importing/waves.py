"""The wave of an import: made, or taken over where it is being prepared; and given back when the import is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.imports import setwise
from comity.imports.applying import actor_of
from comity.imports.models import Import
from comity.imports.obstacles import listed
from comity.imports.setwise import staged
from comity.office import services as office
from comity.surveys.importing.about import NEW, refuse_wave
from comity.surveys.importing.asking import Asking
from comity.surveys.models import Deed, Participant, Question, Remark, Survey, Tally, Version, Wave
from comity.surveys.models.wave import POPULATION
from comity.surveys.services import building
from comity.surveys.services.building.question_keys import free_key
from comity.surveys.services.low_ratings import LOW_IN_SURVEY


def ready(batch: Import, asking: Asking, population: int | None) -> Wave:
    """The wave, so that responses can be written; it will be counted. What it was before is noted on the import.

    population  how many could have answered, if that is known
    """
    wave = asking.wave
    if wave is None:
        batch.made = {"wave": batch.about["wave"]}
        wave = _made(batch, asking)
    else:
        refuse_wave(wave)
        before = {"audience": wave.audience, "everyone": wave.everyone}
        if not wave.imported:
            before["frozen"] = wave.version.frozen_at is not None
            _take_over(wave, batch)
        batch.made = {"wave": wave.key, "before": before}
    if population:
        wave.audience, wave.everyone = {POPULATION: population}, True
    wave.state = Wave.State.CLOSING
    wave.save()
    batch.save(update_fields=["made"])
    return wave


def _made(batch: Import, asking: Asking) -> Wave:
    """A wave of a survey that was chosen, or of one of its own whose questions are the columns."""
    about = batch.about
    name = about["name"] or about["wave"]
    now = timezone.now()
    version = asking.version
    if version is None:
        survey = Survey.objects.create(
            key=free_key(about["wave"], Survey.objects.all(), otherwise="imported"), name=name, purpose="own"
        )
        version = Version.objects.create(survey=survey, number=1, title_en=name, frozen_at=now)
        mapped = [one for one in asking.questions if one.key in batch.mapping.values()]
        for question in mapped:
            question.version = version
        Question.objects.bulk_create(mapped)
    else:
        building.freeze(version, by=actor_of(batch))
    day = date.fromisoformat(about["day"]) if about["day"] else None
    opened = datetime.combine(day, time(12), tzinfo=office.time_zone()) if day else now
    return Wave.objects.create(
        key=about["wave"],
        name=name,
        version=version,
        mode=about["mode"],
        imported=True,
        everyone=False,
        has_answers=True,
        opened_at=opened,
        created_by=batch.by,
    )


def _take_over(wave: Wave, batch: Import) -> None:
    """A wave in preparation becomes one of responses from elsewhere: its questions are frozen, nobody is invited."""
    if Participant.objects.filter(wave=wave).exists():
        raise DomainError(_("“%(wave)s” has since been opened.") % {"wave": wave})
    building.freeze(wave.version, by=actor_of(batch))
    wave.imported, wave.has_answers, wave.everyone, wave.opened_at = True, True, False, timezone.now()


def built_on(batch: Import, wave: Wave) -> Iterator[str]:
    """What was built on an import of responses, in sentences that name it."""
    later = Import.objects.filter(profile=batch.profile, about__wave=wave.key, undone_at=None)
    files = later.filter(applied_at__gt=batch.applied_at, rows_total__gt=0)
    written = [one.file_name for one in files if one.rows_new + one.rows_changed]
    if written:
        yield _("Undo later imports first: %(files)s.") % {"files": listed(written)}
    keys = {row.target_id for row in staged(batch, "new", "changed")}
    heard = wave.responses.exclude(follow_up=None).values_list("pk", "follow_up")
    raised = Q(pk__in=[follow_up for pk, follow_up in heard if pk in keys])
    whole = Q(kind=LOW_IN_SURVEY, source_id=str(wave.pk))
    titles = FollowUp.objects.filter(raised | whole, withdrawn_at=None).values_list("title", flat=True)
    if titles:
        yield _("Follow-ups were raised from it: %(titles)s.") % {"titles": listed(list(titles))}
    if wave.later.exists():
        names = list(wave.later.values_list("name", flat=True))
        yield _("Other waves are compared with it: %(waves)s.") % {"waves": listed(names)}
    if Deed.objects.filter(account__wave=wave).exists():
        yield _("“What came of it” has been written for “%(wave)s”.") % {"wave": wave}


def give_back(batch: Import, wave: Wave) -> None:
    """The wave as it was before the import; without one where there was none."""
    before = batch.made.get("before")
    if before is None:
        setwise.delete(Tally.objects.filter(wave=wave))
        wave.delete()
        survey = wave.version.survey
        if batch.about["survey"] == NEW and not Wave.objects.filter(version__survey=survey).exists():
            survey.delete()
        return
    wave.audience, wave.everyone, wave.state = before["audience"], before["everyone"], Wave.State.CLOSING
    if "frozen" in before:
        setwise.delete(Tally.objects.filter(wave=wave))
        setwise.delete(Remark.objects.filter(wave=wave))
        wave.imported, wave.has_answers, wave.state = False, False, Wave.State.DRAFT
        wave.opened_at, wave.closed_at, wave.figures, wave.figures_at = None, None, {}, None
        others = Version.objects.filter(survey=wave.version.survey, frozen_at=None)
        sent = wave.version.waves.exclude(state=Wave.State.DRAFT).exclude(pk=wave.pk)
        if not before["frozen"] and not others.exists() and not sent.exists():
            Version.objects.filter(pk=wave.version_id).update(frozen_at=None)
    wave.save()
