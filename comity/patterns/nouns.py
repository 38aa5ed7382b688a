"""The nouns of this room: patterns, what makes them and what is proposed; and rotations."""

from __future__ import annotations

from datetime import time

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.followups.kinds import Kind, PageAddition, all_said
from comity.jobs import Recurring
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.partners.samples import Sample
from comity.patterns import follow_up_page, samples
from comity.patterns.capabilities import READ, WORK
from comity.patterns.models import Item, Pattern, Proposal, Rotation, Week
from comity.patterns.pickers import PATTERN
from comity.patterns.services import comparing, judging, rotations
from comity.patterns.services.judging import PATTERNS
from comity.patterns.services.rotations import ROTATIONS, WEEKS
from comity.people.duties import Duty

LOOK = Recurring(
    "patterns.look_at_new",
    comparing.look_at_new,
    minutes=1,
    lane="patterns",
    when=lambda: comparing.stale().exists(),
    label=_("Compare what was newly said"),
)
REGROUP = Recurring(
    "patterns.regroup",
    comparing.regroup,
    daily_at=time(3, 0),
    lane="patterns",
    label=_("Propose patterns among all that was said"),
)

NOUNS = (
    Noun(
        Pattern,
        plural=_("Patterns"),
        page="patterns:pattern",
        office_only=True,
        actions={
            **PATTERNS.actions,
            judging.JOIN: _("put an item into a pattern"),
            judging.LEAVE: _("took an item out of a pattern"),
            judging.MERGE: _("merged a pattern into another"),
        },
        places=[Place(Area.FEEDBACK, _("Patterns"), "patterns:list", READ)],
        search=Search(hint="solution", to=READ),
        traits=[
            PATTERN,
            Kind(judging.JOINT, _("Joint action"), Pattern, to=READ, asks_if_it_helped=False),
            Duty(
                "patterns.owned",
                _("patterns they own"),
                rows=Pattern.objects.owned_by,
                url_of=lambda user: f"{reverse('patterns:list')}?owner={user.pk}",
                hand_over=judging.hand_over,
            ),
            LOOK,
            REGROUP,
            *(Sample(days, make) for days, make in samples.STORY),
        ],
    ),
    Noun(
        Item,
        office_only=True,
        actions={
            judging.APART: _("said of two that they are not the same"),
            judging.NOT_APART: _("took back that two are not the same"),
            judging.SHARE: _("agreed to be named to others with the same problem"),
            judging.UNSHARE: _("no longer agreed to be named to others"),
        },
        traits=[PageAddition(lines=follow_up_page.lines, cards=follow_up_page.cards)],
    ),
    Noun(
        Proposal,
        plural=_("Proposed patterns"),
        page="patterns:proposal",
        office_only=True,
        actions={
            judging.DISMISS: _("dismissed a proposed pattern"),
            judging.RESTORE: _("restored a proposed pattern"),
        },
        places=[
            Place(Area.FEEDBACK, _("Proposed patterns"), "patterns:proposals", WORK, under="patterns:list")
        ],
    ),
    Noun(
        Rotation,
        plural=_("Rotations"),
        page="patterns:rotation",
        office_only=True,
        actions=ROTATIONS.actions,
        places=[
            Place(
                Area.FEEDBACK,
                _("Rotations"),
                "patterns:rotations",
                READ,
                _("Who of us worked where, and what they learned"),
                under="patterns:list",
            )
        ],
        acts=[Act(_("Record a rotation"), _("who, where, from when"), "patterns:add_rotation", WORK)],
        traits=[
            Kind(
                rotations.LESSON,
                _("Lesson of a rotation"),
                Rotation,
                to=READ,
                asks_if_it_helped=False,
                problem=all_said,
            ),
            Kept("rotations", _("Rotations that ended, with their weeks"), None, rotations.destroy_past),
        ],
    ),
    Noun(Week, office_only=True, actions=WEEKS.actions),
)
