"""Who stands for a part of the office when a partner is visited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User


class Function(models.TextChoices):
    """The parts of the office that a visit may need."""

    SERVICES = "services", _("Services")
    RISK = "risk", _("Risk")
    SOLUTIONS = "solutions", _("Solutions")
    PROCUREMENT = "procurement", _("Procurement")
    CUSTOMER = "customer", _("Customer relations")


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, user: User) -> OfficerQuerySet:
        """The office knows its own."""
        return self if user.is_office else self.none()

    def at_work(self) -> OfficerQuerySet:
        """Those who can go: who have not left."""
        return self.filter(user__is_active=True)


class Officer(models.Model):
    """One person named for one function; at most one each."""

    function = models.CharField(_("for"), max_length=15, choices=Function.choices, unique=True)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="offices")

    objects = OfficerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.user}"
