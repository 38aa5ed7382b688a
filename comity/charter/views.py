"""The charter as the office reads and writes it, and as partners read it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.charter import services
from comity.charter.capabilities import ENDORSE, PORTAL, READ, WRITE
from comity.charter.forms import CharterForm
from comity.charter.models import Charter
from comity.editing.answering import FormPage, act, answer
from comity.people.access import Request, requires, row_or_404


@requires(READ, "GET")
def in_force(request: Request) -> HttpResponse:
    """The charter that holds; the draft where there is none yet."""
    return _page(request)


@requires(READ, "GET")
def charter(request: Request, pk: int) -> HttpResponse:
    """One version."""
    return _page(request, pk)


def _page(request: Request, pk: int | None = None) -> HttpResponse:
    """The version with this key, among all there are."""
    rows = list(
        Charter.objects.visible_to(request.user)
        .select_related("endorsed_by", "written_by")
        .order_by("-endorsed_at", "-pk")
    )
    endorsed = [row for row in rows if row.endorsed_at]
    draft = next((row for row in rows if not row.endorsed_at), None)
    found = next((row for row in rows if row.pk == pk), None) if pk else next(iter(endorsed), draft)
    if pk and found is None:
        raise Http404
    context = {
        "charter": found,
        "holds": found in endorsed[:1],
        "draft": draft,
        "endorsed": endorsed,
        "may_write": request.user.can(WRITE),
        "may_endorse": request.user.can(ENDORSE),
    }
    return render(request, "charter/charter.html", context)


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    """The charter in force, as partners read it."""
    found = Charter.objects.visible_to(request.user).select_related("endorsed_by").first()
    return render(request, "charter/portal.html", {"charter": found})


@requires(WRITE)
def write(request: Request) -> HttpResponse:
    form = CharterForm(request.POST or None, instance=services.draft())
    page = FormPage(
        _("What is the chief customer officer here for?"),
        _("Charter"),
        _("Say of each role whether it is yours. It holds once the CIO has endorsed it."),
        crumbs=[(_("Charter"), reverse("charter:in_force"))],
        submit=_("Save the draft"),
        draft="charter",
    )
    told = _("Saved. The CIO has been asked to endorse it.")
    return answer(
        request,
        form,
        lambda: services.write(form.values, by=request.user, seen=form.seen),
        page=page,
        told=told,
    )


@requires(ENDORSE, "POST")
def endorse(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Charter, pk)
    version = int(said) if (said := request.POST.get("version", "")).isdecimal() else 0
    return act(
        request,
        lambda: services.endorse(pk, version=version, by=request.user),
        told=_("The charter is in force."),
        refused_to=found,
    )
