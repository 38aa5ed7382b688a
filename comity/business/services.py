"""Writing down a partner's business, who may, what is near, and who of us understands whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, TextField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.audit.models import Entry
from comity.business.capabilities import WRITE
from comity.business.models import (
    FieldWork,
    Mission,
    Part,
    Process,
    Program,
    Season,
    Step,
    Understanding,
)
from comity.core import seasons
from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.partners.models import Membership, Partner
from comity.people.models import User
from comity.ui.components.days import near_day

SOON = 30  # days


def check_part(row: Part) -> None:
    """Tidied."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, TextField):
            setattr(row, field.attname, value.replace("\0", "").strip())
        elif isinstance(field, CharField) and isinstance(value, str):
            setattr(row, field.attname, " ".join(value.replace("\0", "").split()))


def check_season(row: Season) -> None:
    """Tidied, and no longer than it can be. Raises DomainError."""
    check_part(row)
    first, last = row.days
    if row.yearly and last >= seasons.in_year(first, first.year + 1):
        raise DomainError(_("What comes every year is shorter than a year."), "ends_on")


def check_understanding(row: Understanding) -> None:
    """Tidied, and of one of us. Raises DomainError."""
    row.note = " ".join(row.note.split())
    if not row.user.is_office:
        raise DomainError(_("Only someone in our office can stand in this register."), "user")


MISSIONS = Keeping(Mission, gettext_lazy("a mission"), check_part)
PROGRAMS = Keeping(Program, gettext_lazy("a program"), check_part)
PROCESSES = Keeping(Process, gettext_lazy("a process"), check_part)
SEASONS = Keeping(Season, gettext_lazy("a season"), check_season)
FIELD_WORK = Keeping(FieldWork, gettext_lazy("work in the field"), check_part)
STEPS = Keeping(Step, gettext_lazy("a step of a journey"), check_part)
UNDERSTANDING = Keeping(Understanding, gettext_lazy("who understands whom"), check_understanding)


def may_write(user: User, partner: Partner) -> bool:
    """Whether somebody may write on a partner's page: the office on every one, of its own people its executive and IT lead."""
    if user.is_office or not user.can(WRITE):
        return user.can(WRITE)
    return Membership.objects.answering_for(partner, WRITE).filter(user=user).exists()


def history(partner: Partner) -> list[Entry]:
    """Who wrote what on its page, the latest first; also of what was removed, and of those made one with it."""
    kinds = [each.model._meta.label for each in (MISSIONS, PROGRAMS, PROCESSES, SEASONS, FIELD_WORK, STEPS)]
    whose = [partner.pk, *partner.merged_from.values_list("pk", flat=True)]
    return list(Entry.objects.filter(partner_id__in=whose, target_kind__in=kinds).order_by("-pk")[:100])


@dataclass(frozen=True)
class Near:
    """A season that is under way on a day, or comes next. first, last: its days, both included"""

    season: Season
    first: date
    last: date
    today: date

    @property
    def days(self) -> int:
        """Until it begins; 0 and less while it is under way."""
        return (self.first - self.today).days

    @property
    def when(self) -> str:
        """In 9 days (Dec 9); until Dec 18, while it is under way."""
        if self.days > 0:
            words = ngettext("in %(count)d day (%(day)s)", "in %(count)d days (%(day)s)", self.days)
            return words % {"count": self.days, "day": near_day(self.first)}
        if self.last == self.today:
            return _("today") if self.first == self.today else _("until today")
        return _("now, until %(day)s") % {"day": near_day(self.last)}

    def __str__(self) -> str:
        """Budget hearings in 9 days (Dec 9)."""
        return f"{self.season.name}: {self.when}"


def coming(rows: Iterable[Season], today: date) -> list[Near]:
    """Each season that is not over for good, when it is under way or comes next; the earliest first."""
    found = [(row, row.next_time(today)) for row in rows]
    near = [Near(row, *days, today) for row, days in found if days]
    return sorted(near, key=lambda one: (one.first, one.last, one.season.pk))


def near(partners: Iterable[Partner], today: date, days: int = SOON) -> dict[int, list[Near]]:
    """What is under way at some partners or begins within so many days, by the partner's key; one query."""
    found: dict[int, list[Near]] = {partner.pk: [] for partner in partners}
    for one in coming(Season.objects.filter(partner__in=found), today):
        if one.first <= today + timedelta(days=days):
            found[one.season.partner_id].append(one)
    return found
