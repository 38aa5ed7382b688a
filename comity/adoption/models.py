"""Where a service stands at a partner, step by step, and who is eligible for what."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.core import adoption as ladder
from comity.editing.declared import once
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Service
from comity.ui.components.days import day
from comity.ui.money import money


class Stage(models.TextChoices):
    CONSIDERING = ladder.CONSIDERING, _("We think of them")
    INTERESTED = ladder.INTERESTED, _("Interested")
    TALKS = ladder.TALKS, _("In talks")
    REQUESTED = ladder.REQUESTED, _("Requested")
    ANALYZED = ladder.ANALYZED, _("Analyzed")
    OFFERED = ladder.OFFERED, _("Offered")
    AGREED = ladder.AGREED, _("Agreed")
    MOVING = ladder.MOVING, _("Moving")
    USING = ladder.USING, _("Uses it")
    LEFT = ladder.LEFT, _("Left")
    NO = ladder.NO, _("No")


class Reason(models.TextChoices):
    """Why somebody says no, or leaves."""

    PRICE = "price", _("Price")
    CONTROL = "control", _("Control")
    TIMING = "timing", _("Timing")
    CONTRACT = "contract", _("A contract runs")
    LAW = "law", _("Law or data")
    FEATURE = "feature", _("Something is missing")
    TRUST = "trust", _("Trust")
    CAPACITY = "capacity", _("No capacity")


# What both sides see: from the request on, as Texas law draws it (Government Code 2054.3851).
SHOWN = (Stage.REQUESTED, Stage.ANALYZED, Stage.OFFERED, Stage.AGREED, Stage.MOVING, Stage.USING, Stage.LEFT)
TOGETHER = (Stage.ANALYZED, Stage.OFFERED, Stage.AGREED)  # taken together by bodies that apply together
UNDER_WAY = (*SHOWN[:5], Stage.INTERESTED, Stage.TALKS)
# What is written down of a step besides its day and its words. The end of a name says of what kind it is.
FACTS: dict[str, dict[str, Any]] = {
    Stage.REQUESTED: {
        "requirements": _("What is needed"),
        "present_cost_cents": _("What it costs you today, a year"),
        "levels": _("Service levels wanted"),
    },
    Stage.ANALYZED: {
        "analysis": _("What is needed, and what it takes"),
        "cost_cents": _("What it would cost with us, a year"),
    },
    Stage.OFFERED: {
        "scope": _("Scope"),
        "price_cents": _("Price, a year"),
        "starts_on": _("Could begin on"),
        "answer_by_on": _("Answer by"),
    },
    Stage.AGREED: {"volume": _("How much of it"), "starts_on": _("Begins on")},
    Stage.NO: {"reason": _("Why")},
    Stage.LEFT: {"reason": _("Why")},
}
NEEDED = {"requirements", "analysis", "cost_cents", "scope", "price_cents", "starts_on", "reason"}
SIGNS = {Stage.USING: "good", Stage.AGREED: "good", Stage.MOVING: "good", Stage.NO: "bad", Stage.LEFT: "bad"}


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def visible_to(self, user: User) -> Self:
        """The office all; a partner's user what its own partners asked for or have."""
        if user.is_office:
            return self
        told = Step.objects.filter(adoption=OuterRef("pk"), stage__in=SHOWN)
        return self.filter(Exists(told), partner__in=Partner.objects.visible_to(user))

    def in_use(self) -> Self:
        return self.filter(stage=Stage.USING)


class Adoption(models.Model):
    """One service at one partner: on which step it stands since when, as its last step says.

    together  that of the body for which several apply as one; None for that one itself, and for who stands alone
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="adoptions", verbose_name=_("service"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="adoptions", verbose_name=_("partner"))
    together = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="others", editable=False
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    since = models.DateField(_("since"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adoption")
        ordering = ["service__sort_name", "partner__sort_name", "pk"]
        constraints = [once("adoption_once", "service", "partner")]
        indexes = [models.Index(fields=["stage", "since"])]

    def __str__(self) -> str:
        return f"{self.service}: {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("adoption:adoption", args=[self.pk])

    @property
    def sign(self) -> str:
        return SIGNS.get(Stage(self.stage), "warn")


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, user: User) -> Self:
        """The office all; a partner's user those that both sides see, and a no after them."""
        own = self.filter(adoption__in=Adoption.objects.visible_to(user))
        return own if user.is_office else own.filter(stage__in=(*SHOWN, Stage.NO))


class Step(models.Model):
    """Something that happened between a partner and a service.

    facts  as FACTS has them, cents whole, days as 2026-11-30; `billed`, where nobody told of it but a bill
    """

    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="steps")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    on = models.DateField(_("day"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("in words"), max_length=2_000, blank=True)
    facts: Any = models.JSONField(default=dict)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["stage", "on"])]

    @property
    def said(self) -> str:
        """What somebody said of it, or what we know it from; in the language of the reader."""
        return str(_("Written down from the bills.")) if self.facts.get("billed") else self.words

    @property
    def told(self) -> list[tuple[str, str]]:
        """Its facts, each with what it is called."""
        asked = FACTS.get(self.stage, {}).items()
        return [(str(label), _said(name, self.facts[name])) for name, label in asked if name in self.facts]


def _said(name: str, value: Any) -> str:
    if name.endswith("_cents"):
        return money(value)
    if name.endswith("_on"):
        return day(date.fromisoformat(value))
    return str(Reason(value).label) if name == "reason" else str(value)


class National(models.TextChoices):
    """What states offered to local governments in 2019, by the NASCIO State CIO Survey."""

    SECURITY = "security", _("Security infrastructure")
    NETWORK = "network", _("Network services")
    HOSTING = "hosting", _("Data center hosting")
    BACKUP = "backup", _("Backup services")
    STORAGE = "storage", _("Storage")


# Of the CIOs who answered, in percent, as Route Fifty reported from the NASCIO conference of October 2019.
SHARES = {"security": 65, "network": 60, "hosting": 56, "backup": 49, "storage": 47}


class EligibilityQuerySet(models.QuerySet["Eligibility"]):
    def visible_to(self, user: User) -> Self:
        """The office all; a partner's user those for its own partners."""
        return self if user.is_office else self.of(Partner.objects.visible_to(user))

    def of(self, partners: models.QuerySet[Partner]) -> Self:
        """Those for the kind of one of these at least, of services that can be had now."""
        kinds = partners.order_by().values_list("kind", flat=True).distinct()
        chosen = self.alias(chosen=Cast("kinds", models.TextField()))
        fits = Q(pk=None)
        for kind in kinds:
            fits |= Q(chosen__contains=f'"{kind}"')
        return chosen.filter(fits, service__in=Service.objects.offered())


class Eligibility(models.Model):
    """Bodies of some kinds may have a service, by some law. national: as which of the five it counts in the survey"""

    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    kinds: Any = models.JSONField(_("who can have it"), default=list)
    condition = models.CharField(_("on which condition"), max_length=300, blank=True)
    offer = models.CharField(_("what we offer them"), max_length=300)
    basis = models.CharField(_("legal basis"), max_length=200)
    national = models.CharField(
        _("counts in the survey of states as"), max_length=10, choices=National.choices, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EligibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")
        ordering = ["service__sort_name", "pk"]

    def __str__(self) -> str:
        return f"{self.service}: {self.kind_words}"

    @property
    def kind_words(self) -> str:
        return ", ".join(str(Partner.Kind(kind).label) for kind in self.kinds)
