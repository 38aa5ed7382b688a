"""What is wrong on an issued line: disputed by its partner and decided, put right by an adjustment; and the billing terms."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.billing import tables
from comity.billing.capabilities import APPROVE, DECIDE, OWN, READ, RUN
from comity.billing.forms import AdjustForm, DecideForm, DisputeForm, TermsForm
from comity.billing.models import Adjustment, Dispute, DisputeQuerySet, Line, Terms
from comity.billing.services import righting
from comity.billing.views.lines import line_or_404
from comity.editing.answering import FormPage, act, answer, confirm
from comity.imports.pages import list_page
from comity.office.services import day_of, today
from comity.people.access import Request, requires, row_or_404
from comity.ui.charts import Figures
from comity.ui.money import money

WEEK, MONTH = 7, 30  # days


@requires(OWN)
def dispute(request: Request, pk: int) -> HttpResponse:
    """A partner's word against a line of its own bill."""
    line = line_or_404(request, pk)
    form = DisputeForm(request.POST or None, request.FILES or None, initial={"cents": abs(line.cents)})
    lead = _("%(owner)s answers for it, and you can follow what happens.")
    said = {"name": line.offering.full_name, "amount": money(line.cents)}
    page = FormPage(
        _("Dispute %(name)s, %(amount)s") % said,
        lead=righting.why_not(line) or lead % {"owner": line.offering.service.owner},
        crumbs=[(str(line.bill), line.bill.get_absolute_url()), _crumb(line)],
        submit=_("Dispute it"),
        draft=f"dispute-{pk}",
        told=_("Thank you. You can follow what happens here."),
        to=lambda made: reverse("followups:portal_detail", args=[made.follow_up_id]),
    )
    return answer(
        request, form, lambda: righting.dispute(line, by=request.user, **form.cleaned_data), page=page
    )


@requires(DECIDE)
def decide(request: Request, pk: int) -> HttpResponse:
    """Uphold a dispute, or explain the line."""
    found = row_or_404(request, Dispute, pk, "line__bill", "line__offering", "raised_by")
    form = DecideForm(request.POST or None, initial={"cents": found.cents})
    said = {"name": found.raised_by, "amount": money(found.cents), "reason": found.reason}
    page = FormPage(
        _("Decide the dispute of %(name)s") % {"name": found.line},
        lead=_("%(name)s disputes %(amount)s: “%(reason)s”") % said,
        crumbs=[(_("Disputes"), reverse("billing:disputes")), _crumb(found.line)],
        submit=_("Decide"),
        told=_("Decided. Now tell them what came of it."),
        to=lambda done: done.follow_up.get_absolute_url(),
    )
    return answer(
        request, form, lambda: righting.decide(found, by=request.user, **form.cleaned_data), page=page
    )


def _crumb(line: Line) -> tuple[str, str]:
    return str(line), line.get_absolute_url()


@requires(READ, "GET")
def disputes(request: Request) -> HttpResponseBase:
    """What partners dispute; those open by service and age, and the list."""
    count, figures = open_by_age(Dispute.objects.visible_to(request.user).open())
    heading = ngettext(
        "%(count)s line is disputed and not decided yet",
        "%(count)s lines are disputed and not decided yet",
        count,
    )
    context = {"heading": heading % {"count": count}, "figures": figures}
    context["about"] = _("Open, by service and age")
    return tables.disputes_table(request).respond("billing/list.html", context)


def open_by_age(rows: DisputeQuerySet) -> tuple[int, Figures]:
    """How many there are; of each service by how long, and how much they come to."""
    found: dict[str, list[int]] = {}
    for service, at, cents in rows.values_list("line__offering__service__name", "raised_at", "cents"):
        days = (today() - day_of(at)).days
        row = found.setdefault(service, [0, 0, 0, 0])
        row[0 if days <= WEEK else 1 if days <= MONTH else 2] += 1
        row[3] += cents
    lines = [
        (name, *(str(count or "") for count in counts), money(cents))
        for name, (*counts, cents) in sorted(found.items())
    ]
    head = (_("Service"), _("Up to a week"), _("Up to a month"), _("Longer"), _("Amount"))
    return sum(sum(row[:3]) for row in found.values()), Figures(head, lines)


@requires(READ, "GET")
def adjustments(request: Request) -> HttpResponseBase:
    return list_page(request, tables.adjustments_table(request), _("Adjustments"))


@requires(RUN)
def adjust(request: Request, pk: int) -> HttpResponse:
    """Put an issued line right."""
    line = line_or_404(request, pk)
    form = AdjustForm(request.POST or None)
    lead = _(
        "%(line)s, %(amount)s, on the bill of %(partner)s. The bill stays as it is; the amount comes onto the next."
    )
    page = FormPage(
        _("Adjust a line of an issued bill"),
        lead=lead % {"line": line, "amount": money(line.cents), "partner": line.bill.partner},
        crumbs=[(_("Bills"), reverse("billing:bills")), _crumb(line)],
        submit=_("Propose"),
        told=_("Proposed. Somebody else has to approve it."),
        to="billing:adjustments",
    )
    return answer(
        request, form, lambda: righting.adjust(line, by=request.user, **form.cleaned_data), page=page
    )


@requires(APPROVE)
def approve(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Adjustment, pk, "line__bill__partner", "made_by")
    said = {"amount": money(found.cents), "partner": found.line.bill.partner}
    lead = _("%(amount)s for %(partner)s, proposed by %(who)s: %(why)s")
    page = FormPage(
        _("Approve this adjustment?"),
        lead=lead % {**said, "why": found.why, "who": found.made_by},
        title=str(found),
        crumbs=[(_("Adjustments"), reverse("billing:adjustments"))],
        submit=_("Approve"),
        remove=reverse("billing:decline_adjustment", args=[pk]),
        told=_("Approved. It comes onto the next bill."),
        to="billing:adjustments",
    )
    return confirm(request, page, lambda: righting.approve(pk, by=request.user))


@requires(APPROVE, "POST")
def decline(request: Request, pk: int) -> HttpResponse:
    row_or_404(request, Adjustment, pk)
    told = _("Declined. It is gone.")
    return act(request, lambda: righting.decline(pk, by=request.user), told=told, to="billing:adjustments")


@requires(RUN)
def terms(request: Request) -> HttpResponse:
    """What holds for billing."""
    form = TermsForm(request.POST or None, instance=Terms.now())
    page = FormPage(
        _("Billing terms"),
        lead=_("They hold for bills that are issued, and drafts that are run, from now on."),
        crumbs=[(_("Billing periods"), reverse("billing:runs"))],
        told=_("Saved."),
        to="billing:runs",
    )
    save = partial(righting.set_terms, by=request.user)
    return answer(request, form, lambda: save(form.values, seen=form.seen), page=page)
