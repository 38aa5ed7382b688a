"""Making a wave, changing it while it is prepared, opening it, giving it more time, reminding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity import jobs
from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.office import services as office
from comity.people.models import User
from comity.surveys.models import Mode, Series, Version, Wave
from comity.surveys.services import audience, building

CREATE = "surveys.create_wave"
CHANGE = "surveys.change_wave"
DELETE = "surveys.delete_wave"
OPEN = "surveys.open_wave"
EXTEND = "surveys.extend_wave"
REMIND = "surveys.remind"
# Work in the background.
OPENING = "surveys.open"
REMINDING = "surveys.remind"

LONGEST_KEY = 50
MOST_REMINDERS = 4
LONGEST_DAYS = 365
FIELDS = (
    "name",
    "version",
    "mode",
    "audience",
    "everyone",
    "closes_on",
    "remind_after_days",
    "smallest_group",
    "against",
)


@transaction.atomic
def create_wave(
    *,
    name: str,
    version: Version,
    by: Actor,
    key: str = "",
    mode: str = Mode.NAMED,
    series: Series | None = None,
    **fields: Any,
) -> Wave:
    """A wave in preparation; nobody is asked yet. Its key is made from its name, unless given. Raises DomainError."""
    wave = Wave(
        key=key or free_key(name, Wave.objects.all()),
        version=version,
        mode=Mode(mode),
        series=series,
        smallest_group=audience.current_rules().smallest_group,
        created_by=by if isinstance(by, User) else None,
    )
    _set(wave, name=name, **fields)
    wave.save(force_insert=True)
    audit.record(by=by, action=CREATE, target=wave, after={"key": wave.key, **_plain(wave)})
    return wave


@transaction.atomic
def change_wave(wave_id: int, *, by: Actor, **fields: Any) -> Wave:
    """Change a wave that is in preparation. Raises DomainError."""
    wave = _locked(wave_id)
    if wave.has_answers and fields.get("mode", wave.mode) != wave.mode:
        raise DomainError(
            _("Answers have arrived under a promise of who learns what; that cannot be changed any more.")
        )
    _in_preparation(wave)
    before = _plain(wave)
    _set(wave, **fields)
    wave.save(update_fields=list(fields))
    after = _plain(wave)
    changed = [field for field in after if after[field] != before[field]]
    if changed:
        audit.record(
            by=by,
            action=CHANGE,
            target=wave,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )
    return wave


@transaction.atomic
def delete_wave(wave_id: int, *, by: Actor) -> None:
    """Throw away a wave that was never opened. Raises DomainError."""
    wave = _locked(wave_id)
    _in_preparation(wave)
    audit.record(by=by, action=DELETE, target=wave, before={"key": wave.key, **_plain(wave)})
    wave.delete()


def open_wave(wave_id: int, *, by: Actor, owner: models.Model | str | None = None) -> Work:
    """Freeze the questions and begin to invite; the work that writes the invitations.

    owner  who may watch the work; whoever opens it, unless said otherwise

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
            after={"state": wave.state, **_plain(wave)},
        )
        return go_on_opening(wave, by=owner or by)


def go_on_opening(wave: Wave, *, by: Any) -> Work:
    """Let the worker write the invitations that are not written yet."""
    return jobs.start(
        OPENING,
        {"wave_id": wave.pk},
        label=_("Inviting to “%(wave)s”") % {"wave": wave},
        by=by,
        url=wave.get_absolute_url(),
    )


@transaction.atomic
def extend_wave(wave_id: int, *, closes_on: date, by: Actor) -> Wave:
    """Give those who were asked more time, or less, but today at least. Raises DomainError."""
    wave = _locked(wave_id)
    if not wave.is_open:
        raise DomainError(_("Only a wave that is open can be given another last day."))
    _refuse_past(closes_on)
    before, wave.closes_on = wave.closes_on, closes_on
    wave.save(update_fields=["closes_on"])
    audit.record(
        by=by,
        action=EXTEND,
        target=wave,
        before={"closes_on": before and before.isoformat()},
        after={"closes_on": closes_on.isoformat()},
    )
    return wave


@transaction.atomic
def remind(wave_id: int, *, by: Actor, owner: models.Model | str | None = None) -> Work:
    """Write once more to those who have not answered; the work that does it. Raises DomainError."""
    wave, today = _locked(wave_id), office.today()
    if wave.state != Wave.State.OPEN:
        raise DomainError(_("Only people who were asked in a wave that is open can be reminded."))
    if wave.closes_on and wave.closes_on < today:
        raise DomainError(_("The last day to answer has passed; give them more time first."))
    if wave.reminded_on == today:
        raise DomainError(_("They were reminded today already."))
    wave.rounds, wave.reminded_on = wave.rounds + 1, today
    wave.save(update_fields=["rounds", "reminded_on"])
    audit.record(by=by, action=REMIND, target=wave, after={"round": wave.rounds})
    return go_on_reminding(wave, by=owner or by)


def go_on_reminding(wave: Wave, *, by: Any) -> Work:
    """Let the worker write the reminders of this round that are not written yet."""
    return jobs.start(
        REMINDING,
        {"wave_id": wave.pk, "round_": wave.rounds},
        label=_("Reminding of “%(wave)s”") % {"wave": wave},
        by=by,
        url=wave.get_absolute_url(),
    )


def free_key(name: str, rows: models.QuerySet[Any]) -> str:
    """A key made from a name that no row has yet."""
    stem = slugify(name)[:LONGEST_KEY].strip("-") or "wave"
    taken = set(rows.filter(key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def refuse_empty(version: Version) -> None:
    """Raises DomainError if a version asks nothing."""
    if not version.questions.exists():
        raise DomainError(
            _("“%(survey)s” asks nothing yet. Give it a question first.") % {"survey": version.survey}
        )


def cleaned_days(days: Iterable[int]) -> list[int]:
    """After how many days to remind: in order, each once. Raises DomainError."""
    found = sorted(set(days))
    if len(found) > MOST_REMINDERS:
        raise DomainError(_("Remind at most %(count)s times.") % {"count": MOST_REMINDERS})
    if any(not 0 < day <= LONGEST_DAYS for day in found):
        raise DomainError(_("Remind after one day at the soonest, and within a year."))
    return found


def _locked(wave_id: int) -> Wave:
    return Wave.objects.select_for_update(of=("self",)).select_related("version__survey").get(pk=wave_id)


def _in_preparation(wave: Wave) -> None:
    if wave.state != Wave.State.DRAFT:
        raise DomainError(
            _("This wave was opened; what people were asked, and what they were promised, stays as it is.")
        )


def _set(wave: Wave, **fields: Any) -> None:
    """Change fields in memory, each of them checked."""
    for name, value in fields.items():
        if name not in FIELDS:
            raise TypeError(f"A wave has no {name!r} that can be set.")
        setattr(wave, name, value)
    wave.name = " ".join(wave.name.split())
    if not wave.name:
        raise DomainError(_("Give the wave a name."))
    wave.mode = Mode(wave.mode)
    wave.remind_after_days = cleaned_days(wave.remind_after_days)
    if fields.get("closes_on"):
        _refuse_past(fields["closes_on"])
    if wave.smallest_group < 2:
        raise DomainError(_("The smallest group that is shown has at least two people; five is usual."))
    if wave.against_id and wave.against_id == wave.pk:
        raise DomainError(_("A wave cannot be compared with itself."))


def _refuse_past(day: date) -> None:
    if day < office.today():
        raise DomainError(_("The last day to answer has passed. Choose today or a day to come."))


def _may_open(wave: Wave) -> None:
    if wave.state != Wave.State.DRAFT:
        raise DomainError(_("This wave was opened already."))
    refuse_empty(wave.version)
    if wave.closes_on is None:
        raise DomainError(_("Say until when people can answer."))
    _refuse_past(wave.closes_on)


def _someone_to_ask(wave: Wave) -> None:
    found = audience.find(wave.audience)
    if not found.everyone:
        raise DomainError(_("Nobody is in the audience. Choose whom to ask."))
    if not found.to_ask:
        raise DomainError(
            _(
                "Nobody in the audience can be asked now: each of them rests, has no address, or asked us to stop."
            )
        )


def _plain(wave: Wave) -> dict[str, Any]:
    """The wave as the trail keeps it."""
    return {
        "name": wave.name,
        "version": wave.version_id,
        "mode": str(wave.mode),
        "audience": wave.audience,
        "everyone": wave.everyone,
        "closes_on": wave.closes_on and wave.closes_on.isoformat(),
        "remind_after_days": wave.remind_after_days,
        "smallest_group": wave.smallest_group,
        "against": wave.against_id,
    }
