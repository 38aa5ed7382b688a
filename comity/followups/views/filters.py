"""Filters of the lists of follow-ups, and what the figures link to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comity.followups import kinds
from comity.followups.models import FollowUp, FollowUpQuerySet, Severity, State
from comity.followups.services import figures
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.ui.tables import Choice, DateRange, Filter, Search, Toggle
from comity.ui.tables.filters import LONGEST_SEARCH, Params


@dataclass(frozen=True)
class Named(Filter):
    """One of many bodies or people: by its key, as links have it, or by (a part of) its name, as people type it.

    field   the foreign key of the follow-up
    among   those that may be named
    looked_in  the fields in which typed words are looked for
    few     one of them has few rows, whatever else is asked of these: they are chosen first
    """

    field: str
    among: QuerySet[Any, Any]
    looked_in: Sequence[str] = ("name",)
    few: bool = False

    def apply(self, rows: QuerySet[Any, Any], params: Params) -> QuerySet[Any, Any]:
        text = params.get(self.key, "").replace("\0", "").strip()[:LONGEST_SEARCH]
        if not text:
            return rows
        if text.isascii() and text.isdigit() and len(text) < 19:
            meant_rows = Q(**{f"{self.field}_id": int(text)})
            return rows.filter(chosen_apart(rows, meant_rows) if self.few else meant_rows)
        if text == NOBODY:
            return rows.filter(**{f"{self.field}_id": None})
        meant = Q()
        for name in self.looked_in:
            meant |= Q(**{f"{name}__icontains": text})
        exactly = self.among.filter(name__iexact=text)
        return rows.filter(**{f"{self.field}__in": exactly if exactly.exists() else self.among.filter(meant)})

    def words(self, params: Params) -> str:
        return params.get(self.key, "").strip()

    def markup(self, params: Params, prefix: str) -> SafeString:
        text = params.get(self.key, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 19:
            named = self.among.filter(pk=int(text)).first()
            text = str(named) if named else text
        return format_html(
            '<div class="filter search"><label class="usa-label" for="{0}-{1}">{2}</label>'
            '<input class="usa-input" type="search" id="{0}-{1}" name="{1}" value="{3}" maxlength="{4}"></div>',
            prefix,
            self.key,
            self.label,
            text,
            LONGEST_SEARCH,
        )


@dataclass(frozen=True, kw_only=True)
class LedBy(Named):
    """Those of served partners whose lead contact somebody is today."""

    today: date

    def apply(self, rows: QuerySet[Any, Any], params: Params) -> QuerySet[Any, Any]:
        text = params.get(self.key, "").replace("\0", "").strip()[:LONGEST_SEARCH]
        if not text:
            return rows
        by_key = text.isascii() and text.isdigit() and len(text) < 19
        meant = Q(pk=int(text)) if by_key else Q(name__icontains=text) | Q(email__iexact=text)
        leads = Assignment.objects.leads().on(self.today).of_served()
        return rows.filter(partner__in=leads.filter(user__in=self.among.filter(meant)).values("partner"))


def chosen_apart(rows: QuerySet[Any, Any], meant: Q) -> Q:
    """Rows by their keys, found by an index that serves what is meant, and not by one that serves the rest."""
    return Q(pk__in=rows.model._default_manager.order_by().filter(meant).values("pk"))


NOBODY = "-"  # in an address: none, rather than any


def filters(user: User, today: date, partner_word: str) -> list[Filter]:
    """What narrows a list of follow-ups down."""
    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text)),
        Named(
            "partner",
            partner_word,
            "partner",
            Partner.objects.visible_to(user),
            ("name", "code", "aliases__name"),
            few=True,
        ),
        Named("owner", _("Owner"), "owner", User.objects.office(), ("name", "email")),
        Choice("kind", _("Kind"), kinds.choices, "kind"),
        Choice("state", _("Where it stands"), State.choices, "state"),
        LedBy(
            "led_by",
            _("Lead contact"),
            "owner",
            User.objects.office(),
            ("name", "email"),
            today=today,
        ),
        Choice("severity", _("How serious"), Severity.choices, "severity"),
        Choice("figure", _("Counted as"), figures.choices, figures.rows_of),
        DateRange("heard", _("Heard"), "heard_on"),
        DateRange("due", _("Due"), "due_on"),
        Toggle("open", _("Open only"), lambda rows: rows.open()),
        Toggle("late", _("Late only"), lambda rows: rows.late(today)),
        Toggle("team", _("My people’s"), lambda rows: rows.filter(owner__supervisor=user)),
        Toggle("written", _("Written down by me"), lambda rows: rows.filter(written_by=user)),
        Toggle("reopened", _("Open again"), lambda rows: rows.open().filter(reopened__gt=0)),
    ]


def all_of(user: User) -> FollowUpQuerySet:
    """Every follow-up this person may see, with what a row names."""
    return FollowUp.objects.visible_to(user).with_people()
