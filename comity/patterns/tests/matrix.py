"""How the permission matrix gets an item with another beside it, a pattern, a proposal, and a rotation."""

from __future__ import annotations

from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.partners.models import Partner
from comity.patterns.models import Item, Pattern, Proposal, Rotation, Week
from comity.testing.cast import Cast
from comity.testing.matrix import NOWHERE, Arguments, Subject


def _said(cast: Cast, partner: Partner, title: str = "Canary") -> FollowUp:
    return raise_follow_up(kind="concern", partner=partner, title=f"{title} of {partner.name}", by=cast.olu)


def _one(cast: Cast, partner: Partner) -> Arguments:
    return (_said(cast, partner).pk,)


def _two(cast: Cast, partner: Partner) -> Arguments:
    other = cast.roads if partner == cast.parks else cast.parks
    return _said(cast, partner).pk, _said(cast, other, "Other canary").pk


def _pattern(_cast: Cast, partner: Partner) -> Arguments:
    found, _made = Pattern.objects.get_or_create(name=f"Canary of {partner.name}")
    return (found.pk,)


def _free(cast: Cast, partner: Partner) -> Arguments:
    return *_pattern(cast, partner), *_one(cast, partner)


def _item(cast: Cast, partner: Partner) -> Arguments:
    (pattern,) = _pattern(cast, partner)
    return (Item.objects.create(follow_up=_said(cast, partner), pattern_id=pattern).pk,)


def _proposal(cast: Cast, partner: Partner) -> Arguments:
    made = Proposal.objects.create(name=f"Canary of {partner.name}", quote="-", partner_count=2, item_count=2)
    made.follow_ups.set(_two(cast, partner))
    return (made.pk,)


def _rotation(cast: Cast, partner: Partner) -> Rotation:
    facts = {"role": "Shadow CIO", "purpose": "To learn.", "begins_on": cast.today}
    return Rotation.objects.get_or_create(who=cast.ana, partner=partner, defaults=facts)[0]


def _week(cast: Cast, partner: Partner) -> Arguments:
    rotation = _rotation(cast, partner)
    words = {"words": f"Only our office reads this of {partner.name}."}
    return (Week.objects.get_or_create(rotation=rotation, begins_on=cast.today, defaults=words)[0].pk,)


SUBJECTS = {
    "patterns:elsewhere": Subject(_one, office_only=True),
    **{
        f"patterns:{name}": Subject(_two, office_only=True, absent=(*NOWHERE, *NOWHERE))
        for name in ("same", "apart", "unsay")
    },
    "patterns:share": Subject(_item, may=lambda user: True),
    **{
        f"patterns:{name}": Subject(_pattern, office_only=True)
        for name in ("pattern", "edit", "merge", "joint")
    },
    "patterns:leave": Subject(_item, office_only=True),
    "patterns:put_back": Subject(_free, office_only=True, absent=(*NOWHERE, *NOWHERE)),
    **{
        f"patterns:{name}": Subject(_proposal, office_only=True)
        for name in ("proposal", "dismiss", "restore")
    },
    **{
        f"patterns:{name}": Subject(lambda cast, partner: (_rotation(cast, partner).pk,), office_only=True)
        for name in ("rotation", "edit_rotation", "add_week", "lesson")
    },
    "patterns:edit_week": Subject(_week, office_only=True),
}
