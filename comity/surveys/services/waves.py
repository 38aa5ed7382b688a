"""Making a wave, changing it while it is prepared, opening it, giving it more time, reminding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity import jobs
from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values, plain_values
from comity.jobs.models import Work
from comity.office import services as office
from comity.people.models import User
from comity.surveys.models import Series, Wave
from comity.surveys.services import building
from comity.surveys.services.audience import current_rules, find
from comity.surveys.services.building.question_keys import free_key, in_one_line

CREATE = "surveys.create_wave"
CHANGE = "surveys.change_wave"
DELETE = "surveys.delete_wave"
OPEN = "surveys.open_wave"
EXTEND = "surveys.extend_wave"
REMIND = "surveys.remind"
# Work in the background.
OPENING = "surveys.open"
REMINDING = "surveys.remind"

MOST_REMINDERS = 4
LONGEST_DAYS = 365
KEPT = (
    *("name", "version", "mode", "audience", "everyone"),
    *("closes_on", "remind_after_days", "smallest_group", "against"),
)


def create_wave(*, name: str, by: Actor, key: str = "", series: Series | None = None, **facts: Any) -> Wave:
    """A wave in preparation; nobody is asked yet. Its key is made from its name, unless given. Raises DomainError.

    facts  as in `Wave`: version, mode, audience, everyone, closes_on, remind_after_days, smallest_group, against
    """
    values = {
        "key": key or free_key(name, Wave.objects.all(), otherwise="wave"),
        "name": name,
        "smallest_group": current_rules().smallest_group,
        **facts,
    }

    def check(wave: Wave) -> None:
        wave.series, wave.created_by = series, by if isinstance(by, User) else None
        _check(wave)
        _refuse_past(wave.closes_on)

    return create(Wave, values, by=by, action=CREATE, check=check)


@transaction.atomic
def change_wave(wave_id: int, values: Values, *, by: Actor, seen: Values | None = None) -> Wave:
    """Change a wave that is in preparation. Raises ConflictError, DomainError."""
    was = _locked(wave_id)
    if was.has_answers and values.get("mode", was.mode) != was.mode:
        raise DomainError(
            _("Answers have arrived under this promise of anonymity, so it can no longer change.")
        )
    _in_preparation(was)
    _refuse_past(values.get("closes_on"))
    rows = Wave.objects.all()
    return change(rows, wave_id, values, by=by, action=CHANGE, seen=seen, check=_check).row


@transaction.atomic
def delete_wave(wave_id: int, *, by: Actor) -> None:
    """Throw away a wave that was never opened. Raises DomainError."""
    wave = _locked(wave_id)
    _in_preparation(wave)
    audit.record(by=by, action=DELETE, target=wave, before={"key": wave.key, **plain_values(wave, KEPT)})
    wave.delete()


def open_wave(wave_id: int, *, by: Actor) -> Work:
    """Freeze the questions and begin to invite; the work that writes the invitations.

    Raises DomainError: opened already, no questions, the last day missing or past, nobody to ask.
    """
    wave = Wave.objects.select_related("version").get(pk=wave_id)
    _may_open(wave)
    _someone_to_ask(wave)
    with transaction.atomic():
        wave = _locked(wave_id)
        _may_open(wave)
        building.freeze(wave.version, by=by)
        wave.state, wave.opened_at = Wave.State.OPENING, timezone.now()
        wave.save(update_fields=["state", "opened_at"])
        audit.record(
            by=by,
            action=OPEN,
            target=wave,
            before={"state": Wave.State.DRAFT},
            after={"state": wave.state, **plain_values(wave, KEPT)},
        )
        return go_on_opening(wave, by=by)


def go_on_opening(wave: Wave, *, by: Any) -> Work:
    """Let the worker write the invitations that are not written yet."""
    return work_on(wave, OPENING, _("Inviting people to “%(wave)s”"), by=by)


@transaction.atomic
def extend_wave(wave_id: int, *, closes_on: date, by: Actor) -> Wave:
    """Give those who were asked more time, or less, but today at least. Raises DomainError."""
    if not _locked(wave_id).is_open:
        raise DomainError(_("You can change the last day only while a wave is open."))
    _refuse_past(closes_on)
    return change(Wave.objects.all(), wave_id, {"closes_on": closes_on}, by=by, action=EXTEND).row


@transaction.atomic
def remind(wave_id: int, *, by: Actor) -> Work:
    """Write once more to those who have not answered; the work that does it. Raises DomainError."""
    wave, today = _locked(wave_id), office.today()
    if wave.state != Wave.State.OPEN:
        raise DomainError(_("You can remind people only while a wave is open."))
    if wave.closes_on and wave.closes_on < today:
        raise DomainError(_("The last day to answer has passed. Give people more time first."))
    if wave.reminded_on == today:
        raise DomainError(_("They have already been reminded today."))
    wave.rounds, wave.reminded_on = wave.rounds + 1, today
    wave.save(update_fields=["rounds", "reminded_on"])
    audit.record(by=by, action=REMIND, target=wave, after={"round": wave.rounds})
    return go_on_reminding(wave, by=by)


def go_on_reminding(wave: Wave, *, by: Any) -> Work:
    """Let the worker write the reminders of this round that are not written yet."""
    return work_on(wave, REMINDING, _("Sending reminders for “%(wave)s”"), by=by, round_=wave.rounds)


def work_on(wave: Wave, task: str, label: str, *, by: Any, **arguments: Any) -> Work:
    """Begin work on a wave in the background, or take it up again.

    label  with a place for its name: "Closing “%(wave)s”"
    by     who may look on, or the name of a machine
    """
    url = wave.get_absolute_url()
    return jobs.start(task, {"wave_id": wave.pk, **arguments}, label=label % {"wave": wave}, by=by, url=url)


def is_worked_on(wave: Wave, *tasks: str) -> bool:
    """Whether one of these pieces of work on it waits or goes on."""
    return Work.objects.unfinished().filter(task__in=tasks, arguments__wave_id=wave.pk).exists()


def cleaned_days(days: Iterable[int]) -> list[int]:
    """After how many days to remind: in order, each once. Raises DomainError."""
    found = sorted(set(days))
    if len(found) > MOST_REMINDERS:
        raise DomainError(_("Choose up to %(count)s reminders.") % {"count": MOST_REMINDERS})
    if any(not 0 < day <= LONGEST_DAYS for day in found):
        raise DomainError(_("Choose days from 1 to 365 for reminders."))
    return found


def _locked(wave_id: int) -> Wave:
    return Wave.objects.select_for_update(of=("self",)).select_related("version__survey").get(pk=wave_id)


def _in_preparation(wave: Wave) -> None:
    if wave.state != Wave.State.DRAFT:
        raise DomainError(
            _("This wave has been opened. What people were asked and promised can no longer change.")
        )


def _check(wave: Wave) -> None:
    wave.name = in_one_line(wave.name)
    if not wave.name:
        raise DomainError(_("Enter a name for the wave."), "name")
    wave.remind_after_days = cleaned_days(wave.remind_after_days)
    if wave.against_id and wave.against_id == wave.pk:
        raise DomainError(_("A wave cannot be compared with itself."))


def _refuse_past(day: date | None) -> None:
    if day is not None and day < office.today():
        raise DomainError(_("The last day to answer has passed. Choose today or a later day."), "closes_on")


def _may_open(wave: Wave) -> None:
    if wave.state != Wave.State.DRAFT:
        raise DomainError(_("This wave has already been opened."))
    if not wave.version.questions.exists():
        survey = {"survey": wave.version.survey}
        raise DomainError(_("“%(survey)s” has no questions yet. Add one first.") % survey)
    if wave.closes_on is None:
        raise DomainError(_("Choose the last day to answer."))
    _refuse_past(wave.closes_on)


def _someone_to_ask(wave: Wave) -> None:
    found = find(wave.audience)
    if not found.everyone:
        raise DomainError(_("Nobody is in the audience. Choose who to ask."))
    if not found.to_ask:
        raise DomainError(
            _(
                "Nobody in the audience can be asked now. Each was asked too recently, has no email "
                "address, or asked us to stop."
            )
        )
