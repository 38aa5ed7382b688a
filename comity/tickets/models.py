"""Tickets and requests, wherever they are worked; the history of their states; and what tells whose they are."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.access import OfficeQuerySet
from comity.core.fiscal import month_after
from comity.office.services import time_zone
from comity.partners.models import Partner
from comity.services.models import Offering, Service

if TYPE_CHECKING:
    from comity.people.models import User


class State(models.TextChoices):
    NEW = "new", pgettext_lazy("ticket", "New")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", pgettext_lazy("ticket", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("ticket", "Canceled")


class Hold(models.TextChoices):
    """Whom a ticket on hold waits for."""

    NONE = "", _("Not said")
    CUSTOMER = "customer", _("Waiting for the customer")
    VENDOR = "vendor", _("Waiting for a vendor")
    CHANGE = "change", _("Waiting for a change")
    PROBLEM = "problem", _("Waiting for a problem to be solved")


class Priority(models.IntegerChoices):
    CRITICAL = 1, _("1, critical")
    HIGH = 2, _("2, high")
    MODERATE = 3, _("3, moderate")
    LOW = 4, _("4, low")
    PLANNED = 5, _("5, planned")


PLAIN: dict[str, Any] = {
    State.NEW: _("We have it"),
    State.IN_PROGRESS: _("We are working on it"),
    State.ON_HOLD: _("Waiting for somebody else"),
    State.RESOLVED: _("Solved"),
    State.CLOSED: pgettext_lazy("ticket", "Done"),
    State.CANCELLED: _("Called off"),
    Hold.CUSTOMER: _("Waiting for you"),
}
SETTLED = (State.RESOLVED, State.CLOSED, State.CANCELLED)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """The office sees all; a partner's user those of its own partners."""
        return self if user.is_office else self.filter(partner__in=Partner.objects.visible_to(user))

    def open(self) -> TicketQuerySet:
        return self.filter(settled_at=None)

    def unmapped(self) -> TicketQuerySet:
        """Those of which nobody knows whose they are."""
        return self.filter(partner=None)

    def of_month(self, first: date) -> TicketQuerySet:
        """Those opened before the month was over and not settled before it began, in the office's zone; by their keys,
        so that a million can be read with `iterator()`."""
        start, end = (datetime.combine(day, time(), time_zone()) for day in (first, month_after(first)))
        # Nearly all were opened before the month was over: a database that begins with these goes through them all.
        rows = self.alias(opened_on=Coalesce("opened_at", "opened_at"))
        return rows.filter(Q(settled_at=None) | Q(settled_at__gte=start), opened_on__lt=end).order_by("pk")


def _of(model: Any, **options: Any) -> Any:
    return models.ForeignKey(model, models.PROTECT, null=True, blank=True, related_name="tickets", **options)


class Ticket(models.Model):
    """Something that does not work, or that somebody asked for: worked here, or in the tool that it came from.

    source         the key of the `Source` it came from; "" for one worked here
    number         as people know it; once in each source
    external_id    its key in the source (sys_id), by which it is known again whatever its number; "" for none
    partner        whose it is; None while nobody knows, never guessed
    said_by        whom the source says it is from, {"company": "Parks", ...} with the keys of `Owner.Field`, as it said it
    resolved_at    only while it is resolved or closed; a reopening takes it away, and stands among the changes
    settled_at     when it was resolved, else closed or canceled; None while it is open: the database works it out
    history_known  whether `changes` are all there were; else only when it was opened, resolved and closed, and what was seen
                   in between: pauses are not known
    office_notes   what partners never read
    order          what is to be ordered for it in the tool, and None: {"item": sys_id, "variables": {...}}
    """

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        REQUEST = "request", _("Request")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.INCIDENT)
    source = models.CharField(_("source"), max_length=40, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=60, db_index=True)
    external_id = models.CharField(max_length=64, blank=True, editable=False)
    partner = _of(Partner, db_index=False)
    said_by: Any = models.JSONField(default=dict, blank=True, editable=False)
    service = _of(Service, db_index=False)
    offering = _of(Offering)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    office_notes = models.TextField(_("office notes"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    hold_reason = models.CharField(_("waits for"), max_length=10, choices=Hold.choices, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.MODERATE
    )
    opened_at = models.DateTimeField(_("opened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    settled_at = models.GeneratedField(
        expression=Coalesce("resolved_at", "closed_at"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    asked_by = _of("people.User")
    item = models.CharField(_("item"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=200, blank=True)
    history_known = models.BooleanField(default=False, editable=False)
    source_updated_at = models.DateTimeField(null=True, editable=False)
    source_mod_count = models.PositiveIntegerField(null=True, editable=False)
    order: Any = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        constraints = [
            models.UniqueConstraint(name="ticket_once_by_number", fields=["source", "number"]),
            models.UniqueConstraint(
                name="ticket_once_by_external_id",
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="ticket_settled_as_its_state",
                condition=Q(state__in=SETTLED) & (Q(resolved_at__isnull=False) | Q(closed_at__isnull=False))
                | ~Q(state__in=SETTLED) & Q(resolved_at=None, closed_at=None),
            ),
        ]
        indexes = [
            models.Index(name="ticket_opened", fields=["opened_at"]),
            # Of a state and a priority there may be few among very many of each.
            models.Index(name="ticket_narrowed", fields=["state", "priority", "source", "opened_at"]),
            *(
                models.Index(name=f"ticket_{name}_state", fields=[name, "state", "opened_at"])
                for name in ("service", "kind")
            ),
            *(
                models.Index(name=f"ticket_{name.removesuffix('_at')}", fields=[name, "opened_at"])
                for name in ("settled_at", "partner", "service", "state", "priority", "source", "kind")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:ticket", args=[self.pk])

    @property
    def portal_url(self) -> str:
        """Where partners read it."""
        return reverse("tickets:portal_ticket", args=[self.pk])

    @property
    def plain_state(self) -> str:
        """Its state as partners read it."""
        return str(PLAIN[Hold.CUSTOMER if self.hold_reason == Hold.CUSTOMER else State(self.state)])

    @property
    def is_backwards(self) -> bool:
        """Whether its source says that it was resolved before it was opened: kept, said, and never counted as met."""
        return self.settled_at is not None and self.settled_at < self.opened_at


class StateChange(models.Model):
    """From this moment on a ticket had this state, for this reason, and this priority: until its next change.

    In the order of `at`, whatever the order in which they arrived. Each ticket has at least one, at its opening.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="changes", db_index=False)
    at = models.DateTimeField(_("when"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    hold_reason = models.CharField(_("waits for"), max_length=10, choices=Hold.choices, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)

    class Meta:
        verbose_name = _("change of state")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(name="change_once", fields=["ticket", "at", "state", "priority"])
        ]


class Owner(models.Model):
    """Tickets of which the source says this are this partner's. Where several things are said, the narrowest decides."""

    class Field(models.TextChoices):
        """The narrowest first."""

        CALLER = "caller", _("Caller")
        DEPARTMENT = "department", _("Department")
        COMPANY = "company", _("Company")
        LOCATION = "location", _("Location")

    field = models.CharField(_("what is said"), max_length=10, choices=Field.choices)
    value = models.CharField(_("as the source says it"), max_length=200)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("whose"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for whose tickets are")
        ordering = ["field", "value"]
        constraints = [
            models.UniqueConstraint(
                name="owner_once_by_value",
                fields=["field", "value"],
                violation_error_message=_("There is a rule for this already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.value}"


class Source(models.Model):
    """A tool that tickets come from: how its lists write moments, and what its words mean.

    zone    in which its moments are that say none; the office's for ""
    labels  what its words mean beside those that are known: {"state": {"parked": "on_hold"}, "priority": ...,
            "hold_reason": ...}, in lower case; a state that says whom it waits for is "on_hold:customer"
    """

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    day_first = models.BooleanField(_("the day comes first"), default=False)
    labels: Any = models.JSONField(_("words"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of tickets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_info(self) -> ZoneInfo:
        """In which its moments are that say none."""
        return ZoneInfo(self.zone) if self.zone else time_zone()
