"""How the permission matrix gets what is written of a partner's business, and who understands it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comity.business.models import Understanding
from comity.business.parts import KINDS, Kind
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject

FACTS: dict[str, dict[str, Any]] = {
    "program": {"name": "Canary program", "serves": "Everybody"},
    "season": {"name": "Canary season", "starts_on": "2026-01-27", "ends_on": "2026-04-20"},
    "process": {"name": "Canary process", "systems": "The Wise"},
    "fieldwork": {"who": "Canary rangers", "place": "Ridges"},
    "step": {"journey": "A canary", "name": "Asks"},
}


def part_of(partner: Partner, kind: Kind) -> Any:
    found, _made = kind.model.objects.get_or_create(partner=partner, **FACTS[kind.name])
    return found


def _part(kind: Kind) -> Callable[[Cast, Partner], Arguments]:
    return lambda _cast, partner: (part_of(partner, kind).pk,)


def _understanding(cast: Cast, partner: Partner) -> Arguments:
    found, _made = Understanding.objects.get_or_create(user=cast.olu, partner=partner)
    return (found.pk,)


def _partner(_cast: Cast, partner: Partner) -> Arguments:
    return (partner.pk,)


SUBJECTS = {
    **{
        f"business:{verb}{kind.name}": Subject(_part(kind))
        for kind in KINDS
        for verb in ("", "edit_", "remove_")
    },
    **{f"business:add_{kind.name}": Subject(_partner) for kind in KINDS},
    **{f"business:{name}": Subject(_partner) for name in ("of_partner", "history", "mission")},
    **{
        f"business:{name}_understanding": Subject(_understanding, office_only=True)
        for name in ("edit", "remove")
    },
}
