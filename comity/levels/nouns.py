"""What this room says of its nouns: a closed month never changes, nor what it rests on."""

from __future__ import annotations

from datetime import time

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from comity.editing.final import Final
from comity.followups.kinds import Kind, all_said
from comity.jobs import LongWork, Recurring
from comity.levels import samples
from comity.levels.capabilities import PORTAL, READ
from comity.levels.models import Calendar, Miss, Month, Result, Target
from comity.levels.services import keeping, months
from comity.nouns import Area, Noun, Place
from comity.partners.samples import Sample

CLOSED_WITH = "EXISTS (SELECT 1 FROM levels_month done WHERE done.frozen_at IS NOT NULL AND done.{})"
OF_CLOSED = CLOSED_WITH.format("id = {}.month_id")
OF_RESULT = CLOSED_WITH.format(
    "id = (SELECT own.month_id FROM levels_result own WHERE own.id = {}.result_id)"
)
USED = CLOSED_WITH.format("last >= {}.starts_on")
CLOSED = "A closed month of service levels cannot be changed."
RESTS = "Closed months rest on this version, so it cannot be changed."

ADDED = ("INSERT", "UPDATE")
RESTING: tuple[tuple[type[Model], str, str], ...] = (
    (Result, OF_CLOSED, CLOSED),
    (Miss, OF_RESULT, CLOSED),
    (Calendar, USED, RESTS),
    (Target, USED, RESTS),
)

NOUNS = (
    Noun(
        Month,
        plural=_("Months of service levels"),
        office_only=True,
        places=[Place(Area.SERVICES, _("Service levels"), "levels:list", READ, order=4)],
        actions={months.CLOSE: _("closed a month of service levels")},
        traits=[
            LongWork(months.CLOSE, months.close),
            Recurring(
                "levels.work", months.work_out_due, daily_at=time(3, 40), label=_("Work out service levels")
            ),
        ],
    ),
    Noun(
        Result,
        plural=_("Service levels"),
        page="levels:result",
        places=[Place(Area.SERVICES, _("Service levels"), "levels:portal", PORTAL, order=4)],
        traits=[Kind(months.MISS, _("Missed service level"), Result, to=READ, problem=all_said)],
    ),
    Noun(Miss, plural=_("Missed tickets"), office_only=True),
    *(
        Noun(
            kept.model,
            plural=words,
            office_only=True,
            actions=kept.actions,
            places=[Place(Area.SERVICES, words, url_name, READ, under="levels:list")],
        )
        for kept, words, url_name in (
            (keeping.CALENDARS, _("Calendars"), "levels:calendars"),
            (keeping.TARGETS, _("Targets of services"), "levels:targets"),
        )
    ),
    Sample(1, samples.levels),
    Final(Month, "frozen", "OLD.frozen_at IS NOT NULL", CLOSED),
    *(Final(model, "frozen", condition.format("OLD"), words) for model, condition, words in RESTING),
    *(Final(model, "added", condition.format("NEW"), words, ADDED) for model, condition, words in RESTING),
)
