"""Where usage comes from and what became of it. The rows themselves lie in the store, as Parquet: see `usage.store`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner
from comity.services.models import Offering


class PeriodQuerySet(models.QuerySet["Period"]):
    def open(self) -> PeriodQuerySet:
        """Those that may still be billed."""
        return self.filter(closed_at=None)


class Period(models.Model):
    """A month that is billed. Closed by the issue of its bills, it takes no more usage and never opens again.

    first_on  its first day
    """

    first_on = models.DateField(_("month"), unique=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing period")
        ordering = ["-first_on"]

    def __str__(self) -> str:
        return f"{self.first_on:%Y-%m}"


class Source(models.Model):
    """What usage comes from, file after file: the telephone company, the monitoring, a cloud.

    mapping     which column says what: our field -> header; of FOCUS, known
    has_ids     whether its rows carry an id that is theirs for good
    excluded    rules by which rows are left out: [{"column": ..., "is": ..., "why": ...}, ...]
    """

    class Layout(models.TextChoices):
        TABLE = "table", _("A table of our own columns")
        FOCUS = "focus", _("FOCUS 1.0 to 1.2")

    name = models.SlugField(_("name"), max_length=40, unique=True)
    label = models.CharField(_("what it is"), max_length=200, blank=True)
    layout = models.CharField(_("layout"), max_length=5, choices=Layout.choices, default=Layout.TABLE)
    mapping: Any = models.JSONField(_("columns"), default=dict, blank=True)
    has_ids = models.BooleanField(_("rows have an id of their own"), default=False)
    excluded: Any = models.JSONField(_("left out"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("usage source")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name


class Account(models.Model):
    """An account of a source, and whose it is: what people say of those that no code or name finds."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="accounts", verbose_name=_("source"))
    name = models.CharField(_("account"), max_length=200)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("account")
        ordering = ["source", "name"]
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="usage_account_once")]

    def __str__(self) -> str:
        return self.name


class Meter(models.Model):
    """A meter of a source, and which offering it counts: of those that are no meter code of ours."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="meters", verbose_name=_("source"))
    name = models.CharField(_("meter"), max_length=200)
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="+", verbose_name=_("offering"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("meter")
        ordering = ["source", "name"]
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="usage_meter_once")]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A file of usage, and what became of its rows: in = added + known + excluded + set aside.

    period     the open period it came into: what belongs to a closed month is corrected there
    rows_in    all rows of the file, however many of them were known
    added      new in the store, to be rated
    known      in the store already, by their id or content
    """

    class State(models.TextChoices):
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")
        FAILED = "failed", _("Failed")

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches", verbose_name=_("source"))
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, related_name="batches", verbose_name=_("billing period")
    )
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.LOADING)
    rows_in = models.BigIntegerField(_("rows"), default=0)
    added = models.BigIntegerField(_("added"), default=0)
    known = models.BigIntegerField(_("known already"), default=0)
    excluded = models.BigIntegerField(_("left out by rule"), default=0)
    set_aside = models.BigIntegerField(_("set aside"), default=0)
    loaded_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("usage file")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """Rows of a batch that could not be taken, of one reason: shown and mended together. The rows lie in the store."""

    class Reason(models.TextChoices):
        ACCOUNT = "account", _("Unknown account")
        METER = "meter", _("Unknown meter")
        QUANTITY = "quantity", _("Not a quantity that counts")
        DAY = "day", _("Not a day of the period")
        CURRENCY = "currency", _("Another currency")
        OTHER_CONTENT = "other-content", _("Id known with other content")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="set_asides")
    reason = models.CharField(_("reason"), max_length=15, choices=Reason.choices)
    said = models.CharField(
        _("what the file says"), max_length=200, blank=True
    )  # the account, the meter, ...
    rows = models.BigIntegerField(_("rows"), default=0)

    class Meta:
        verbose_name = _("rows set aside")
        ordering = ["-rows", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "reason", "said"], name="usage_set_aside_once")
        ]

    def __str__(self) -> str:
        return self.said
