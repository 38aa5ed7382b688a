"""Blocked addresses: those whose mail came back, and those whose owners said stop."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template import Context
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from comity.access import Request, public, requires
from comity.outbox import services, stopping
from comity.outbox.capabilities import TEND_OUTBOX, VIEW_OUTBOX
from comity.outbox.forms import SuppressForm
from comity.outbox.kinds import kind_of
from comity.outbox.models import Suppression
from comity.ui.components.acts import post
from comity.ui.components.page import tell
from comity.ui.tables import Choice, Column, Search, Table

COLUMNS = [
    Column("address", gettext_lazy("Address"), whole=True),
    Column(
        "kind",
        gettext_lazy("Mail"),
        value=lambda row: kind_of(row.kind).label if row.kind else _("All email"),
        csv_value=lambda row: row.kind,
    ),
    Column("reason", gettext_lazy("Why")),
    Column("detail", gettext_lazy("Detail")),
    Column("created_at", gettext_lazy("Since")),
]


@requires(VIEW_OUTBOX)
@require_safe
def suppressions(request: Request) -> HttpResponseBase:
    """Every address that is held back, and why."""
    rows = Suppression.objects.visible_to(request.user)
    may_tend = request.user.can(TEND_OUTBOX)

    def lift_button(row: Suppression) -> object:
        url = reverse("outbox:lift", args=[row.pk])
        return post(Context({"request": request}), url, _("Unblock"), quiet=True)

    table = Table(
        request,
        rows,
        name="suppressions",
        columns=[*COLUMNS, *([Column("lift", _("Unblock"), value=lift_button)] if may_tend else [])],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(address__icontains=text)),
            Choice("reason", _("Why"), Suppression.Reason.choices, "reason"),
        ],
        export_name="stopped-addresses",
        export_columns=COLUMNS,
        empty=_("No address is blocked. Nothing bounced, and nobody asked us to stop."),
    )
    count = rows.count()
    heading = ngettext("One address is blocked", "%(n)s addresses are blocked", count) % {"n": count}
    return table.respond(
        "outbox/suppressions.html",
        {
            "heading": heading if count else _("No address is blocked"),
            "form": SuppressForm(),
            "may_tend": may_tend,
        },
    )


@requires(TEND_OUTBOX)
@require_POST
def add(request: Request) -> HttpResponse:
    """Block an address by hand, for a bounce that came some other way."""
    form = SuppressForm(request.POST)
    if not form.is_valid():
        return render(request, "outbox/suppress.html", {"form": form}, status=422)
    services.stop(
        form.cleaned_data["address"],
        reason=Suppression.Reason.BY_HAND,
        by=request.user,
        detail=form.cleaned_data["detail"],
    )
    tell(request, _("%(address)s is blocked.") % {"address": form.cleaned_data["address"]})
    return redirect("outbox:suppressions")


@requires(TEND_OUTBOX)
@require_POST
def lift(request: Request, pk: int) -> HttpResponse:
    """Let mail through to an address again."""
    suppression = get_object_or_404(Suppression.objects.visible_to(request.user), pk=pk)
    services.lift(suppression, by=request.user)
    tell(request, _("%(address)s is unblocked.") % {"address": suppression.address})
    return redirect("outbox:suppressions")


@public("Whoever gets mail can stop it, without signing in: the link is signed and names its address.")
@csrf_exempt  # a mail program posts here with one click (RFC 8058); the signature says who asks
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """“Stop sending them”: GET shows what would stop, POST stops it, and a second button takes that back."""
    wish = stopping.read(token)
    if wish is None or not kind_of(wish.kind).may_stop:
        return stopping.refuse(request)
    if request.method == "POST":
        by_address = f"mail reader {wish.address}"[:60]
        if request.POST.get("again"):
            services.resume(wish.address, wish.kind, by=by_address)
        else:
            services.stop(wish.address, wish.kind, by=by_address)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=204)
        return redirect("outbox:stop", token)
    with translation.override(_language(request, wish)):
        stopped = Suppression.objects.filter(address=wish.address, kind=wish.kind).exists()
        context = {"wish": wish, "kind": kind_of(wish.kind), "stopped": stopped}
        response = render(request, "outbox/stop.html", context)
        response["Content-Language"] = translation.get_language() or ""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _language(request: HttpRequest, wish: stopping.Wish) -> str:
    """The mail's own language, until its reader chooses another."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return (translation.get_language() if chosen else None) or wish.language
