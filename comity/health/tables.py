"""The list of how it stands with everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Subquery, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.health.capabilities import SET
from comity.health.models import RANKS, Band, Override, Snapshot, Step
from comity.health.parts import label
from comity.office.pickers import TIER
from comity.office.services import today, words
from comity.partners.models import Partner
from comity.partners.pickers import looked_after_by
from comity.people.access import Request
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Picked, Search, Table, Toggle

LATELY = timedelta(days=30)
WORST = Case(*(When(band=band, then=rank) for band, rank in RANKS.items()), output_field=IntegerField())


def health_table(request: Request) -> Table:
    day = today()
    held = Override.objects.filter(partner=OuterRef("partner")).on(day).order_by("-pk")
    rows = Snapshot.objects.visible_to(request.user).last().select_related("partner__tier")
    return Table(
        request,
        rows.annotate(held=Subquery(held.values("band")[:1])),
        name="health",
        columns=[
            Column("partner", words().Partner, link=lambda row: row.get_absolute_url()),
            Column("code", value=lambda row: row.partner.code, csv_only=True),
            Column("band", sort=("rank", "score"), value=band_sign, csv_value=lambda row: row.band),
            Column("held", csv_only=True),
            Column(
                "score",
                sort=F("score").asc(nulls_last=True),
                value=_score,
                csv_value=lambda row: row.score,
                numeric=True,
            ),
            Column(
                "change", value=lambda row: signed(row.change), csv_value=lambda row: row.change, numeric=True
            ),
            Column("moved", value=moved, csv_value=lambda row: row.moved),
            Column("partner.tier", _("Tier"), csv="tier", wide=True),
            Column("since", _("In this band since"), wide=True),
            Column("stops", csv_only=True, csv_value=lambda row: row.stops),
            Column("taken_on", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), _called, hint=_("Name, code, other name")),
            Choice("band", _("Band"), Band.choices, "band"),
            Picked("tier", _("Tier"), TIER, request.user, "partner__tier"),
            looked_after_by(request.user, "partner", day),
            Toggle("fell", _("Fell within 30 days"), lambda rows: rows.fallen(day - LATELY)),
        ],
        views=[
            (_("All"), ""),
            (_("At risk"), f"band={Band.RISK}"),
            (_("Fell lately"), "fell=1"),
            (_("Mine"), f"contact={request.user.pk}"),
        ],
        default_sort="band",
        export_name="health",
        row_name=lambda row: row.partner.name,
        empty=_("Nothing is counted yet. It is counted every night."),
    )


def _called(rows: Any, text: str) -> Any:
    return rows.filter(partner__in=Partner.objects.search(text).values("pk"))


def band_sign(row: Any) -> SafeString:
    """The band, and beside it what somebody holds it to be."""
    said = tag(row.get_band_display(), kind=row.sign)
    if not row.held:
        return said
    return format_html(
        '{} <span class="soft">{}</span>', said, _("held to be %(band)s") % {"band": Band(row.held).label}
    )


def _score(row: Any) -> str:
    return "–" if row.score is None else str(row.score)


def signed(points: int | None) -> str:
    """Points up or down: "+4", "−12", "0"; "" where there is nothing to compare with."""
    if points is None:
        return ""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


def moved(row: Snapshot) -> str:
    """What did most of the change."""
    return label(row.moved)


def plays_table(request: Request) -> Table:
    columns = [
        Column("band", sort=(WORST, "days")),
        Column("title", link=_edit_step if request.user.can(SET) else None),
        Column("owner"),
        Column("days"),
        Column("by_itself", _("By itself")),
    ]
    return Table(
        request,
        Step.objects.visible_to(request.user),
        name="plays",
        columns=columns,
        filters=[Choice("band", _("Band"), Band.choices, "band")],
        default_sort="band",
        empty=_("No band has a play yet."),
    )


def _edit_step(row: Step) -> str:
    return reverse("health:edit_step", args=[row.pk])
