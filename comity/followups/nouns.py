"""The noun of this room: what was heard, with the ring it goes through."""

from __future__ import annotations

from datetime import time

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comity.files.services import Owner
from comity.followups import capabilities, notices, samples, services
from comity.followups.kinds import Kind, all_said
from comity.followups.models import FollowUp
from comity.followups.services import (
    changing,
    closing,
    commenting,
    escalating,
    handing,
    letters,
    praising,
    raising,
)
from comity.followups.services.retaining import destroy_ended
from comity.jobs import Recurring
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.outbox.kinds import MailKind
from comity.partners.obligations import Obligation
from comity.partners.samples import Sample
from comity.people.duties import Duty
from comity.people.models import User

ACTIONS = {
    raising.RAISE: _("wrote down what was heard"),
    handing.OWN: _("took on"),
    handing.HAND_OVER: _("handed over"),
    handing.MOVE_DUE: _("changed the due date"),
    closing.FINISH: _("said what was done"),
    closing.TELL: _("told what was done"),
    closing.REOPEN: _("reopened"),
    closing.WITHDRAW: _("withdrew"),
    closing.ANSWER: _("said whether it helped"),
    commenting.COMMENT: _("wrote a comment"),
    praising.PRAISE: _("named whom a compliment praises"),
    raising.EDIT: _("edited the text"),
    changing.UNDO: _("undid the last step"),
    escalating.ESCALATE: _("escalated"),
}


def _may_add(user: User, pk: int) -> bool:
    """Whoever works on it in the office; at a partner, whoever raised it."""
    if user.is_office:
        return user.can(capabilities.WORK)
    return FollowUp.objects.visible_to(user).raised_by(user).filter(pk=pk).exists()


# What people say at any time; a compliment too, which is a kind of its own.
IDEA = "idea"
SAID = {
    "concern": _("Concern"),
    "complaint": _("Complaint"),
    IDEA: _("Idea"),
    "question": _("Question"),
}

NOTICES = [
    NoticeKind(key, label, addressed, office_only)
    for key, label, addressed, office_only in (
        (notices.HEARD, _("Something heard needs an owner"), True, True),
        (notices.GIVEN, _("A follow-up is handed to me"), True, True),
        (notices.MENTIONED, _("Someone mentions me in a comment"), True, False),
        (notices.REOPENED, _("My follow-up did not help and is reopened"), True, True),
        (notices.PRAISED, _("A compliment praises me or somebody I lead"), True, True),
        (notices.UNOWNED, _("A follow-up still has no owner"), True, True),
        (notices.LATE, _("A follow-up is late"), True, True),
        (notices.ANSWERED, _("They say it helped"), False, True),
        (notices.MOVED, _("Progress on what I look after or told the office"), False, False),
        (notices.COMMENTED, _("A comment on what I look after or told the office"), False, False),
    )
]

NOUNS = (
    Noun(
        FollowUp,
        plural=_("Follow-ups"),
        page="followups:detail",
        places=[
            Place(Area.FOLLOW_UPS, _("Follow-ups"), "followups:list", capabilities.READ),
            Place(Area.FOLLOW_UPS, _("Board"), "followups:board", capabilities.READ),
            Place(Area.FOLLOW_UPS, _("Figures"), "followups:figures", capabilities.READ),
            Place(Area.FOLLOW_UPS, _("Told and promised"), "followups:portal_list", capabilities.PORTAL),
        ],
        acts=[
            Act(
                _("Write down what you heard"),
                _("a concern, a request, a complaint"),
                "followups:new",
                capabilities.RAISE,
                about="partners.Partner",
            ),
            Act(
                _("Tell us something"),
                _("a concern, a request, a complaint"),
                "followups:portal_new",
                capabilities.PORTAL,
            ),
        ],
        actions=ACTIONS,
        search=Search("title", hint=F("partner__name")),
        traits=[
            Kept("follow_ups", _("Follow-ups that were told or withdrawn"), None, destroy_ended),
            # Not to be stopped: whoever raises something is told what came of it, once.
            MailKind(letters.TOLD_MAIL, _("What came of what you told us")),
            *(Kind(key, label, problem=None if key == IDEA else all_said) for key, label in SAID.items()),
            Kind(praising.COMPLIMENT, _("Compliment"), asks_if_it_helped=False),
            Kind("portal", _("Raised in the portal"), problem=all_said),
            *NOTICES,
            Sample(6, samples.said),
            Recurring(
                "followups.escalate",
                services.escalate,
                minutes=60,
                label=_("Escalate stalled follow-ups"),
            ),
            Recurring(
                "followups.escalate_each_morning",
                services.escalate,
                daily_at=time(6, 30),
                label=_("Escalate stalled follow-ups, first thing in the morning"),
            ),
            Owner("followups.FollowUp", _may_add),
            Duty(
                "followups.open",
                _("open follow-ups"),
                rows=FollowUp.objects.owned_by,
                url_of=lambda user: f"{reverse('followups:list')}?view=open&owner={user.pk}",
                hand_over=services.hand_over_all,
            ),
            Obligation(
                "follow-ups",
                ngettext_lazy("%(count)s open follow-up", "%(count)s open follow-ups", "count"),
                open_rows=lambda partner: FollowUp.objects.open().filter(partner=partner),
                url=lambda partner: f"{reverse('followups:list')}?view=open&partner={partner.pk}",
            ),
        ],
    ),
)
