"""Mail that was taken in: the list, one, what waits for a person, and a partner's own address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, act, confirm
from comity.imports.pages import list_page
from comity.inbox import services
from comity.inbox.addresses import address_of
from comity.inbox.capabilities import FILE, READ
from comity.inbox.models import Received
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_WORD
from comity.partners.pickers import of_partner as about
from comity.people.access import Request, requires, row_or_404
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, DateRange, Search, Table, only_csv

SIGNS = {Received.State.FILED: "good", Received.State.WAITS: "warn", Received.State.DISCARDED: "none"}
SHOWN = 20


def _sign(row: Received) -> SafeString:
    return tag(row.get_state_display(), kind=SIGNS[Received.State(row.state)])


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    """All mail, the last first; what waits is the first view."""
    table = Table(
        request,
        Received.objects.visible_to(request.user).select_related("partner").defer("text", "not_kept"),
        name="mail",
        columns=[
            Column("subject", link=lambda row: row.get_absolute_url(), value=str),
            Column("partner", PARTNER_WORD),
            Column("sender", wide=True),
            Column("state", value=_sign, csv_value=lambda row: row.state),
            Column("sent_at", whole=True),
            *only_csv("id"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            about(request.user),
            Choice("state", _("State"), Received.State.choices, "state"),
            DateRange("sent", _("Sent"), "sent_at"),
        ],
        views=[(_("Waits for you"), "state=waits"), (_("Filed"), "state=filed"), (_("All"), "")],
        default_sort="-sent_at",
        empty=_("No mail."),
    )
    lead = _("Send or copy mail to a partner’s own address, and it stands on their line of time.")
    if not settings.MAIL_IN:
        lead = _("This installation takes no mail yet. Whoever runs it can set that up.")
    return list_page(request, table, _("Mail from those you serve"), lead=lead)


@requires(READ, "GET")
def mail(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Received, pk, "partner", "person", "user", "follow_up")
    return render(request, "inbox/mail.html", {"mail": found, "may_file": request.user.can(FILE)})


@requires(FILE, "POST")
def file(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Received, pk, "partner")
    told = _("Filed with %(name)s.") % {"name": found.partner}
    return act(request, lambda: services.file(pk, by=request.user), told=told, refused_to=found)


@requires(FILE)
def discard(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Received, pk)
    page = FormPage(
        _("Discard this mail?"),
        lead=_("It stays in the list as discarded, on nobody’s line of time."),
        crumbs=[(_("Mail"), reverse("inbox:list")), (str(found), found.get_absolute_url())],
        submit=_("Discard it"),
        danger=True,
    )
    return confirm(request, page, lambda: services.discard(pk, by=request.user), told=_("Discarded."))


@requires(READ, "GET")
def of_partner(request: Request, pk: int) -> HttpResponse:
    """A partner's own address, and the last mail to it."""
    partner = row_or_404(request, Partner, pk)
    rows = Received.objects.visible_to(request.user).filter(partner=partner).defer("text", "not_kept")
    context = {
        "partner": partner,
        "address": address_of(partner),
        "rows": [(row, _sign(row)) for row in rows[:SHOWN]],
        "all_url": f"{reverse('inbox:list')}?partner={pk}",
        "may_file": request.user.can(FILE),
    }
    return render(request, "inbox/partner.html", context)


@requires(FILE)
def renew(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    back = reverse("inbox:partner", args=[pk])
    page = FormPage(
        _("Give %(name)s a new address?") % {"name": partner},
        lead=_("The address it has now takes no mail anymore. Tell whoever writes to it."),
        crumbs=[(str(partner), partner.get_absolute_url()), (_("Mail"), back)],
        submit=_("Give it a new one"),
        danger=True,
    )
    told = _("The address is new.")
    return confirm(request, page, lambda: services.renew(partner, by=request.user), told=told, to=back)
