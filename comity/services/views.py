"""The catalogue: services, their offerings, and what is heard of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer, confirm
from comity.editing.forms import RowForm
from comity.followups.models import FollowUp
from comity.imports.pages import list_page
from comity.office.services import today
from comity.people.access import Request, requires, row_or_404
from comity.services import services, tables
from comity.services.capabilities import EDIT, READ
from comity.services.forms import EntryForm, HeardForm, OfferingForm, PublishForm, ServiceForm, SpanishForm
from comity.services.models import Offering, Service


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    add = _("Add a service"), reverse("services:add"), EDIT
    table = tables.services_table(request)
    return list_page(request, table, _("Services"), add=add, profile=table.name)


@requires(READ, "GET")
def offerings(request: Request) -> HttpResponseBase:
    add = _("Add an offering"), reverse("services:add_offering"), EDIT
    table = tables.offerings_table(request)
    return list_page(request, table, _("Offerings"), add=add, profile=table.name)


@requires(READ, "GET")
def service(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Service, pk, "owner", "cost_center", "followed_by", "reviewed_by")
    editions = list(found.editions.select_related("published_by"))
    published = editions[0].facts if editions else {}
    context = {
        "service": found,
        "editions": editions,
        "changed": services.differences(published, services.facts_of(found)),
        "subjects": services.named("subjects", found.subjects),
        "days": services.days_of(found),
        "status": tables.status_sign(found),
        "offerings": found.offerings.all(),
        "heard": FollowUp.objects.visible_to(request.user)
        .filter(kind=services.HEARD, source_id=str(pk))
        .order_by("-heard_at")[:20],
        "may_edit": request.user.can(EDIT),
        "today": today(),
    }
    return render(request, "services/service.html", context)


@requires(READ, "GET")
def offering(request: Request, pk: int) -> HttpResponse:
    context = {"offering": row_or_404(request, Offering, pk, "service"), "may_edit": request.user.can(EDIT)}
    return render(request, "services/offering.html", context)


@requires(EDIT)
def add(request: Request) -> HttpResponse:
    form = ServiceForm(request.POST or None, initial={"owner": request.user.pk})
    page = FormPage(_("Add a service"), crumbs=_crumbs(), draft="service-new")
    return answer(request, form, lambda: services.add_service(form.values, by=request.user), page=page)


@requires(EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Service, pk, "owner", "cost_center")
    return _change(request, found, ServiceForm(request.POST or None, instance=found), services.change_service)


@requires(EDIT)
def entry(request: Request, pk: int, *, spanish: bool = False) -> HttpResponse:
    """The draft of its entry, in one language."""
    found = row_or_404(request, Service, pk, "owner", "cost_center")
    form = (SpanishForm if spanish else EntryForm)(request.POST or None, instance=found)
    return _change(request, found, form, services.change_service)


@requires(EDIT)
def publish(request: Request, pk: int) -> HttpResponse:
    """What partners will read that they do not read yet, and when it is looked at again."""
    found = row_or_404(request, Service, pk, "owner", "cost_center")
    begun = {"version": found.version, "review_on": today() + timedelta(days=365)}
    form = PublishForm(request.POST or None, initial=begun)
    last = found.editions.first()
    changed = services.differences(last.facts if last else {}, services.facts_of(found))
    page = _page(_("Publish the entry of %(name)s?") % {"name": found}, found, submit=_("Publish"))
    if not changed:
        page = _page(_("Is the entry of %(name)s still right?") % {"name": found}, found, submit=_("It is"))
    return answer(
        request,
        form,
        lambda: services.publish(pk, by=request.user, **form.cleaned_data),
        page="services/publish.html",
        context={"page": replace(page, danger=False), "changed": changed, "first": last is None},
        told=_("Published. Partners read it now.") if changed else _("Reviewed."),
    )


@requires(EDIT)
def retire(request: Request, pk: int) -> HttpResponse:
    lead = _("Nobody can get it anymore. Its history, and what was heard about it, stay.")
    return _retire(
        request, row_or_404(request, Service, pk, "owner", "cost_center"), lead, services.retire_service
    )


@requires(READ)
def hear(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Service, pk, "owner", "cost_center")
    form = HeardForm(request.POST or None, user=request.user)
    lead = _("%(owner)s is responsible for it.") % {"owner": found.owner}
    return answer(
        request,
        form,
        lambda: services.hear(found, by=request.user, **form.cleaned_data),
        page=_page(_("What did you hear about %(name)s?") % {"name": found}, found, lead),
        told=_("Saved."),
    )


@requires(EDIT)
def add_offering(request: Request) -> HttpResponse:
    form = OfferingForm(request.POST or None, initial={"service": request.GET.get("service", "")})
    back = reverse("services:offerings")
    page = FormPage(_("Add an offering"), crumbs=_crumbs(), back=back, draft="offering-new")
    return answer(request, form, lambda: services.add_offering(form.values, by=request.user), page=page)


@requires(EDIT)
def edit_offering(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Offering, pk, "service")
    return _change(
        request, found, OfferingForm(request.POST or None, instance=found), services.change_offering
    )


@requires(EDIT)
def retire_offering(request: Request, pk: int) -> HttpResponse:
    lead = _("Nobody can get it from today on. Its usage records stay.")
    return _retire(request, row_or_404(request, Offering, pk, "service"), lead, services.retire_offering)


Row = Service | Offering


def _change(request: Request, row: Row, form: RowForm, change: Callable[..., Row]) -> HttpResponse:
    def save() -> Row:
        return change(row.pk, form.values, by=request.user, seen=form.seen)

    page = _page(_("Change %(name)s") % {"name": row}, row)
    return answer(request, form, save, page=page, told=_("Saved."))


def _retire(request: Request, row: Row, lead: str, retire: Callable[..., Row]) -> HttpResponse:
    page = _page(_("Retire %(name)s?") % {"name": row}, row, lead, submit=_("Retire"))
    told = _("%(name)s is retired.") % {"name": row}
    return confirm(request, page, lambda: retire(row.pk, by=request.user), told=told)


def _crumbs(*rows: Row) -> list[tuple[str, str]]:
    return [(_("Services"), reverse("services:list")), *((str(row), row.get_absolute_url()) for row in rows)]


def _page(heading: str, row: Row, lead: str = "", submit: str = "") -> FormPage:
    """The page of a form about one row."""
    above = [row.service, row] if isinstance(row, Offering) else [row]
    return FormPage(heading, lead=lead, crumbs=_crumbs(*above), submit=submit, danger=bool(submit))
