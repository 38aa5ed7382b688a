"""Picking one row of many by typing. A noun says once how; forms, filters and the page that answers the typing read it.

PARTNER = Picker("partner", rows=lambda user: Partner.objects.visible_to(user), find=matching, label=str)
Noun(Partner, traits=[PARTNER])
partner = PickField(PARTNER)                              # in a form: comity.ui.fields
Picked("partner", _("Partner"), PARTNER, request.user, "partner")     # among a list's filters: comity.ui.tables
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, When
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
    """

    key: str
    rows: Callable[[Any], Rows]
    find: Callable[[Any, str], Rows]
    outright: Callable[[str], Q] = by_name
    label: Callable[[Any], str] = str
    hint: Callable[[Any], object] | None = None
    order: Sequence[str] = ("name", "pk")

    @property
    def url(self) -> str:
        """Where the typing is answered."""
        return reverse("ui:pick", args=[self.key])

    def offer(self, user: Any, text: str, most: int) -> list[dict[str, object]]:
        """What is offered for words typed so far."""
        return [
            {
                "value": row.pk,
                "label": self.label(row),
                "hint": str(self.hint(row) or "") if self.hint else "",
            }
            for row in self.typed(self.rows(user), text)[:most]
        ]

    def typed(self, rows: Rows, text: str) -> Rows:
        """Those the words may mean, the best first."""
        first = Case(When(self.outright(text), then=0), default=1, output_field=IntegerField())
        found = self.find(rows, text)
        return found.order_by(first, *(alphabetical(found.model, each) for each in self.order))

    def one(self, user: Any, key: Any) -> Any:
        """The row of a key that an address gives, of those someone may pick, or None."""
        return self.by_key(self.rows(user), key)

    def by_key(self, rows: Rows, key: Any) -> Any:
        """The row of a key, or None; whatever is no key is the key of none."""
        try:
            return rows.filter(pk=key).first()
        except (ValueError, ValidationError):
            return None


def tidy(text: str) -> str:
    """What was typed, fit to be looked for."""
    return text.replace("\0", "").strip()[:LONGEST_TEXT]


def as_key(text: str) -> int | None:
    """The key that links have, or None for words."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
