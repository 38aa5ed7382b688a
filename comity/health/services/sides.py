"""What people say of a relationship: an override of its band for a while, and how mature each side sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.health.models import Maturity, Override
from comity.office import services as office
from comity.partners.models import Partner, PartnerQuerySet
from comity.people.models import User
from comity.people.roles import Role

OVERRIDE, END_OVERRIDE, RATE = "health.override", "health.end_override", "health.rate"
LONGEST = timedelta(days=90)
WHO_RATES = (Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD)


def _check(row: Override) -> None:
    row.reason, today = row.reason.strip(), office.today()
    if not row.reason:
        raise DomainError(_("Say why, for whoever reads it after you."), "reason")
    if not today <= row.until <= today + LONGEST:
        raise DomainError(_("Choose a day from today on, within 90 days."), "until")


@transaction.atomic
def override(partner: Partner, values: Values, *, by: User) -> Override:
    """Hold a partner's band to be another until a day; what stood before ends. Raises DomainError."""
    end_override(partner, by=by)
    facts = {**values, "partner": partner, "made_by": by}
    return create(Override, facts, by=by, action=OVERRIDE, check=_check)


@transaction.atomic
def end_override(partner: Partner, *, by: User) -> None:
    """Hold it to be what it is counted as."""
    for row in Override.objects.filter(partner=partner).on(office.today()):
        change(Override.objects.all(), row.pk, {"ended_at": timezone.now()}, by=by, action=END_OVERRIDE)


def rate(partner: Partner, values: Values, side: str, *, by: User) -> Maturity:
    """Say how mature the relationship is; what this side said before stays. Raises DomainError."""
    facts = {**values, "partner": partner, "side": side, "rated_by": by}
    return create(Maturity, facts, by=by, action=RATE)


def rated_by(user: User) -> PartnerQuerySet:
    """The partners whose side somebody speaks for: as their executive or IT lead."""
    own = user.memberships.standing().filter(role__in=WHO_RATES)
    return Partner.objects.visible_to(user).filter(pk__in=own.values("partner"))


@dataclass(frozen=True)
class Sides:
    """The last rating of each side, and all there were, the latest first."""

    ours: Maturity | None
    theirs: Maturity | None
    history: list[Maturity]

    @property
    def gap(self) -> str:
        """How far the two are apart, in words for either; "" until both have said."""
        if self.ours is None or self.theirs is None:
            return ""
        higher = self.ours.level - self.theirs.level
        if not higher:
            return _("Both sides see it alike.")
        said = {"steps": abs(higher)}
        if higher > 0:
            return (
                ngettext(
                    "Our office sees it %(steps)s level higher.",
                    "Our office sees it %(steps)s levels higher.",
                    higher,
                )
                % said
            )
        return (
            ngettext(
                "Our office sees it %(steps)s level lower.",
                "Our office sees it %(steps)s levels lower.",
                -higher,
            )
            % said
        )


def sides_of(partner: Partner) -> Sides:
    """Both sides of one relationship; one query."""
    rows = list(Maturity.objects.filter(partner=partner).select_related("rated_by").order_by("-pk"))
    ours, theirs = (next((row for row in rows if row.side == side), None) for side in Maturity.Side.values)
    return Sides(ours, theirs, rows)
