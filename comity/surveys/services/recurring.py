"""Asking again and again by itself: every year, every quarter, after each visit or ticket."""

from __future__ import annotations

import logging
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.meetings.models import Meeting
from comity.office import services as office
from comity.people.models import User
from comity.surveys.models import Participant, Series, Survey, Version, Wave
from comity.surveys.services import audience, building, sending, waves
from comity.surveys.services.audience import Candidate
from comity.surveys.services.building.question_keys import free_key
from comity.tickets.services import callers

CREATE = "surveys.create_series"
CHANGE = "surveys.change_series"
STOP = "surveys.stop_series"
BY = sending.BY
MONTHS = {Series.Cadence.ANNUAL: 12, Series.Cadence.QUARTERLY: 3}
# Visits are often written down days later; what was longer ago is not asked about.
LOOK_BACK = timedelta(days=14)

log = logging.getLogger(__name__)


def create_series(*, by: Actor, **facts: Any) -> Series:
    """Begin to ask by itself. Raises DomainError.

    facts  as in `Series`: name, survey, cadence, mode, audience, days_open, remind_after_days, next_on
    """

    def check(series: Series) -> None:
        series.created_by = by if isinstance(by, User) else None
        _check(series, None)

    values = {"key": free_key(facts.get("name", ""), Series.objects.all(), otherwise="series"), **facts}
    return create(Series, values, by=by, action=CREATE, check=check)


@transaction.atomic
def change_series(series_id: int, values: Values, *, by: Actor, seen: Values | None = None) -> Series:
    """Change what is asked from the next wave on; waves that were opened stay as they are.

    Raises ConflictError, DomainError.
    """
    was = _locked(series_id)
    if was.stopped_at:
        raise DomainError(_("This was stopped. Set up a new recurring survey."))

    def check(series: Series) -> None:
        series.note = ""
        _check(series, was.next_on)

    return change(Series.objects.all(), series_id, values, by=by, action=CHANGE, seen=seen, check=check).row


@transaction.atomic
def stop_series(series_id: int, *, by: Actor) -> Series:
    """Ask no more by itself. Waves that are open stay open until their last day. Raises DomainError."""
    if _locked(series_id).stopped_at:
        raise DomainError(_("This is already stopped."))
    return change(Series.objects.all(), series_id, {"stopped_at": timezone.now()}, by=by, action=STOP).row


def _locked(series_id: int) -> Series:
    return Series.objects.select_for_update(of=("self",)).select_related("survey").get(pk=series_id)


def run_due(today: date) -> int:
    """Open the waves whose day has come, and ask those who were visited or helped; how many waves were opened or grew.

    What refuses is noted on the series, and tried again the next day.
    """
    moved = 0
    for series in Series.objects.standing().select_related("survey").order_by("pk"):
        try:
            if series.rolls:
                moved += bool(ask_lately(series, today))
            elif series.next_on and series.next_on <= today:
                open_next(series.pk, today)
                moved += 1
        except DomainError as refused:
            log.warning("Series %s could not ask: %s", series.key, refused)
            Series.objects.filter(pk=series.pk).update(note=str(refused)[:300])
    return moved


@transaction.atomic
def open_next(series_id: int, today: date) -> Wave:
    """Make and open the next wave of a year or quarter, and set the day after it. Raises DomainError."""
    series = _locked(series_id)
    if series.next_on is None or series.next_on > today:
        raise DomainError(_("Its day has not come yet."))
    quarterly = series.cadence == Series.Cadence.QUARTERLY
    period = _quarter(series.next_on) if quarterly else str(series.next_on.year)
    wave = _made(series, period, today + timedelta(days=series.days_open))
    waves.open_wave(wave.pk, by=BY)
    series.day = series.day or series.next_on.day
    while series.next_on <= today:
        months = MONTHS[Series.Cadence(series.cadence)]
        series.next_on = _months_later(series.next_on, months, day=series.day)
    series.note = ""
    series.save(update_fields=["next_on", "day", "note"])
    return wave


def ask_lately(series: Series, today: date) -> int:
    """Ask those who were visited or helped lately and have not been asked in this quarter's wave; how many.

    Whoever rests is written down as resting, and asked if their rest ends while that is still recent.
    """
    wave = _of_this_quarter(series, today)
    if wave is not None and not wave.is_open:
        return 0
    known = dict(wave.participants.values_list("person", "state")) if wave else {}
    people = _of_late(series, today, known)
    askable = [one for one in people if one.state == Participant.State.WAITING]
    if wave is None:
        if not askable:
            return 0
        wave = _rolling(series, today)
    rested = [one.person_id for one in askable if known.get(one.person_id) == Participant.State.RESTING]
    wave.participants.filter(person__in=rested, state=Participant.State.RESTING).update(
        state=Participant.State.WAITING
    )
    Series.objects.filter(pk=series.pk).exclude(note="").update(note="")
    return sending.invite_late(wave, people)


def _of_late(series: Series, today: date, known: dict[int, str]) -> list[Candidate]:
    """Those of the partners' people who were visited or helped lately, each once, for the body that it was about."""
    done = {person for person, state in known.items() if state != Participant.State.RESTING}
    # Nobody is asked of one visit in the waves of two quarters.
    asked = Participant.objects.filter(wave__series=series, sent_on__gte=today - LOOK_BACK)
    before = dict(asked.order_by("sent_on").values_list("person", "sent_on"))
    chosen = series.audience.get("partners")
    whom: dict[tuple[int, ...], set[int]] = {}
    for day, partners, people in _occasions(series, today):
        if bodies := tuple(one for one in partners if not chosen or one in chosen):
            unheard = {person for person in people if (before.get(person) or date.min) < day}
            whom.setdefault(bodies, set()).update(unheard - done)
    found: dict[int, Candidate] = {}
    for bodies, among in whom.items():
        if left := among - found.keys():
            for one in audience.find({**series.audience, "partners": bodies}, among=left).everyone:
                found[one.person_id] = one
    return list(found.values())


def _occasions(series: Series, today: date) -> Iterator[tuple[date, list[int], set[int]]]:
    """Day, partners and people of what was lately, the latest first: of each visit, or each ticket."""
    first = max(today - LOOK_BACK, series.created_at.astimezone(office.time_zone()).date())
    if series.cadence == Series.Cadence.TICKET:
        for day, partner, person in callers(first, series.survey.service_id):
            yield day, [partner], {person}
        return
    meetings = Meeting.objects.face_to_face().between(first, today).exclude(theirs=None).distinct()
    for meeting in meetings.prefetch_related("partners", "theirs").order_by("-held_on", "-pk"):
        partners, people = meeting.partners.all(), meeting.theirs.all()
        yield meeting.held_on, [one.pk for one in partners], {one.pk for one in people}


def _of_this_quarter(series: Series, today: date) -> Wave | None:
    """The wave in which a series that rolls asks this quarter; never one that somebody made by hand."""
    own = series.waves.select_related("version__survey")
    return own.filter(key__startswith=f"{series.key}-{_quarter(today)}").first()


@transaction.atomic
def _rolling(series: Series, today: date) -> Wave:
    """This quarter's wave, open from its first visit or ticket on until some days after the quarter."""
    _locked(series.pk)
    if (wave := _of_this_quarter(series, today)) is not None:
        return wave
    wave = _made(series, _quarter(today), _quarter_ends(today) + timedelta(days=series.days_open))
    building.freeze(wave.version, by=BY)
    wave.state, wave.opened_at = Wave.State.OPEN, timezone.now()
    wave.save(update_fields=["state", "opened_at"])
    audit.record(by=BY, action=waves.OPEN, target=wave, after={"state": wave.state, "series": series.key})
    return wave


def _made(series: Series, period: str, closes_on: date) -> Wave:
    """The wave of a year or quarter; numbered where somebody has made one by hand that is called the same."""
    stem, name = f"{series.key}-{period}", f"{series.name} {period.upper().replace('-', ' ')}"
    taken = set(Wave.objects.filter(key__startswith=stem).values_list("key", flat=True))
    number = next(each for each in range(1, len(taken) + 2) if _numbered(stem, each) not in taken)
    return waves.create_wave(
        name=name if number == 1 else f"{name} ({number})",
        key=_numbered(stem, number),
        version=version_to_send(series.survey),
        by=BY,
        mode=series.mode,
        series=series,
        audience=series.audience,
        closes_on=closes_on,
        # A rolling wave asks on many days; its people are not reminded together.
        remind_after_days=[] if series.rolls else series.remind_after_days,
        against=series.waves.exclude(state=Wave.State.DRAFT).order_by("-opened_at").first(),
    )


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def version_to_send(survey: Survey) -> Version:
    """What was sent last; the draft, if nothing was sent yet. Raises DomainError."""
    if survey.retired_at:
        raise DomainError(_("The survey “%(survey)s” is retired.") % {"survey": survey})
    version = survey.latest_frozen() or survey.draft()
    if version is None:
        raise DomainError(_("“%(survey)s” has no questions yet.") % {"survey": survey})
    return version


def _check(series: Series, before: date | None) -> None:
    """Tidied and right; `before` is when it was to ask next until now."""
    series.name = " ".join(series.name.split())
    if not series.name:
        raise DomainError(_("Enter a name."), "name")
    if not 1 <= series.days_open <= waves.LONGEST_DAYS:
        raise DomainError(_("Give people at least one day and at most a year to answer."), "days_open")
    series.remind_after_days = waves.cleaned_days(series.remind_after_days)
    if series.rolls:
        series.next_on, series.day, series.remind_after_days = None, None, []
    elif series.next_on is None:
        raise DomainError(_("Choose the day of the first wave."), "next_on")
    elif series.next_on != before:
        if series.next_on < office.today():
            raise DomainError(_("That day has passed. Choose today or a later day."), "next_on")
        series.day = series.next_on.day


def _quarter(day: date) -> str:
    return f"{day.year}-q{(day.month - 1) // 3 + 1}"


def _quarter_ends(day: date) -> date:
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, monthrange(day.year, month)[1])


def _months_later(first: date, months: int, *, day: int = 0) -> date:
    """The same day some months later, or the last one of a shorter month.

    day  the day that was meant, where `first` lies in a month too short for it
    """
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(day or first.day, monthrange(year, month)[1]))
