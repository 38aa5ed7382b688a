"""How the permission matrix gets an item of a partner, its relations, and what needs it."""

from __future__ import annotations

from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.business.models import Process
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def item_of(partner: Partner, name: str = "canary") -> Item:
    found, _made = Item.objects.get_or_create(
        external_id=f"{name}-{partner.pk}", defaults={"name": f"Canary {name}", "partner": partner}
    )
    return found


def _item(_cast: Cast, partner: Partner) -> Arguments:
    return (item_of(partner).pk,)


def _relation(_cast: Cast, partner: Partner) -> Arguments:
    found, _made = Relation.objects.get_or_create(
        type=RelationType.objects.get(name="Runs on"),
        from_item=item_of(partner),
        to_item=item_of(partner, "host"),
    )
    return (found.pk,)


def _reliance(_cast: Cast, partner: Partner) -> Arguments:
    process, _new = Process.objects.get_or_create(partner=partner, name="Canary process that needs a server")
    found, _made = Reliance.objects.get_or_create(process=process, item=item_of(partner))
    return (found.pk,)


def _type(_cast: Cast, _partner: Partner) -> Arguments:
    found, _made = RelationType.objects.get_or_create(name="Canary")
    return (found.pk,)


SUBJECTS = {
    **{f"applications:{name}": Subject(_item) for name in ("item", "edit", "confirm", "add_reliance")},
    **{
        f"applications:{name}": Subject(_item, office_only=True)
        for name in ("down", "remove", "add_relation")
    },
    **{f"applications:{name}relation": Subject(_relation, office_only=True) for name in ("", "remove_")},
    **{f"applications:{name}reliance": Subject(_reliance) for name in ("", "remove_")},
    **{f"applications:{name}_type": Subject(_type, office_only=True) for name in ("edit", "remove")},
}
