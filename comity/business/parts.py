"""The parts of a page about a partner's business, each with its words; in the order in which they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from comity.business import services
from comity.business.models import Part
from comity.editing.keeping import Keeping
from comity.nouns import Words


@dataclass(frozen=True)
class Kind:
    """One part: a list of rows that are kept alike.

    slug     in addresses
    heading  on the page, and of the list of all
    act      what adds one
    nothing  what is asked where there is none yet
    """

    keeping: Keeping[Any]
    slug: str
    heading: Words
    act: Words
    nothing: Words

    @property
    def model(self) -> type[Part]:
        return self.keeping.model

    @property
    def name(self) -> str:
        """In URL names, and the anchor on the page: "program"."""
        return str(self.model._meta.model_name)


SEASON = Kind(
    services.SEASONS,
    "seasons",
    _("Seasons and dates"),
    _("Add a season or a date"),
    _("Which weeks are busy, when do hearings begin, when must nothing change?"),
)
KINDS = (
    Kind(
        services.PROGRAMS,
        "programs",
        _("Programs"),
        _("Add a program"),
        _("What is done, and for whom?"),
    ),
    SEASON,
    Kind(
        services.PROCESSES,
        "processes",
        _("Main processes"),
        _("Add a process"),
        _("How does the work go, and what are the systems called?"),
    ),
    Kind(
        services.FIELD_WORK,
        "field-work",
        _("Work in the field"),
        _("Add work in the field"),
        _("Who works outside an office: where, with which device, at what hours?"),
    ),
    Kind(
        services.STEPS,
        "steps",
        _("What people go through"),
        _("Add a step"),
        _("What does somebody go through, step by step, and where does it hurt?"),
    ),
)
