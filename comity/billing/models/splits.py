"""How a partner splits its bill by cost centers of its own."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comity.editing.declared import always, once
from comity.editing.exact import ExactField
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering


class OfPartnerQuerySet(models.QuerySet[Any]):
    """What a partner keeps of its own: itself, those above it, and the office see it."""

    def visible_to(self, user: User) -> Any:
        path = "cost_center__partner" if self.model is SplitShare else "partner"
        return self.filter(**{f"{path}__in": Partner.objects.visible_to(user)})


class PartnerCostCenter(models.Model):
    """Where a partner books what it pays for: its own code, and the string its ledger wants."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="cost_centers")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100, blank=True)
    funding = models.CharField(_("funding string"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost center of a partner")
        ordering = ["code", "pk"]
        constraints = [once("partner_cost_center_once", "partner", "code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class SplitShare(models.Model):
    """How much of an offering's lines one cost center of the partner bears: by a fixed share, or what an account used.

    offering  None for whatever has no split of its own
    share     percent of what no account decides
    """

    cost_center = models.ForeignKey(PartnerCostCenter, models.CASCADE, related_name="shares")
    offering = models.ForeignKey(Offering, models.PROTECT, null=True, blank=True, related_name="+")
    account = models.CharField(_("account"), max_length=200, blank=True)
    share = ExactField(_("share"), null=True, blank=True)

    objects = OfPartnerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            always(
                "split_by_share_or_account",
                Q(account="", share__isnull=False) | (~Q(account="") & Q(share=None)),
            )
        ]

    def __str__(self) -> str:
        return str(self.cost_center)
