"""Applications, what they stand on, which end of a relation suffers, and whose work rests on them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.business.models import Process
from comity.editing.declared import always, once, perhaps
from comity.partners.models import Partner
from comity.people.models import User
from comity.search import matching
from comity.search.sorting import SortKey
from comity.services.models import OfficeRow


class ItemsQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User) -> ItemsQuerySet:
        """The office all; a partner's user those of partners it sees, while they stand."""
        if user.is_office:
            return self
        return self.standing().filter(partner__in=Partner.objects.visible_to(user))

    def standing(self) -> ItemsQuerySet:
        """Those that were not taken away."""
        return self.filter(gone_at=None)

    def applications(self) -> ItemsQuerySet:
        """What people work with, not what it runs on."""
        return self.standing().filter(kind=Item.Kind.APPLICATION)

    def on_nothing(self) -> ItemsQuerySet:
        """Applications of which nobody has said what they stand on: of these nothing is known to be safe."""
        kinds = RelationType.objects.filter
        under = Relation.objects.filter(
            Q(from_item=OuterRef("pk"), type__in=kinds(suffers=RelationType.Suffers.FROM))
            | Q(to_item=OuterRef("pk"), type__in=kinds(suffers=RelationType.Suffers.TO))
        )
        return self.applications().filter(~Exists(under))

    def search(self, text: str) -> ItemsQuerySet:
        """Those with all the words of the text."""
        return matching(self, text)


ALL, TO_ITSELF = _("Leave it empty if all must."), _("An item cannot have a relation to itself.")
ALREADY = _("This relation is on the map already.")
STAND_IN = _("Give several that stand in for each other one name.")


def _number(words: Any, hint: Any = "") -> Any:
    """A number that nobody has to say."""
    return models.PositiveIntegerField(words, null=True, blank=True, help_text=hint)


class Item(models.Model):
    """Something on the map: an application, or what one stands on.

    source       "" for what is kept here, else the key of where it came from
    external_id  what it is known again by, there
    gone_at      since when its source has it no longer
    """

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Application")
        SERVICE = "service", _("Technical service")
        DATABASE = "database", _("Database")
        CLUSTER = "cluster", _("Cluster")
        SERVER = "server", _("Server")
        HOST = "host", _("Virtualization host")
        STORAGE = "storage", _("Storage")
        NETWORK = "network", _("Network")
        SITE = "site", _("Site")
        OTHER = "other", _("Other")

    class Criticality(models.TextChoices):
        VITAL = "vital", _("Vital")
        HIGH = "high", _("High")
        MEDIUM = "medium", _("Medium")
        LOW = "low", _("Low")

    external_id = models.CharField(
        _("id"), max_length=100, help_text=_("As your lists and tools have it, such as srv-0142.")
    )
    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    kind = models.CharField(_("class"), max_length=15, choices=Kind.choices, default=Kind.APPLICATION)
    source = models.CharField(_("came from"), max_length=40, blank=True, editable=False)
    owner = perhaps(User, _("who runs it"))
    partner = perhaps(Partner, _("whose"), related_name="items")
    criticality = models.CharField(_("criticality"), max_length=10, choices=Criticality.choices, blank=True)
    hours = models.CharField(_("hours of use"), max_length=100, blank=True)
    rto_hours = _number(_("must run again within (hours)"))
    rto_tested_hours = _number(_("ran again in the last test within (hours)"))
    rpo_hours = _number(_("may lose at most (hours of data)"))
    rpo_tested_hours = _number(_("lost in the last test (hours of data)"))
    data_class = models.CharField(_("data class"), max_length=60, blank=True)
    users = _number(_("users"))
    vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    support_ends_on = models.DateField(_("end of support"), null=True, blank=True)
    processes: models.ManyToManyField[Process, Reliance] = models.ManyToManyField(
        Process, through="Reliance", related_name="items"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ItemsQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        ordering = ["sort_name", "pk"]
        constraints = [
            once("item_once_by_id", "source", "external_id", said=_("There is an item with this id already."))
        ]
        indexes = [models.Index(fields=["kind", "sort_name"]), models.Index(fields=["sort_name", "id"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("applications:item", args=[self.pk])


class RelationType(OfficeRow):
    """A type of relation: "Runs on", and from the other end "Runs"; and which end suffers when the other fails.

    min_up  how many of those that one item has by this type must run, where a relation does not say; None: all
    """

    class Suffers(models.TextChoices):
        FROM = "from", _("The first, when the second fails")
        TO = "to", _("The second, when the first fails")
        NEITHER = "neither", _("Neither")
        UNDECIDED = "undecided", _("Not decided yet")

    name = models.CharField(_("name"), max_length=60, unique=True)
    reverse = models.CharField(_("from the other end"), max_length=60, blank=True)
    suffers = models.CharField(_("who suffers"), max_length=10, choices=Suffers.choices, default=Suffers.FROM)
    min_up = _number(_("how many must run"), ALL)

    class Meta:
        verbose_name = _("type of relation")
        verbose_name_plural = _("types of relations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RelationQuerySet(models.QuerySet["Relation"]):
    def visible_to(self, user: User) -> Self:
        """The office all; of a partner's user's own, those between items of its."""
        if user.is_office:
            return self
        own = Item.objects.visible_to(user).values("pk")
        return self.filter(from_item__in=own, to_item__in=own)

    def standing(self) -> Self:
        """Those between items that were not taken away."""
        return self.filter(from_item__gone_at=None, to_item__gone_at=None)


class Relation(models.Model):
    """One item and another, in the words of the type: from_item "Runs on" to_item.

    group   of several with one name, who suffers needs only so many as `min_up` says
    min_up  how many of the group must run; None: all
    """

    from_item = models.ForeignKey(Item, models.CASCADE, related_name="relations_from", verbose_name=_("from"))
    type = models.ForeignKey(RelationType, models.PROTECT, related_name="relations", verbose_name=_("type"))
    to_item = models.ForeignKey(Item, models.CASCADE, related_name="relations_to", verbose_name=_("to"))
    group = models.CharField(_("group"), max_length=60, blank=True, help_text=STAND_IN)
    min_up = _number(_("how many of the group must run"), ALL)
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=100, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        ordering = ["from_item__sort_name", "to_item__sort_name", "pk"]
        constraints = [
            once("relation_once", "from_item", "to_item", "type", said=ALREADY),
            always("relation_not_to_itself", ~Q(from_item=F("to_item")), TO_ITSELF),
        ]
        indexes = [models.Index(fields=["source", "external_id"])]

    def __str__(self) -> str:
        return f"{self.from_item} → {self.to_item}"


class RelianceQuerySet(models.QuerySet["Reliance"]):
    def visible_to(self, user: User) -> Self:
        """Those of processes of partners this person sees."""
        return self.filter(process__partner__in=Partner.objects.visible_to(user))


class Reliance(models.Model):
    """A partner's process needs an item, and can wait so many hours for it."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="reliances", verbose_name=_("process"))
    item = models.ForeignKey(Item, models.CASCADE, related_name="reliances", verbose_name=_("application"))
    waits_hours = _number(_("can wait (hours)"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RelianceQuerySet.as_manager()

    class Meta:
        verbose_name = _("use by a process")
        ordering = ["process__partner__sort_name", "process__name", "pk"]
        constraints = [once("reliance_once", "process", "item", said=_("This process is here already."))]

    def __str__(self) -> str:
        return f"{self.process}: {self.item}"
