"""Runs, bills and their lines; what is wrong with an issued one is mended by an adjustment. Issued, they never change."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.billing.change import Moved
from comity.core.billing.plans import Plan, plan_of
from comity.editing.declared import always, once
from comity.editing.exact import ExactField
from comity.jobs.models import Work
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import DriverSnapshot, RateVersion
from comity.services.models import CostCenter, Offering
from comity.ui.components.days import month
from comity.ui.money import price
from comity.usage.models import Period


class Terms(models.Model):
    """What the office has said of billing: one row, the key 1.

    moved_percent, moved_cents   a line that moved by more than both is shown before bills are approved
    receivable, revenue          accounts of the state's ledger, for postings
    object_code                  under which partners book what they are billed
    """

    due_days = models.PositiveSmallIntegerField(_("days until a bill is due"), default=30)
    dispute_days = models.PositiveSmallIntegerField(_("days in which it can be disputed"), default=45)
    moved_percent = models.PositiveSmallIntegerField(
        _("show lines that moved by more than, in percent"), default=20
    )
    moved_cents = models.BigIntegerField(_("and by more than, in dollars"), default=100_00)
    receivable = models.CharField(_("receivable account"), max_length=40, default="1310")
    revenue = models.CharField(_("revenue account"), max_length=40, default="4200")
    object_code = models.CharField(_("object code"), max_length=20, default="2600")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("billing terms")
        constraints = [always("billing_terms_once", Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Billing terms"))

    @classmethod
    def now(cls) -> Terms:
        """As they are; as they are to begin with, before anybody said something."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class RunQuerySet(OfficeQuerySet[Any]):
    def standing(self) -> RunQuerySet:
        """Those whose bills are to be seen: neither still running nor dropped."""
        return self.exclude(state__in=(Run.State.RUNNING, Run.State.DROPPED))

    def last_before(self, first: date) -> Run | None:
        """Of the months before one, the last whose bills are issued."""
        return self.filter(state=Run.State.ISSUED, period__first_on__lt=first).first()


class Run(models.Model):
    """One reckoning of a period: a draft until somebody else approves it, then issued.

    A period has one that stands, and beside it one that is being made to take its place.

    replaces    the draft whose place it took, dropped; its lines are kept until there is another
    inputs      hashes of the usage, the rates and the driver figures it was made from
    input_hash  of all of them: the same, and the bills are the same to the byte
    checks      what to look at before approving, as counted when it was made: see services/checking.py
    usage_*     rows of the store: in = rated + excluded + set aside
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        ISSUED = "issued", _("Issued")
        DROPPED = "dropped", _("Dropped")

    period = models.ForeignKey(Period, models.PROTECT, related_name="runs", verbose_name=_("billing period"))
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", editable=False)
    work = models.ForeignKey(Work, models.SET_NULL, null=True, related_name="+", editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    total_cents = models.BigIntegerField(_("total"), default=0)
    inputs: Any = models.JSONField(default=dict, editable=False)
    input_hash = models.CharField(max_length=64, blank=True, editable=False)
    checks: Any = models.JSONField(default=dict, editable=False)
    usage_in = models.BigIntegerField(default=0, editable=False)
    usage_rated = models.BigIntegerField(default=0, editable=False)
    usage_excluded = models.BigIntegerField(default=0, editable=False)
    usage_set_aside = models.BigIntegerField(default=0, editable=False)
    run_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    run_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill run")
        ordering = ["-period__first_on", "-pk"]
        constraints = [
            once(
                "bill_run_stands_once_a_period", "period", where=Q(state__in=["draft", "approved", "issued"])
            ),
            once("bill_run_made_once_a_period", "period", where=Q(state="running")),
            always("bill_run_approved_by_somebody_else", Q(approved_by=None) | ~Q(approved_by=F("run_by"))),
        ]

    def __str__(self) -> str:
        return str(self.period)

    def get_absolute_url(self) -> str:
        return reverse("billing:run", args=[self.pk])

    @property
    def usage(self) -> dict[str, int]:
        """The rows of the store, as they are counted in `usage_*`."""
        return {name: getattr(self, f"usage_{name}") for name in ("in", "rated", "excluded", "set_aside")}

    @property
    def findings(self) -> dict[str, Any]:
        """Its checks as services/checking.py says them now; an issued run keeps those of its day for good.

        Until December 2026 some of their rows were keys or lists, those without a rate named no partner, and none were
        counted.
        """
        old = defaultdict(list, self.checks)
        if "counts" in old:
            return old
        rows: dict[str, list[dict[str, Any]]] = {
            "unrated": [{"partner": None, **each} for each in old["unrated"]],
            "below_zero": old["below_zero"],
            "shares": [{"shared": each, "figures": gettext("not billed")} for each in old["without"]],
            "missing": [{"partner": pk, "bill": None} for pk in old["missing"]],
            "moved": [Moved(*each).plain() for each in old["moved"]],
            "no_center": [{"offering": pk, "service": None} for pk in old["no_center"]],
        }
        rows["shares"] += [{"shared": each, "figures": gettext("older than a year")} for each in old["stale"]]
        counts = {name: sum(each.get("rows", 1) for each in some) for name, some in rows.items()}
        return old | rows | {"counts": counts}

    @property
    def counted(self) -> dict[str, int]:
        """How many bills and lines it has, as they were made."""
        return {name: self.checks[name] for name in ("bills", "lines")}


class BillQuerySet(models.QuerySet["Bill"]):
    def visible_to(self, user: User) -> BillQuerySet:
        """The office sees all that stand; a partner's user the issued ones of its own partners and all below them."""
        rows = self.filter(run__in=Run.objects.standing())
        if user.is_office:
            return rows
        own = Partner.objects.visible_to(user)
        return rows.issued().filter(Q(partner__in=own) | Q(partner__merged_into__in=own))

    def issued(self) -> BillQuerySet:
        return self.filter(issued_at__isnull=False)

    def search(self, text: str) -> BillQuerySet:
        """Those of a number, or of partners found by their names."""
        return self.filter(Q(number__icontains=text) | Q(partner__in=Partner.objects.search(text)))


class Bill(models.Model):
    """What a partner owes for a period.

    number  B-2026-11-0042: its own for good once issued
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="bills")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="bills", verbose_name=_("partner"))
    number = models.CharField(_("number"), max_length=20)
    total_cents = models.BigIntegerField(_("total"), default=0)
    due_on = models.DateField(_("due"), null=True)
    dispute_until = models.DateField(_("can be disputed until"), null=True)
    issued_at = models.DateTimeField(null=True, editable=False)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        ordering = ["-run__period__first_on", "partner__sort_name"]
        constraints = [
            once("bill_once_a_run", "run", "partner"),
            once("bill_number_once", "number", where=Q(issued_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("billing:bill", args=[self.pk])


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, user: User) -> LineQuerySet:
        """Those of the bills that this person may see."""
        return self.filter(bill__in=Bill.objects.visible_to(user))

    def issued(self) -> LineQuerySet:
        return self.filter(bill__issued_at__isnull=False)

    def of_partners_now(self) -> Any:
        """In no order, each with the partner that it is of `now`: what its own was made one with, if it was."""
        return self.order_by().annotate(now=Coalesce("bill__partner__merged_into", "bill__partner"))

    def billed_until(self, offering: int) -> date | None:
        """The last day of the last month of which issued bills have usage of an offering."""
        issued = self.issued().filter(offering=offering)
        last: date | None = issued.aggregate(last=models.Max("month"))["last"]
        return last and last.replace(day=monthrange(last.year, last.month)[1])

    def quantities(self, first: date, last: date) -> Any:
        """What partners used by issued bills, in months of a span: partner, offering, month, and units."""
        rows = self.issued().filter(month__range=(first, last)).exclude(kind=Line.Kind.ADJUSTMENT).order_by()
        return rows.values_list("bill__partner", "offering", "month").annotate(Sum("quantity"))


class Line(models.Model):
    """One charge on a bill: an offering's month under one rate.

    kind        USAGE of the bill's own month; SHARE of a year's amount; LATE: usage of an earlier month, the difference
                to what was billed of it; ADJUSTMENT of an issued line
    month       the first day of the month it belongs to
    cost_center whose income it is, as it was when the bill was made
    quantity    units, steps applied; of a share, the partner's driver figure
    merged      partners made one with the bill's, whose rows count here under the key they came with
    raw         exact cents before they were rounded, as a fraction "n/d": what raw and billed differ by is a figure
    full_cents  at the rate for everybody, where a customer class pays less: the difference is imputed revenue
    parts       tiers or accounts: [{"units": "12.5", "price": "4.00", "cents": "5000"}, ...], exact, as text
    """

    class Kind(models.TextChoices):
        USAGE = "usage", _("Usage")
        SHARE = "share", _("Share")
        LATE = "late", _("Late usage")
        ADJUSTMENT = "adjustment", _("Adjustment")

    OWN = (Kind.USAGE, Kind.SHARE)

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines")
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="+", verbose_name=_("offering"))
    rate = models.ForeignKey(RateVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("rate"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.USAGE)
    month = models.DateField(_("month"))
    quantity = ExactField(_("quantity"), default=0)
    usage_rows = models.BigIntegerField(default=0, editable=False)
    merged: Any = models.JSONField(default=list, editable=False)
    raw = models.CharField(max_length=80, blank=True, editable=False)
    cents = models.BigIntegerField(_("amount"))
    full_cents = models.BigIntegerField(_("at the full rate"), null=True)
    parts: Any = models.JSONField(default=list, editable=False)
    snapshot = models.ForeignKey(DriverSnapshot, models.PROTECT, null=True, related_name="+")
    cost_center = models.ForeignKey(CostCenter, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    adjustment = models.ForeignKey("Adjustment", models.PROTECT, null=True, related_name="lines")
    words = models.TextField(_("explanation"), blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill line")
        ordering = ["bill", "offering__service__sort_name", "offering__sort_name", "month", "pk"]
        indexes = [models.Index(fields=["offering", "month"])]

    def __str__(self) -> str:
        return str(self.offering)

    def get_absolute_url(self) -> str:
        return reverse("billing:line", args=[self.pk])

    @cached_property
    def plan(self) -> Plan | None:
        """The plan of its rate; none of a share, and of what has no rate."""
        return plan_of(self.rate.plan) if self.rate and self.rate.plan else None

    @property
    def is_own(self) -> bool:
        """Whether it is of its bill's own month, neither late nor a correction."""
        return self.kind in Line.OWN

    @property
    def rate_words(self) -> str:
        """Its rate in a few letters: its price, or how many prices there are; "" where it has none."""
        tiers = self.plan.tiers if self.plan else ()
        if len(tiers) > 1:
            return ngettext("%(count)s tier", "%(count)s tiers", len(tiers)) % {"count": len(tiers)}
        return price(tiers[0].price) if tiers else ""

    @property
    def note(self) -> str:
        """What kind of line it is, where it is not simply this month's usage."""
        words = {
            Line.Kind.LATE: gettext("late usage of %(month)s"),
            Line.Kind.ADJUSTMENT: gettext("correction of %(month)s"),
            Line.Kind.SHARE: gettext("share of a common cost"),
        }
        return words.get(Line.Kind(self.kind), "") % {"month": month(self.month)}
