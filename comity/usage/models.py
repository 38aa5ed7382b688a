"""Where usage comes from and what became of it. The rows themselves lie in the store, as Parquet: see `usage.store`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.editing.declared import once
from comity.partners.models import Partner
from comity.services.models import Offering, OfficeRow


class PeriodQuerySet(OfficeQuerySet[Any]):
    def open(self) -> PeriodQuerySet:
        """Those that may still be billed."""
        return self.filter(closed_at=None)

    def closed_until(self) -> date | None:
        """The last day of the last month that is closed."""
        last: date | None = self.exclude(closed_at=None).aggregate(last=models.Max("first_on"))["last"]
        return last and last.replace(day=monthrange(last.year, last.month)[1])

    def counted(self) -> PeriodQuerySet:
        """Each with its distinct rows: `rows_in`, of which are `rated`, `excluded` by rule and `set_aside`."""

        def of(rows: Any, name: str) -> Any:
            here = rows.filter(period=OuterRef("pk"), batch__state=Batch.State.LOADED).order_by()
            return Coalesce(Subquery(here.values("period").annotate(sum=Sum(name)).values("sum")), 0)

        parts, asides = Part.objects.all(), SetAside.objects.all()
        found = {
            "rated": of(parts, "rows"),
            "excluded": of(parts, "excluded"),
            "set_aside": of(asides, "rows"),
        }
        in_all = F("rated") + F("excluded") + F("set_aside")
        counted: PeriodQuerySet = self.annotate(**found).annotate(rows_in=in_all)
        return counted


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


class Source(OfficeRow):
    """What usage comes from, file after file: the telephone company, the monitoring, a cloud.

    mapping     which column says what: our field -> header; of FOCUS, known
    excluded    rules by which rows are left out: [{"column": ..., "is": ..., "why": ...}, ...]
    work        the work that writes rows of it, or did last: one at a time
    """

    class Layout(models.TextChoices):
        TABLE = "table", _("A table of our own columns")
        FOCUS = "focus", _("FOCUS 1.0 to 1.2")

    name = models.SlugField(_("name"), max_length=40, unique=True)
    label = models.CharField(_("what it is"), max_length=200, blank=True)
    layout = models.CharField(_("layout"), max_length=5, choices=Layout.choices, default=Layout.TABLE)
    mapping: Any = models.JSONField(_("columns"), default=dict, blank=True)
    excluded: Any = models.JSONField(_("left out"), default=list, blank=True)
    work = models.ForeignKey("jobs.Work", models.SET_NULL, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("usage source")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name

    def get_absolute_url(self) -> str:
        return reverse("usage:source", args=[self.pk])


class Account(OfficeRow):
    """An account of a source, and whose it is: what people say of those that no code or name finds."""

    means = "partner"
    source = models.ForeignKey(Source, models.CASCADE, related_name="accounts", verbose_name=_("source"))
    name = models.CharField(_("account"), max_length=200)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))

    class Meta:
        verbose_name = _("account")
        ordering = ["source", "name"]
        constraints = [once("usage_account_once", "source", "name")]

    def __str__(self) -> str:
        return self.name


class Meter(OfficeRow):
    """A meter of a source, and which offering it counts: of those that are no meter code of ours."""

    means = "offering"
    source = models.ForeignKey(Source, models.CASCADE, related_name="meters", verbose_name=_("source"))
    name = models.CharField(_("meter"), max_length=200)
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="+", verbose_name=_("offering"))

    class Meta:
        verbose_name = _("meter")
        ordering = ["source", "name"]
        constraints = [once("usage_meter_once", "source", "name")]

    def __str__(self) -> str:
        return self.name


class BatchQuerySet(OfficeQuerySet[Any]):
    def loaded(self) -> BatchQuerySet:
        """Those whose rows count."""
        return self.filter(state=Batch.State.LOADED)


class Batch(models.Model):
    """A file of usage, and what became of its rows: in = added + known + excluded + set aside.

    path       where the file lies until it is loaded: our own copy, or where the command found it
    mapping    our field -> header, as this file was read
    turn       how often its rows were judged: the files in the store carry it, so that no file is ever written over
    rows_in    all rows of the file, however many of them were known
    added      new in the store, to be rated
    known      in the store already, by their id or content
    preview    what would become of it, until it is loaded: counts, months, reasons, examples
    note       why it could not be loaded
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("Waiting for you")
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")
        FAILED = "failed", _("Not loaded")

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches", verbose_name=_("source"))
    name = models.CharField(_("file"), max_length=200)
    path = models.TextField(blank=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    mapping: Any = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.LOADING)
    turn = models.PositiveSmallIntegerField(default=0, editable=False)
    rows_in = models.BigIntegerField(_("rows"), default=0)
    added = models.BigIntegerField(_("added"), default=0)
    known = models.BigIntegerField(_("known already"), default=0)
    excluded = models.BigIntegerField(_("left out by rule"), default=0)
    set_aside = models.BigIntegerField(_("set aside"), default=0)
    preview: Any = models.JSONField(default=dict, editable=False)
    note = models.TextField(blank=True, editable=False)
    work = models.ForeignKey("jobs.Work", models.SET_NULL, null=True, related_name="+", editable=False)
    loaded_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(auto_now_add=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage file")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("usage:batch", args=[self.pk])

    @property
    def months(self) -> list[tuple[date, int, int]]:
        """The months its rows come into, or would; with how many, and how many of them late, where that is known."""
        if seen := self.preview.get("periods"):
            return [(date.fromisoformat(f"{month}-01"), rows, late) for month, rows, late in seen]
        parts = self.parts.filter(rows__gt=0).order_by("period__first_on").values_list("period__first_on")
        return [(first, rows, 0) for first, rows in parts.annotate(sum=Sum("rows"))]

    @property
    def is_billed(self) -> bool:
        """Whether bills of a month are issued into which rows of it came, be they set aside."""
        months = Period.objects.filter(Q(parts__batch=self) | Q(set_asides__batch=self))
        return months.exclude(closed_at=None).exists()

    @property
    def waits(self) -> bool:
        """Whether a person has to say what becomes of it: also where its work has ended without an end."""
        stuck = self.state == self.State.LOADING and (self.work is None or self.work.state == "failed")
        return stuck or self.state in {self.State.PREVIEW, self.State.FAILED}

    @property
    def counts(self) -> dict[str, int]:
        """Its rows, and what they came to; as long as it waits, what they would."""
        names = ("added", "known", "excluded", "set_aside")
        counted = {"in": self.rows_in, **{name: getattr(self, name) for name in names}}
        return {**counted, **self.preview.get("counts", {})}

    @property
    def facts(self) -> dict[str, Any]:
        """What the trail keeps of it."""
        return {**self.counts, "sha256": self.sha256}


class Part(models.Model):
    """What of a batch came into one period: usage of that month, and late usage of closed ones. Its rows are one file.

    rows      to be rated
    excluded  left out by rule
    sha256    of the file; empty without one
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="parts")
    period = models.ForeignKey(Period, models.PROTECT, related_name="parts", verbose_name=_("billing period"))
    turn = models.PositiveSmallIntegerField()
    rows = models.BigIntegerField(default=0)
    excluded = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["batch", "turn"]
        constraints = [once("usage_part_once", "batch", "period", "turn")]

    def __str__(self) -> str:
        return f"{self.period} {self.batch}"


class SetAside(models.Model):
    """Rows of a batch that could not be taken, of one reason: shown and mended together. The rows lie in the store.

    period  in which they are counted: that of their day, or where they have none, that of most of the file
    said    what the file says there: the account, the meter, ...
    """

    class Reason(models.TextChoices):
        ACCOUNT = "account", _("Unknown account")
        METER = "meter", _("Unknown meter")
        QUANTITY = "quantity", _("Not a quantity that counts")
        NEGATIVE = "negative", _("Below zero, and no correction")
        DAY = "day", _("Not a day that can be billed")
        CURRENCY = "currency", _("Another currency")
        OTHER_CONTENT = "other-content", _("Id known with other content")
        UNREADABLE = "unreadable", _("Row cannot be read")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="set_asides", verbose_name=_("file"))
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="set_asides", verbose_name=_("billing period")
    )
    reason = models.CharField(_("reason"), max_length=15, choices=Reason.choices)
    said = models.CharField(_("what the file says"), max_length=200, blank=True)
    rows = models.BigIntegerField(_("rows"), default=0)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rows set aside")
        ordering = ["-rows", "pk"]
        constraints = [once("usage_set_aside_once", "batch", "period", "reason", "said")]

    def __str__(self) -> str:
        return self.said or str(self.get_reason_display())
