"""The nouns of this room: how it stands with each partner, what that is reckoned by, and what is done about it."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.editing.final import Final
from comity.followups.kinds import Kind
from comity.health import samples
from comity.health.capabilities import PORTAL, READ, SET
from comity.health.models import Maturity, Override, Snapshot, Started, Step, Weights
from comity.health.services import sides, snapshots, weights
from comity.health.services.plays import STEPS
from comity.health.services.reading import KIND
from comity.jobs import Recurring
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Kept, Noun, Place
from comity.partners.models import Partner
from comity.partners.samples import Sample
from comity.partners.tabs import Tab

NOUNS = (
    Noun(
        Snapshot,
        plural=_("Health"),
        office_only=True,
        places=[Place(Area.PARTNERS, _("Health"), "health:list", READ, _("Scores, and what they come from"))],
        traits=[
            Tab("health", _("Health"), "health:partner", READ),
            Recurring(
                "health.take", snapshots.take_all, daily_at=time(2, 30), label=_("Count everybody’s health")
            ),
            Kept("health", _("Health, as it was counted each day"), None, snapshots.destroy_past),
            NoticeKind(snapshots.FELL, _("The health of a relationship falls"), office_only=True),
            Kind(
                KIND, _("Health of a relationship"), Partner, "health:partner", READ, asks_if_it_helped=False
            ),
            *(Sample(days, samples.count) for days in samples.COUNTED),
        ],
    ),
    Noun(
        Weights,
        plural=_("Weights"),
        office_only=True,
        actions={weights.SET: _("set the weights of health")},
        places=[Place(Area.PARTNERS, _("Weights of health"), "health:weights", READ, under="health:list")],
        traits=[
            Final(Weights, "set", "OLD.id IS NOT NULL", "Weights that were set cannot be changed."),
            Sample(200, samples.weights),
        ],
    ),
    Noun(
        Step,
        plural=_("Plays"),
        page="health:edit_step",
        office_only=True,
        actions=STEPS.actions,
        places=[Place(Area.PARTNERS, _("Plays"), "health:plays", READ, under="health:list")],
        traits=[Sample(20, samples.plays)],
        acts=[Act(_("Add a step to a play"), _("band, what, who, when"), "health:add_step", SET)],
    ),
    Noun(Started, office_only=True),
    Noun(
        Override,
        office_only=True,
        actions={
            sides.OVERRIDE: _("held the health of a partner to be another"),
            sides.END_OVERRIDE: _("ended what the health of a partner was held to be"),
        },
        traits=[Sample(12, samples.override)],
    ),
    Noun(
        Maturity,
        actions={sides.RATE: _("said how mature the relationship is")},
        places=[Place(Area.TODAY, _("Our relationship"), "health:portal", PORTAL, order=9)],
        traits=[Sample(150, samples.maturity)],
    ),
)
