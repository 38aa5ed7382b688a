"""Disputes: raised from a line by its partner, listed and decided by the office."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing.capabilities import DECIDE, OWN, READ
from comity.billing.forms import DecideForm, DisputeForm
from comity.billing.models import Dispute
from comity.billing.services import disputing
from comity.billing.views.lines import line_or_404
from comity.editing.answering import FormPage, answer
from comity.office.services import today
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.services.models import Service
from comity.ui.charts import Figures
from comity.ui.money import money, plain_dollars
from comity.ui.tables import Choice, Column, Search, Table, Toggle

WEEK, MONTH = 7, 30  # days


@requires(OWN)
def dispute(request: Request, pk: int) -> HttpResponse:
    """A partner's word against a line of its own bill."""
    line = line_or_404(request, pk)
    form = DisputeForm(request.POST or None, request.FILES or None, initial={"cents": abs(line.cents)})
    lead = disputing.why_not(line) or _("%(owner)s answers for it, and you can follow what happens.") % {
        "owner": line.offering.service.owner
    }
    return answer(
        request,
        form,
        lambda: disputing.dispute(line, by=request.user, **form.cleaned_data),
        page=FormPage(
            _("Dispute %(name)s, %(amount)s")
            % {"name": f"{line.offering.service} ({line})", "amount": money(line.cents)},
            lead=lead,
            crumbs=[(str(line.bill), line.bill.get_absolute_url()), (str(line), line.get_absolute_url())],
            submit=_("Dispute it"),
            draft=f"dispute-{pk}",
        ),
        told=_("Thank you. You can follow what happens here."),
        to=lambda made: reverse("followups:portal_detail", args=[made.follow_up_id]),
    )


@requires(DECIDE)
def decide(request: Request, pk: int) -> HttpResponse:
    """Uphold a dispute, or explain the line."""
    rows = Dispute.objects.visible_to(request.user).select_related(
        "line__bill", "line__offering", "raised_by"
    )
    found = get_object_or_404(rows, pk=pk)
    form = DecideForm(request.POST or None, initial={"cents": found.cents})

    def save() -> Dispute:
        said = dict(form.cleaned_data)
        if said.pop("outcome") == Dispute.Outcome.UPHELD:
            return disputing.uphold(found, by=request.user, **said)
        return disputing.explain(found, by=request.user, words=said["words"])

    said = {"name": found.raised_by, "amount": money(found.cents), "reason": found.reason}
    return answer(
        request,
        form,
        save,
        page=FormPage(
            _("Decide the dispute of %(name)s") % {"name": found.line},
            lead=_("%(name)s disputes %(amount)s: “%(reason)s”") % said,
            crumbs=[
                (_("Disputes"), reverse("billing:disputes")),
                (str(found.line), found.line.get_absolute_url()),
            ],
            submit=_("Decide"),
        ),
        told=_("Decided. Now tell them what came of it."),
        to=lambda done: done.follow_up.get_absolute_url(),
    )


@requires(READ)
@require_safe
def disputes(request: Request) -> HttpResponseBase:
    """What partners dispute; those open by service and age, and the list."""
    table = disputes_table(request)
    by_age = open_by_age(request)
    return table.respond("billing/disputes.html", {"by_age": by_age, "count": by_age.total})


@dataclass(frozen=True)
class OpenByAge:
    """How many are open, of each service by how long; and how much they come to."""

    total: int
    figures: Figures


def open_by_age(request: Request) -> OpenByAge:
    rows = Dispute.objects.visible_to(request.user).open()
    found: dict[str, list[int]] = {}
    for service, at, cents in rows.values_list("line__offering__service__name", "raised_at", "cents"):
        days = (today() - at.date()).days
        row = found.setdefault(service, [0, 0, 0, 0])
        row[0 if days <= WEEK else 1 if days <= MONTH else 2] += 1
        row[3] += cents
    lines = [(name, *map(_count, row[:3]), money(row[3])) for name, row in sorted(found.items())]
    head = (_("Service"), _("Up to a week"), _("Up to a month"), _("Longer"), _("Amount"))
    return OpenByAge(sum(sum(row[:3]) for row in found.values()), Figures(head, lines))


def _count(number: int) -> str:
    return str(number) if number else ""


def disputes_table(request: Request) -> Table:
    services = Service.objects.filter(offerings__in=Dispute.objects.values("line__offering")).distinct()
    now = today()
    return Table(
        request,
        Dispute.objects.visible_to(request.user).select_related(
            "line__bill__partner", "line__offering__service", "follow_up__owner"
        ),
        name="disputes",
        columns=[
            Column(
                "line",
                _("Line"),
                link=lambda row: row.line.get_absolute_url(),
                sort="line__offering__sort_name",
            ),
            Column("service", value=lambda row: row.line.offering.service, label=_("Service"), wide=True),
            Column(
                "partner",
                _("Partner"),
                value=lambda row: row.line.bill.partner,
                sort="line__bill__partner__sort_name",
            ),
            Column("bill", _("Bill"), value=lambda row: row.line.bill, wide=True, whole=True),
            Column(
                "cents",
                _("Amount"),
                value=lambda row: money(row.cents),
                csv_value=lambda row: plain_dollars(row.cents),
                numeric=True,
            ),
            Column(
                "days",
                _("Days"),
                value=lambda row: (now - row.raised_at.date()).days,
                sort="-raised_at",
                numeric=True,
            ),
            Column("owner", _("Owner"), value=lambda row: row.follow_up.owner or "", wide=True),
            Column("stands", _("Where it stands"), value=lambda row: row.stands),
            Column("reason", csv_only=True),
            Column("words", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(reason__icontains=text)),
            Toggle("open", _("Open only"), lambda rows: rows.open()),
            of_partner(request.user, "line__bill__partner"),
            Choice(
                "service", _("Service"), lambda: services.values_list("pk", "name"), "line__offering__service"
            ),
        ],
        views=[(_("All"), ""), (_("Open"), "open=1")],
        default_sort="-days",
        export_name="disputes",
        empty=_("Nothing is disputed."),
    )
