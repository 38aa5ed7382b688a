"""Request forms, what partners ask for on them, and from which cost on a partner approves."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.business.models import PartQuerySet
from comity.editing.declared import always, once, perhaps
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.requests.fields import Field, Kind, in_language, read_fields
from comity.services.models import Offering
from comity.tickets.models import Ticket


class FormQuerySet(OfficeQuerySet["Form"]):
    def in_force(self) -> Self:
        """The published, the newest first."""
        rows = self.select_related("offering__service__owner")
        return rows.exclude(published_at=None).order_by("-number")


class Form(models.Model):
    """A version of an offering's request form: a draft until it is published, and final from then on.

    asks      its fields, as `fields.plain` writes them
    steps     what the office does then: of each the working days, and its name in English and Spanish
    quantity  the key of the number that the rate is multiplied with
    item      the catalog item that is ordered in the ITSM tool; "" where the office works on it here
    """

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="request_forms")
    number = models.PositiveSmallIntegerField(default=1, editable=False)
    asks: Any = models.JSONField(_("fields"), default=list, blank=True)
    steps: Any = models.JSONField(_("steps"), default=list, blank=True)
    quantity = models.CharField(_("what the estimate multiplies"), max_length=20, blank=True)
    item = models.CharField(_("item in the ITSM tool"), max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FormQuerySet.as_manager()

    class Meta:
        verbose_name = _("request form")
        constraints = [
            once("request_form_number_once", "offering", "number"),
            once("request_form_one_draft", "offering", where=Q(published_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.offering)

    def get_absolute_url(self) -> str:
        return reverse("requests:form", args=[self.offering_id])

    @cached_property
    def fields(self) -> list[Field]:
        return read_fields(self.asks)

    @property
    def work(self) -> list[str]:
        """The office's steps, by their names."""
        return [in_language(*names) for _days, *names in self.steps]

    @property
    def days(self) -> int:
        """The working days that they take."""
        return sum(int(days) for days, *_names in self.steps)


class Stage(models.TextChoices):
    """How far a request is: read from the partner's decision and the ticket's state, never kept beside them."""

    WAITING = "waiting", _("Waiting for approval")
    BACK = "back", _("Sent back")
    APPROVED = "approved", _("Approved")
    WORK = "work", _("In work")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_STAGES = Case(
    When(ticket=None, then="decision"),
    When(ticket__state__in=("resolved", "closed"), then=Value(Stage.DONE)),
    When(ticket__state="cancelled", then=Value(Stage.DECLINED)),
    When(ticket__state="new", then=Value(Stage.APPROVED)),
    default=Value(Stage.WORK),
    output_field=models.CharField(),
)


class RequestQuerySet(PartQuerySet):
    def visible_to(self, user: User) -> Self:
        """The office sees all, a partner's user those of its partners; each with its `stage`."""
        rows = self if user.is_office else super().visible_to(user)
        return rows.annotate(stage=_STAGES)


class ServiceRequest(models.Model):
    """What a partner asked for, on the version of the form it was asked with. Once it is begun, it is a ticket.

    answers   by the key of a field: text, a number as text, a day, the place of a choice; of a row its key and words
    cents     the monthly cost as it was reckoned when it was asked for, by `rate`; None where nobody can tell
    step      the one of the office's steps that is worked on, 1 the first; one more than there are at the end
    words     why it was sent back or declined
    came      whether it came as promised, as the partner says
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="requests", verbose_name=_("what"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answers: Any = models.JSONField(default=dict, blank=True)
    cents = models.BigIntegerField(_("estimate a month"), null=True, blank=True)
    rate = perhaps(RateVersion, _("rate"))
    decision = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    decided_by = perhaps(User, _("approved by"))
    step = models.PositiveSmallIntegerField(default=0)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    words = models.TextField(blank=True)
    came = models.BooleanField(null=True, blank=True)
    ticket: Any = models.OneToOneField(Ticket, models.PROTECT, null=True, blank=True, related_name="request")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RequestQuerySet.as_manager()
    stage: str

    class Meta:
        verbose_name = _("request")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            always("request_decided_by_somebody_else", Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            always("request_begun_once_approved", Q(ticket=None) | Q(decision=Stage.APPROVED)),
        ]

    def __str__(self) -> str:
        return str(self.form)

    def get_absolute_url(self) -> str:
        return reverse("requests:request", args=[self.pk])

    @property
    def told(self) -> list[tuple[Field, str, str]]:
        """What was filled in: the field, the words, and where a file is."""
        found = []
        for each in self.form.fields:
            if (said := self.answers.get(each.key)) is not None:
                at = reverse("files:download", args=[said["key"]]) if each.kind == Kind.FILE else ""
                found.append((each, each.words(said), at))
        return found


class Threshold(models.Model):
    """Above which monthly cost a partner approves what its people ask for; None where nobody has to."""

    partner = models.OneToOneField(Partner, models.PROTECT, related_name="approval_threshold")
    above_cents = models.BigIntegerField(
        _("approve above, a month"),
        null=True,
        blank=True,
        help_text=_("Leave it empty if nobody has to approve."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval threshold")
        constraints = [always("approval_threshold_not_negative", Q(above_cents=None) | Q(above_cents__gte=0))]

    def __str__(self) -> str:
        return str(self.partner)
