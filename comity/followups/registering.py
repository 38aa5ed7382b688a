"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from datetime import time

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity import jobs, search
from comity.followups import kinds, notices, services
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.notifications import kinds as notice_kinds
from comity.people import duties
from comity.people.models import User

CONCERN = "concern"
COMPLIMENT = "compliment"
PORTAL = "portal"
MORNING = time(6, 30)


def register_all() -> None:
    _kinds()
    _notices()
    _duties()
    search.register_source(
        search.Source(
            key="follow-ups",
            label=_("Follow-ups"),
            rows=_of_the_office,
            title="title",
            hint=F("partner__name"),
            url="followups:detail",
        )
    )
    search.register_source(
        search.Source(
            key="portal-follow-ups",
            label=_("What was raised"),
            rows=_of_the_portal,
            title="title",
            hint=F("partner__name"),
            url="followups:portal_detail",
        )
    )
    jobs.every("followups.escalate", services.escalate, minutes=60)
    jobs.every("followups.escalate_each_morning", services.escalate, daily_at=MORNING)


def _kinds() -> None:
    kinds.register(kinds.Kind(CONCERN, _("Concern")))
    kinds.register(kinds.Kind(COMPLIMENT, _("Compliment"), asks_if_it_helped=False))
    kinds.register(kinds.Kind(PORTAL, _("Raised in the portal")))


def _notices() -> None:
    notice_kinds.register_about("followups.FollowUp")
    for key, label, addressed, office_only in (
        (notices.HEARD, _("Something is heard that needs an owner"), True, True),
        (notices.GIVEN, _("A follow-up is given to me"), True, True),
        (notices.MENTIONED, _("Somebody asks for me in a comment"), True, False),
        (notices.REOPENED, _("It did not help, and a follow-up of mine is open again"), True, True),
        (notices.UNOWNED, _("A follow-up found no owner in time"), True, True),
        (notices.LATE, _("A follow-up is late"), True, True),
        (notices.ANSWERED, _("They say that it helped"), False, True),
        (notices.MOVED, _("Something I own or raised moves on"), False, False),
        (notices.COMMENTED, _("A comment on what I own or raised"), False, False),
    ):
        notice_kinds.register(notice_kinds.NoticeKind(key, label, addressed, office_only))


def _duties() -> None:
    duties.register(
        duties.Duty(
            key="followups.open",
            label=_("open follow-ups"),  # type: ignore[arg-type]  # a lazy string is one
            rows=FollowUp.objects.owned_by,
            url_of=_owned_by,
            hand_over=services.hand_over_all,
        )
    )


def _owned_by(user: User) -> str:
    return f"{reverse('followups:list')}?view=open&owner={user.pk}"


def _of_the_office(user: User) -> FollowUpQuerySet:
    return FollowUp.objects.visible_to(user) if user.is_office else FollowUp.objects.none()


def _of_the_portal(user: User) -> FollowUpQuerySet:
    return FollowUp.objects.none() if user.is_office else FollowUp.objects.visible_to(user)
