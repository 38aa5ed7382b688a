"""What the office offers: a service, and its offerings, which are what a partner has and a bill counts."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.partners.models import Partner
from comity.search import matching, words_of
from comity.search.sorting import SortKey
from comity.services.models.kept import CostCenter, in_language

if TYPE_CHECKING:
    from comity.people.models import User


LITTLE = 3  # letters of words such as "my" and "the", which everything has


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: User) -> ServiceQuerySet:
        """The office sees all; a partner's user those with an offering that its partners may have."""
        if user.is_office:
            return self
        return self.filter(pk__in=Offering.objects.visible_to(user).values("service"))

    def offered(self) -> ServiceQuerySet:
        """Those a partner can have now, also for a last while."""
        return self.filter(status__in=Service.OFFERED)

    def standing(self) -> ServiceQuerySet:
        """Those that are not retired."""
        return self.exclude(status=Service.Status.RETIRED)

    def owned_by(self, user: User) -> ServiceQuerySet:
        return self.standing().filter(owner=user)

    def in_catalog(self, user: User | None) -> ServiceQuerySet:
        """Those with a published `entry`, of what somebody may have; of what anybody may, if None."""
        rows = (
            self.visible_to(user)
            if user
            else self.filter(pk__in=Offering.objects.standing().values("service"))
        )
        editions = Edition.objects.filter(service=OuterRef("pk")).order_by("-number")
        return rows.offered().filter(Exists(editions)).annotate(entry=Subquery(editions.values("facts")[:1]))

    def due_for_review(self, today: date) -> ServiceQuerySet:
        return self.standing().filter(review_on__lte=today)

    def about(self, subject: str) -> ServiceQuerySet:
        """Those under a subject, by its key."""
        chosen = [pk for pk, keys in self.order_by().values_list("pk", "subjects") if int(subject) in keys]
        return self.filter(pk__in=chosen)

    def search(self, text: str) -> ServiceQuerySet:
        """Those that have all the words; where none has, those that have any that says something: "my laptop is broken"."""
        found = matching(self, text)
        telling = [word for word in words_of(text) if len(word) > LITTLE]
        if not telling or found.exists():
            return found
        return self.filter(reduce(or_, (Q(pk__in=matching(self, word).values("pk")) for word in telling)))


def _said(label: Any) -> tuple[Any, Any]:
    """What an entry says of one thing, in English and in Spanish."""
    spanish = format_lazy("{label} ({language})", label=label, language=_("Spanish"))
    return tuple(models.TextField(one, max_length=2000, blank=True) for one in (label, spanish))  # type: ignore[return-value]


def _day(label: Any) -> Any:
    return models.DateField(label, null=True, blank=True)


def _keys(label: Any) -> Any:
    """Rows of a list, by their keys."""
    return models.JSONField(label, default=list, blank=True)


class Service(models.Model):
    """Something the office does for its partners, by the name that they would give it.

    What is in `PUBLISHED` is the draft of its entry in the catalog: partners read the last `Edition`. All else holds at once.

    needs, data_classes, subjects  keys of what it needs first, of the data it may hold, and of where it is found
    synonyms                       what customers call it; the search knows them
    internal_name                  what the office calls it; nobody else reads it
    reviewed_by, reviewed_on       who last said that the entry is right
    """

    TEXTS = (
        *("for_whom", "not_for", "included", "not_included", "your_part", "our_part"),
        *("hours", "how_to_ask", "how_long", "replaces"),
    )
    PUBLISHED = ("promise", *TEXTS, "promise_es", *(f"{name}_es" for name in TEXTS), "data_classes", "needs")
    DAYS = ("pilot_on", "offered_on", "retiring_on", "retired_on")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PILOT = "pilot", _("Pilot")
        ACTIVE = "offered", _("Offered")
        RETIRING = "retiring", _("Retiring")
        RETIRED = "retired", _("Retired")

    OFFERED = (Status.PILOT, Status.ACTIVE, Status.RETIRING)

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("There is already a service with this name.")},
    )
    sort_name = SortKey()
    promise = models.CharField(_("what it does for them"), max_length=300, help_text=_("One sentence."))
    owner = models.ForeignKey(
        "people.User", models.PROTECT, related_name="services", verbose_name=_("service owner")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    cost_center = models.ForeignKey(
        CostCenter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("cost center"),
    )
    name_es = models.CharField(_("name in Spanish"), max_length=100, blank=True)
    internal_name = models.CharField(
        _("internal name"), max_length=100, blank=True, help_text=_("Only our office sees it.")
    )
    synonyms = models.TextField(
        _("what customers call it"),
        max_length=1000,
        blank=True,
        help_text=_("Words they search for, in any language, separated by commas."),
    )
    subjects: Any = _keys(_("what it helps to do"))
    pilot_on, offered_on = _day(_("pilot since")), _day(_("offered since"))
    retiring_on, retired_on = _day(_("offered until")), _day(_("retired on"))
    followed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("what follows it")
    )
    promise_es = models.CharField(_("what it does for them, in Spanish"), max_length=300, blank=True)
    for_whom, for_whom_es = _said(_("For whom"))
    not_for, not_for_es = _said(_("Not for"))
    included, included_es = _said(_("What is included"))
    not_included, not_included_es = _said(_("What is not included"))
    your_part, your_part_es = _said(_("What you do"))
    our_part, our_part_es = _said(_("What we do"))
    hours, hours_es = _said(_("Hours"))
    how_to_ask, how_to_ask_es = _said(_("How to ask for it"))
    how_long, how_long_es = _said(_("How long it takes"))
    replaces, replaces_es = _said(_("What it replaces"))
    data_classes: Any = _keys(_("Data it may hold"))
    needs: Any = _keys(_("What it needs first"))
    review_on = _day(_("next review"))
    reviewed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_on = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:service", args=[self.pk])

    @property
    def is_retired(self) -> bool:
        return self.status == self.Status.RETIRED

    @property
    def title(self) -> str:
        """Its name in the language of the reader."""
        return in_language({"name": self.name, "name_es": self.name_es}, "name")


class Edition(models.Model):
    """An entry of the catalog as it was published: what the service said of `Service.PUBLISHED`, for good.

    published_by  nobody for what partners read before there were entries
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    facts: Any = models.JSONField()
    published_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        ordering = ["service", "-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.service}, {self.number}"


class OfferingQuerySet(models.QuerySet["Offering"]):
    def visible_to(self, user: User) -> OfferingQuerySet:
        """The office sees all; a partner's user those in force that its partners may have."""
        if user.is_office:
            return self
        chosen = Cast(OuterRef("kinds"), models.TextField())
        named = Concat(Value('"'), "kind", Value('"'), output_field=models.TextField())
        own = Partner.objects.visible_to(user).alias(chosen=chosen).filter(chosen__contains=named)
        rows = self.standing().filter(service__in=Service.objects.offered())
        return rows.filter(Q(kinds=[]) | Exists(own))

    def standing(self) -> OfferingQuerySet:
        """Those that are not retired."""
        return self.filter(retired_on=None)

    def for_kind(self, kind: str) -> OfferingQuerySet:
        """Those that partners of a kind may have."""
        chosen = self.alias(chosen=Cast("kinds", models.TextField()))
        return chosen.filter(Q(kinds=[]) | Q(chosen__contains=f'"{kind}"'))

    def search(self, text: str) -> OfferingQuerySet:
        return matching(self, text)


class Offering(models.Model):
    """One way to have a service: what is counted of it, and who pays how.

    code        the meter code, by which usage and rates find it
    kinds       which kinds of partner may have it; empty for all
    retired_on  the first day it can no longer be had
    """

    class Unit(models.TextChoices):
        DEVICE_MONTH = "device-month", _("device per month")
        USER_MONTH = "user-month", _("user per month")
        GB_MONTH = "gb-month", _("gigabyte per month")
        SERVER_MONTH = "server-month", _("server per month")
        ADDRESS_MONTH = "address-month", _("address per month")
        CIRCUIT_MONTH = "circuit-month", _("circuit per month")
        HOUR = "hour", _("hour")
        MINUTE = "minute", _("minute")
        SCAN = "scan", _("scan")
        TRANSACTION = "transaction", _("transaction")
        PAGE = "page", _("page")
        REQUEST = "request", _("request")
        ITEM = "item", _("item")
        PROJECT_COST = "project-cost", _("dollar of a project’s cost")
        FTE = "fte", _("full-time employee")
        SPEND = "percent-of-spend", _("percent of spend")
        INSTALMENT = "instalment", _("fixed installment")
        AT_COST = "at-cost", _("at cost")

    class Funding(models.TextChoices):
        BILLED = "billed", _("Billed")
        ALLOCATED = "allocated", _("Allocated")
        APPROPRIATED = "appropriated", _("Appropriated")
        PASS_THROUGH = "pass-through", _("Pass-through")

    service = models.ForeignKey(Service, models.PROTECT, related_name="offerings", verbose_name=_("service"))
    name = models.CharField(_("name"), max_length=100)
    sort_name = SortKey()
    code = models.CharField(
        _("meter code"),
        max_length=40,
        unique=True,
        help_text=_("Usage and rates are matched by this code."),
        error_messages={"unique": _("Another offering has this meter code.")},
    )
    unit = models.CharField(_("counted per"), max_length=20, choices=Unit.choices)
    funding = models.CharField(
        _("funding method"), max_length=15, choices=Funding.choices, default=Funding.BILLED
    )
    kinds: Any = models.JSONField(_("who can have it"), default=list, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offering")
        ordering = ["service__sort_name", "sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:offering", args=[self.pk])

    @property
    def full_name(self) -> str:
        """With the service that it is of, where that is called otherwise."""
        return f"{self.service} ({self})" if str(self.service) != str(self) else str(self)

    @property
    def kind_words(self) -> str:
        """Who can have it, in words."""
        return ", ".join(str(Partner.Kind(kind).label) for kind in self.kinds) or str(_("Everyone"))

    def is_retired(self, today: date) -> bool:
        return self.retired_on is not None and self.retired_on <= today
