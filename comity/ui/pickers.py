"""Picking one row of many by typing. A noun says once how; forms, filters and the page that answers the typing read it.

PARTNER = Picker("partner", rows=lambda user: Partner.objects.visible_to(user), find=matching, label=str)
Noun(Partner, traits=[PARTNER])
partner = PickField(PARTNER)                              # in a form: comity.ui.fields
Picked("partner", _("Partner"), PARTNER, request.user, "partner")     # among a list's filters: comity.ui.tables
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, F, IntegerField, Q, QuerySet, When
from django.urls import reverse

from comity.nouns import Named
from comity.ui.orders import alphabetical

Rows = QuerySet[Any, Any]
LONGEST_TEXT = 200


def by_name(text: str) -> Q:
    return Q(name__iexact=text)


@dataclass(frozen=True)
class Picker(Named):
    """How one row of a noun is picked.

    key      in the address that answers what is typed: /pick/partner/
    rows     function(user): the rows someone may pick; none for whoever may pick none
    find     function(rows, text): those the words may mean
    outright function(text): the condition on those the words name outright, by a code or a whole name
    label    function(row): what one is called, so that two are told apart
    hint     function(row): what stands beside it, softly
    order    in which they are offered, after those named outright
    went     the relation to rows that went into one: their keys, which links and saved views keep, stand for that one
    near     function(user, rows, key): the rows with how `near` each is to the row of a field beside it, 0 the nearest and
             None far off, and what it is to that row, `as_what`; those near are offered first, before anything is typed
    """

    key: str
    rows: Callable[[Any], Rows]
    find: Callable[[Any, str], Rows]
    outright: Callable[[str], Q] = by_name
    label: Callable[[Any], str] = str
    hint: Callable[[Any], object] | None = None
    order: Sequence[str] = ("name", "pk")
    went: str = ""
    near: Callable[[Any, Rows, int], Rows] | None = None

    @property
    def url(self) -> str:
        """Where the typing is answered."""
        return reverse("ui:pick", args=[self.key])

    def offer(self, user: Any, text: str, most: int, beside: int | None = None) -> list[dict[str, object]]:
        """What is offered for words typed so far, or for none; `beside` is the row chosen in the field beside it."""
        rows = self.rows(user)
        if beside is not None and self.near:
            rows = self.near(user, rows, beside)
            rows = rows if text else rows.exclude(near=None)
        return [
            {
                "value": row.pk,
                "label": self.label(row),
                "hint": str(getattr(row, "as_what", "") or (self.hint(row) if self.hint else "") or ""),
                "near": getattr(row, "near", None) is not None,
            }
            for row in self.typed(rows, text)[:most]
        ]

    def typed(self, rows: Rows, text: str) -> Rows:
        """Those the words may mean, the best first; before them those near the field beside it, if the rows say so."""
        first = Case(When(self.outright(text), then=0), default=1, output_field=IntegerField())
        found = self.find(rows, text)
        near = [F("near").asc(nulls_last=True)] if "near" in found.query.annotations else []
        return found.order_by(*near, first, *(alphabetical(found.model, each) for each in self.order))

    def one(self, user: Any, key: Any) -> Any:
        """The row of a key that an address gives, of those someone may pick, or None."""
        return self.by_key(self.rows(user), key)

    def by_key(self, rows: Rows, key: Any) -> Any:
        """The row of a key, or None; whatever is no key is the key of none."""
        found = None
        with suppress(ValueError, ValidationError):
            found = rows.filter(pk=key).first()
            if found is None and self.went and key is not None:
                found = rows.filter(**{f"{self.went}__pk": key}).first()
        return found


def tidy(text: str) -> str:
    """What was typed, fit to be looked for."""
    return text.replace("\0", "").strip()[:LONGEST_TEXT]


def as_key(text: str) -> int | None:
    """The key that links have, or None for words."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
