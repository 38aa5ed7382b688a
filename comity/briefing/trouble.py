"""Which relationships are in trouble, and why: reasons that can be opened, never a score out of nowhere.

How it is counted: docs/calculations/trouble.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.briefing.numbers_in_words import days_in_words, spelled
from comity.followups.models import PENDING, FollowUp, FollowUpQuerySet
from comity.meetings.services.visits import too_long_ago
from comity.partners.models import Partner
from comity.people.models import User


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong, with the rows behind it."""

    text: str
    url: str


@dataclass(frozen=True)
class Trouble:
    """A partner and what is wrong with it, worst first."""

    partner: Partner
    reasons: list[Reason]


def in_trouble(user: User, today: date, limit: int = 10) -> list[Trouble]:
    """Active partners with a late promise or one open again because it did not help, or seen too rarely and without a contact.

    Ordered by how many things are wrong, then by the longest wait. Three queries, whatever the number of partners: only
    that something is wrong is asked of all, how much of those that are shown.
    """
    seen = FollowUp.objects.visible_to(user).order_by()
    late = seen.filter(state__in=PENDING, due_on__lt=today)
    unhelped = seen.open().filter(reopened__gt=0)
    shown = list(_ranked(user, late, unhelped, today)[:limit])
    counted = (
        seen.filter(partner__in=[row.pk for row in shown])
        .open()
        .values("partner")
        .annotate(
            late=Count("pk", filter=Q(state__in=PENDING, due_on__lt=today)),
            unhelped=Count("pk", filter=Q(reopened__gt=0)),
        )
    )
    wrongs = {each["partner"]: (each["late"], each["unhelped"]) for each in counted}
    return [_explain(row, *wrongs.get(row.pk, (0, 0)), today) for row in shown]


def _ranked(user: User, late: FollowUpQuerySet, unhelped: FollowUpQuerySet, today: date) -> QuerySet[Any]:
    """Those in trouble, the most things wrong first, then the longest wait, each with `unseen` and `oldest`."""
    is_late = Q(pk__in=late.values("partner"))
    is_unhelped = Q(pk__in=unhelped.values("partner"))
    is_alone, is_unseen = Q(lead_gap_since__isnull=False), too_long_ago(today)
    # By keys, so that those alone are looked at of whom something may be wrong.
    is_alone_and_unseen = Q(pk__in=Partner.objects.without_lead().filter(is_unseen).order_by().values("pk"))
    oldest = late.filter(partner=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    rows: QuerySet[Any] = Partner.objects.visible_to(user).served().select_related("tier")
    ranked: QuerySet[Any] = (
        rows.filter(is_late | is_unhelped | is_alone_and_unseen)
        .annotate(
            unseen=_one_if(is_unseen),
            wrongs=_one_if(is_late) + _one_if(is_unhelped) + F("unseen") + _one_if(is_alone),
            oldest=Subquery(oldest),
        )
        .order_by("-wrongs", F("oldest").asc(nulls_last=True), "sort_name")
    )
    return ranked


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _explain(row: Any, late: int, unhelped: int, today: date) -> Trouble:
    """What is wrong as reasons, each with its evidence."""
    reasons = []
    if late:
        said = ngettext(
            "%(count)s promise %(days)s late", "%(count)s promises late, the oldest by %(days)s", late
        ) % {"count": spelled(late, inside=True), "days": days_in_words((today - row.oldest).days)}
        reasons.append(Reason(said, links.follow_ups(partner=row.pk, late=1)))
    if unhelped:
        said = ngettext(
            "%(count)s thing did not help and is open again",
            "%(count)s things did not help and are open again",
            unhelped,
        ) % {"count": spelled(unhelped, inside=True)}
        reasons.append(Reason(said, links.follow_ups(partner=row.pk, reopened=1)))
    if row.lead_gap_since:
        days = days_in_words((today - row.lead_gap_since).days)
        reasons.append(Reason(_("no contact for %(days)s") % {"days": days}, reverse("coverage")))
    if row.unseen:
        reasons.append(Reason(_not_seen(row, today), f"{row.get_absolute_url()}?kind=meetings"))
    return Trouble(row, reasons)


def _not_seen(row: Partner, today: date) -> str:
    if row.last_met_on is None:
        return _("never met face to face")
    return _("not seen for %(days)s") % {"days": days_in_words((today - row.last_met_on).days)}
