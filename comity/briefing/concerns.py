"""What concerns somebody besides their partners and promises: where they were asked for, and the services they own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing.numbers_in_words import since_words
from comity.followups.models import Comment, FollowUp, State
from comity.people.models import User
from comity.prepared import prepared
from comity.services.models import Service
from comity.services.services import HEARD
from comity.ui.components.days import near_day

LATELY = timedelta(days=14)
MENTIONS = 5


@dataclass(frozen=True)
class Mention:
    """A remark in which somebody was asked for."""

    comment: Comment
    when: str


@dataclass(frozen=True)
class Busy:
    """A service of which something was heard and not told yet, and how much."""

    service: Service
    words: str


@dataclass(frozen=True)
class OwnServices:
    """The services somebody owns: those of which something is open, and the others."""

    busy: list[Busy]
    quiet: list[Service]

    @property
    def keys(self) -> list[int]:
        return [each.service.pk for each in self.busy] + [each.pk for each in self.quiet]


def mentioned(user: Any, since: Any) -> QuerySet[Comment]:
    """The remarks since a moment in which this person was asked for, newest first."""
    rows: QuerySet[Comment] = Comment.objects.visible_to(user).filter(mentions=user, at__gte=since)
    return rows.exclude(follow_up__state=State.WITHDRAWN).order_by("-at", "-pk")


def mentions_of(user: User, today: date, since: datetime) -> list[Mention]:
    """The last remarks in which this person was asked for, and when that was."""
    return [Mention(row, since_words(row.at, today)) for row in _mentions(user=user, since=since)]


@prepared
def _mentions(*, user: Any, since: Any) -> QuerySet[Comment]:
    return mentioned(user, since).select_related("follow_up__partner", "by")[:MENTIONS]


def services_of(user: User, today: date) -> OwnServices:
    """The services this person owns, by name."""
    rows = [(row, _open_words(row, today)) for row in _services(user=user)]
    return OwnServices(
        [Busy(row, words) for row, words in rows if words], [row for row, words in rows if not words]
    )


def open_about(user: User) -> dict[int, int]:
    """Of how many things heard of each service that this person owns nothing is told yet."""
    return {row.pk: row.open for row in _services(user=user)}


def _open_words(row: Any, today: date) -> str:
    said = ngettext(
        "%(count)s thing heard and not told yet", "%(count)s things heard and not told yet", row.open
    ) % {"count": row.open}
    due = row.review_on and row.review_on <= today
    review = _("its entry was to be reviewed by %(day)s") % {"day": near_day(row.review_on)} if due else ""
    return " · ".join(filter(None, (said if row.open else "", review)))


@prepared
def _services(*, user: Any) -> QuerySet[Service]:
    about = FollowUp.objects.visible_to(user).open().order_by()
    of_it = about.filter(kind=HEARD, source_id=Cast(OuterRef("pk"), CharField())).values("kind")
    counted = of_it.annotate(count=Count("pk")).values("count")
    rows = Service.objects.visible_to(user).owned_by(user)
    return rows.annotate(open=Coalesce(Subquery(counted, output_field=IntegerField()), 0)).order_by(
        "sort_name"
    )
