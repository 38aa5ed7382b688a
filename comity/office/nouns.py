"""The nouns of this room: the office itself, and what it has set."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.audit.retention import Schedule
from comity.imports.model_lists import Fact, list_of
from comity.jobs.registry import Zone
from comity.nouns import Area, Noun, Place
from comity.office.capabilities import MANAGE
from comity.office.context import office
from comity.office.memory import forget
from comity.office.models import Closure, LegalHold, Office, RetentionRule, VisitTier
from comity.office.pickers import TIER
from comity.office.services import changing, retaining, time_zone
from comity.outbox.services import MailContext


def _setting(label: Promise, url_name: str) -> Place:
    """A page of the settings; the page of all of them leads to it."""
    return Place(Area.MANAGE, label, url_name, MANAGE, under="office:settings")


NOUNS = (
    Noun(
        Office,
        places=[
            Place(
                Area.MANAGE,
                _("Office settings"),
                "office:settings",
                MANAGE,
                _("Name, words, visit tiers, due days, holidays"),
            ),
            _setting(_("Name and address"), "office:general"),
            _setting(_("Logo"), "office:change-logo"),
            _setting(_("Your word"), "office:words"),
            _setting(_("What you promise"), "office:promises"),
        ],
        actions={
            changing.SET_UP: _("set up the office"),
            changing.UPDATE_OFFICE: _("changed the office’s settings"),
            changing.SET_LOGO: _("changed the logo"),
        },
        traits=[
            Zone(time_zone),
            MailContext(office),
            Schedule(retaining.rules_in_force, retaining.kinds_on_hold),
        ],
    ),
    Noun(
        Closure,
        places=[_setting(_("Calendar"), "office:calendar")],
        plural=_("Days you are closed"),
        actions={
            changing.ADD_CLOSURE: _("added a day the office is closed"),
            changing.REMOVE_CLOSURE: _("removed a day the office was closed"),
        },
        traits=[
            list_of(
                Closure,
                "closures",
                label=_("Days the office is closed"),
                to=MANAGE,
                key=["day"],
                fields=[Fact("day", ["date", "closed on"]), Fact("name", ["reason", "holiday", "why"])],
                page="office:calendar",
                after=forget,
            )
        ],
    ),
    Noun(
        VisitTier,
        places=[_setting(_("Visits"), "office:tiers")],
        actions={
            changing.SAVE_TIER: _("saved a visit tier"),
            changing.REMOVE_TIER: _("removed a visit tier"),
        },
        traits=[TIER],
    ),
    Noun(
        RetentionRule,
        places=[_setting(_("Retention"), "office:retention")],
        actions={
            retaining.SET_RULE: _("set a retention rule"),
            retaining.REMOVE_RULE: _("removed a retention rule"),
        },
    ),
    Noun(
        LegalHold,
        actions={
            retaining.PLACE_HOLD: _("placed a legal hold"),
            retaining.LIFT_HOLD: _("lifted a legal hold"),
        },
    ),
)
