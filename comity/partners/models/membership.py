"""Which of a partner's people may sign in, and as what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comity.access import Capability, capabilities_of
from comity.office import services as office
from comity.partners.models.partner import Partner
from comity.partners.models.person import Person, Position
from comity.partners.models.tree import WithAllAbove
from comity.people.roles import PARTNER_ROLES

if TYPE_CHECKING:
    from comity.people.models import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> MembershipQuerySet:
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def not_over(self, day: date) -> MembershipQuerySet:
        """Those that hold on a day or begin later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def standing(self) -> MembershipQuerySet:
        """Those that give access today: not ended, and their person still holds a post at the partner."""
        today = office.today()
        held = Position.objects.current(today).filter(partner=OuterRef("partner"), person=OuterRef("person"))
        return self.filter(
            Q(person=None) | Exists(held),
            Q(ends_on=None) | Q(ends_on__gt=today),
            starts_on__lte=today,
        )

    def answering_for(self, partner: Partner, capability: Capability) -> MembershipQuerySet:
        """Those that let somebody do this at a partner: in it, or in one that it is part of."""
        roles = [role for role in PARTNER_ROLES if capability in capabilities_of([role])]
        at = WithAllAbove(Partner.objects.filter(pk=partner.pk).values("pk"))
        return self.standing().filter(role__in=roles, partner__in=at)


class Membership(models.Model):
    """A user acts for a partner in a role. `ends_on` is the first day it no longer does."""

    user = models.ForeignKey("people.User", models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="memberships")
    role = models.CharField(
        _("role"),
        max_length=30,
        choices=[(role.value, role.label) for role in PARTNER_ROLES],
    )
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partner", "role"],
                condition=Q(ends_on=None),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.partner}"
