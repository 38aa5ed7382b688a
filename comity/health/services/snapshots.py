"""Counting how it stands with everybody, once a day, and telling those concerned whose band fell.

Safe to run again at any moment: a day has one row for each partner, and of one fall everybody is told once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.health import Health, fell, mover
from comity.followups.notices import ccos, keepers_of, with_stand_ins
from comity.health.models import RANKS, Snapshot, Weights
from comity.health.models import Band as Words
from comity.health.services import plays
from comity.health.services.evidence import reason
from comity.health.services.reading import Found, read
from comity.health.services.weights import kept, weights_of
from comity.notifications.services import notify
from comity.office import services as office
from comity.office.memory import remembering
from comity.partners.models import Partner
from comity.people.models import User

FELL = "health.fell"  # the kind of notice
MONTH, DAILY = timedelta(days=30), timedelta(days=90)
AT_ONCE = 500  # partners in a transaction, so that no write holds the database long
APART = 3  # so many falls are told one by one; more of them as a number
ITS_OWN = {"id", "partner", "taken_on", "told_at"}  # of a row that is there already; the rest is counted anew
COUNTED = [field.name for field in Snapshot._meta.concrete_fields if field.name not in ITS_OWN]


@remembering()
def take(partner: Partner | None = None, today: date | None = None) -> int:
    """Count how it stands with everybody the office serves, or with one of them; how many that were."""
    today, by = today or office.today(), kept()
    rows = Partner.objects.served().select_related("tier").order_by("pk")
    partners = list(rows.filter(pk=partner.pk) if partner else rows.defer("notes", "search_text"))
    found = read(partners, today) if partners else Found(today, [])
    yesterday, month = (_of_day(today - ago) for ago in (timedelta(days=1), MONTH))
    if partner is None:
        Snapshot.objects.last().exclude(partner__in=rows.values("pk")).update(is_last=False)
    for start in range(0, len(partners), AT_ONCE):
        _write(partners[start : start + AT_ONCE], found, by, yesterday, month)
    tell_falls()
    return len(partners)


def take_all() -> str:
    """The work of the night: count everybody, and keep one day a month of what is older than ninety days."""
    count = take()
    thin()
    return str(count)


def _of_day(last: date) -> QuerySet[Snapshot]:
    """What was counted on the last day up to one."""
    on = Snapshot.objects.filter(taken_on__lte=last).aggregate(on=Max("taken_on"))["on"]
    return Snapshot.objects.filter(taken_on=on)


@transaction.atomic
def _write(
    partners: Sequence[Partner],
    found: Found,
    by: Weights,
    yesterday: QuerySet[Snapshot],
    month: QuerySet[Snapshot],
) -> None:
    keys = [row.pk for row in partners]
    before, ago = (
        {row.partner_id: row for row in rows.filter(partner__in=keys)} for rows in (yesterday, month)
    )
    rows = [_snapshot(row, found, by, before.get(row.pk), ago.get(row.pk)) for row in partners]
    old = Snapshot.objects.filter(partner__in=keys, is_last=True).exclude(taken_on=found.today)
    old.update(is_last=False)
    Snapshot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["partner", "taken_on"], update_fields=COUNTED
    )


def _snapshot(
    partner: Partner, found: Found, by: Weights, before: Snapshot | None, ago: Snapshot | None
) -> Snapshot:
    """One row; what was before is reckoned by the weights of today, so that new weights are nobody's fall."""
    weights = weights_of(by)
    row = Snapshot(
        partner=partner,
        taken_on=found.today,
        weights=by,
        readings=found.kept(partner.pk),
        stops=found.stops[partner.pk],
        since=found.today,
    )
    now = row.under(weights)
    row.score, row.band = now.score, now.band.value
    row.rank = RANKS[Words(row.band)]
    then = before.under(weights) if before else None
    if before and then and then.band is now.band:
        row.since, row.was, row.why = before.since, before.was, before.why
    elif before and then:
        row.was, row.why = then.band.value, _why(before, then, row, now)
        row.fell = fell(then.band, now.band)
    if ago and (once := ago.under(weights)).score is not None and now.score is not None:
        row.change = now.score - once.score
        row.moved = mover(once, now) if row.change else ""
    return row


def _why(before: Snapshot, then: Health, row: Snapshot, now: Health) -> str:
    """What brought it into another band: a stop that came, which needs no explaining; else the part that moved it most."""
    came = [stop for stop in row.stops if stop not in before.stops]
    return came[0] if came else mover(then, now)


def tell_falls() -> int:
    """Tell the lead contact and the chief customer officer of each fall that nobody was told of, and begin its play."""
    with transaction.atomic():
        rows = Snapshot.objects.select_for_update(of=("self",)).filter(fell=True, told_at=None, is_last=True)
        falls = list(rows.select_related("partner__parent", "weights").order_by("partner__sort_name"))
        told: dict[User, list[Snapshot]] = defaultdict(list)
        chiefs = ccos()
        for row in falls:
            plays.start(row, only_by_itself=True)
            for user in dict.fromkeys(with_stand_ins([*keepers_of(row.partner), *chiefs])):
                told[user].append(row)
        for user, each in told.items():
            _tell(user, each)
        Snapshot.objects.filter(pk__in=[row.pk for row in falls]).update(told_at=timezone.now())
    return len(falls)


def _tell(user: User, falls: list[Snapshot]) -> None:
    if len(falls) > APART:
        notify([user], kind=FELL, text=partial(_many, falls), url=f"{reverse('health:list')}?fell=1")
        return
    for row in falls:
        notify([user], kind=FELL, text=partial(_one, row), url=row.get_absolute_url(), about=row.partner)


def _one(row: Snapshot) -> str:
    said = {
        "partner": row.partner,
        "was": Words(row.was).label,
        "band": Words(row.band).label,
        "why": reason(row),
    }
    if row.was == Words.UNKNOWN:
        return _("%(partner)s is “%(band)s”: %(why)s.") % said
    return _("%(partner)s fell from “%(was)s” to “%(band)s”: %(why)s.") % said


def _many(falls: Iterable[Snapshot]) -> str:
    rows = list(falls)
    said = {"count": len(rows), "partners": office.words().partners, "first": rows[0].partner}
    return _("The health of %(count)s %(partners)s fell, %(first)s among them.") % said


def thin(today: date | None = None) -> int:
    """Of what is older than ninety days keep the last day counted in each month; how many rows went."""
    before = (today or office.today()) - DAILY
    days = Snapshot.objects.filter(taken_on__lt=before).order_by("taken_on")
    taken = list(days.values_list("taken_on", flat=True).distinct())
    last = {(day.year, day.month): day for day in taken}
    gone = [day for day in taken if day not in last.values()]
    return sum(Snapshot.objects.filter(taken_on=day, is_last=False).delete()[0] for day in gone)


def destroy_past(before: datetime) -> int:
    """Destroy for good what was counted before a moment; the last of each partner stays."""
    return Snapshot.objects.filter(taken_on__lt=before.date(), is_last=False).delete()[0]
