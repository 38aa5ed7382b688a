"""What a partner's user sees of the office: whom to call, what was raised, where it stands, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comity.briefing.last_bills import LastBill, last_bills
from comity.briefing.today import HELPED_KINDS
from comity.core.ring import Ring
from comity.followups import to_them
from comity.followups.models import FollowUp, Helped, State
from comity.meetings.models import Meeting
from comity.partners.models import Assignment, Membership, Partner, PartnerQuerySet
from comity.people.models import Absence, User
from comity.surveys.services.partner_results import waves_for

SHOWN = 6


@dataclass(frozen=True)
class Contact:
    """Someone in the office to call, and who stands in while they are away."""

    user: User
    role: str
    away_until: date | None = None
    stand_in: User | None = None


@dataclass(frozen=True)
class Standing:
    """One thing they told us, or we promised them, and where it stands."""

    follow_up: FollowUp
    ring: Ring
    words: str
    late: bool = False
    promise: bool = False  # we said it to them

    @property
    def helped_kind(self) -> str:
        """The colour beside what they said of it."""
        helped = self.follow_up.helped
        return HELPED_KINDS[Helped(helped)] if helped else ""

    @property
    def url(self) -> str:
        return reverse("followups:portal_detail", args=[self.follow_up.pk])


@dataclass(frozen=True)
class Portal:
    """All that the portal's first page shows."""

    partners: list[Partner]
    contacts: list[Contact]
    open: list[Standing]
    open_count: int
    told: list[Standing]
    meetings: list[Meeting]
    surveys: list[tuple[str, str, datetime | None]]  # what was asked, its page, when it closed
    bills: list[LastBill]


def portal_of(user: User, today: date) -> Portal:
    """Gather what this person's partners and the office share."""
    own = Partner.objects.filter(pk__in=Membership.objects.standing().filter(user=user).values("partner"))
    seen = FollowUp.objects.visible_to(user).select_related("partner", "owner")
    waiting = seen.open().order_by("due_on", "pk")
    first = list(waiting[:SHOWN])
    told = seen.filter(state=State.TOLD).order_by("-told_at", "-pk")[:SHOWN]
    partners = list(own)
    return Portal(
        partners=partners,
        contacts=contacts_of(own, today),
        open=[_standing(row, today) for row in first],
        open_count=len(first) if len(first) < SHOWN else waiting.count(),
        told=[_standing(row, today, row.told_words or row.done_words) for row in told],
        meetings=list(Meeting.objects.visible_to(user).order_by("-held_on", "-pk")[:3]),
        surveys=_surveys(user),
        bills=last_bills(partners, user),
    )


def _standing(row: FollowUp, today: date, words: str = "") -> Standing:
    ring, promise = to_them.ring(row, today), to_them.is_promise(row)
    return Standing(row, ring, words or ring.title, row.is_late(today), promise)


def _surveys(user: User) -> list[tuple[str, str, datetime | None]]:
    """The last of those in which their people were asked."""
    language = (get_language() or "en").partition("-")[0]
    rows = waves_for(user).select_related("version").order_by("-closed_at", "-pk")[:3]
    return [
        (row.version.said("title", language), reverse("surveys:portal_wave", args=[row.pk]), row.closed_at)
        for row in rows
    ]


def contacts_of(own: PartnerQuerySet, today: date) -> list[Contact]:
    """Whom in the office people of these partners call."""
    rows = Assignment.objects.on(today).filter(partner__in=own).select_related("user").order_by("role", "pk")
    absences = Absence.objects.on(today).filter(user__in=rows.order_by().values("user"))
    away = {row.user_id: row for row in absences.select_related("stand_in")}
    order = [role.value for role in Assignment.Role]
    found: dict[int, Contact] = {}
    for row in sorted(rows, key=lambda row: order.index(row.role)):
        absence = away.get(row.user_id)
        gone = (absence.until_on, absence.stand_in) if absence else ()
        found.setdefault(row.user_id, Contact(row.user, row.get_role_display(), *gone))
    return list(found.values())


def sentence(found: Portal) -> str:
    """The first thing the page says."""
    if not found.open_count:
        return _("Nothing is open between us.")
    return ngettext(
        "We owe you an answer on one thing.", "We owe you an answer on %(count)d things.", found.open_count
    ) % {"count": found.open_count}
