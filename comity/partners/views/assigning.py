"""Saying who looks after a partner, after many that were chosen in a list; and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage, act, answer_many, typed
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.contacts import AssignForm, BulkAssignForm
from comity.partners.models import Assignment, Partner
from comity.partners.services import Assigned
from comity.partners.tables.gaps import gaps_table
from comity.partners.tables.partners import partners_table
from comity.partners.views.finding import answer_at, begun_at, crumbs, partner_of
from comity.people.access import Request, requires
from comity.people.models import User

GAPS = "gaps"  # the list of those without a contact; else that of all
AN_HOUR = 3_600
MOST = 500  # at once: more would hold the database for longer than two seconds
_SALT = "partners.undo_assign"
_LONGEST_ADDRESS = 1_500


@requires(capabilities.ASSIGN)
def assign(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    lead = partner.lead_on(today())
    initial = {"starts_on": today(), "role": Assignment.Role.BACKUP if lead else Assignment.Role.LEAD}
    form = AssignForm(request.POST or None, initial=initial)
    if lead is None:
        del form.fields["replacing"]
    back = begun_at(request, reverse("partners:contacts", args=[pk]), partner)

    def undo(made: Assignment) -> str:
        return "" if made.ends_on or form.cleaned_data.get("replacing") else undo_url([made.pk], back)

    return answer_at(
        request,
        form,
        lambda: services.assign(partner=partner, by=request.user, **form.cleaned_data),
        partner,
        "contacts",
        heading=_("Who looks after %(name)s?") % {"name": partner},
        lead=_("%(name)s is the lead contact now.") % {"name": lead}
        if lead
        else _("Nobody is the lead contact now."),
        told=lambda made: _looks_after(made, partner),
        undo=undo,
    )


def _looks_after(made: Assignment, partner: Partner) -> str:
    words = {"user": made.user, "partner": partner, "day": date_format(made.starts_on)}
    if made.starts_on > today():
        return _("%(user)s will look after %(partner)s from %(day)s.") % words
    return _("%(user)s looks after %(partner)s.") % words


@require_POST
@requires(capabilities.ASSIGN)
def assign_many(request: Request, of: str = "") -> HttpResponse:
    """For what was chosen in a list. Those ticked on Coverage are read from all, so that one whom somebody else
    has assigned meanwhile is said to stay as it is."""
    whole = of == GAPS and request.POST.get("all") == "1"
    table = gaps_table(request) if whole else partners_table(request)
    form = BulkAssignForm(typed(request), initial={"starts_on": today()})
    if of == GAPS:
        del form.fields["replacing"]
    home = [(_("Coverage"), reverse("coverage"))] if of == GAPS else crumbs()
    back = f"{home[0][1]}?{table.query}".removesuffix("?")

    def told(done: Assigned) -> str:
        said = _looks_after_more(len(done.made), form.cleaned_data["user"], form.cleaned_data["starts_on"])
        return f"{said} {services.why_left(done.left)}" if done.left else said

    return answer_many(
        request,
        form,
        table,
        lambda rows: services.assign_many(rows, by=request.user, **{"replacing": False, **form.cleaned_data}),
        page=FormPage(_("Assign a contact"), crumbs=home),
        told=told,
        undo=lambda done: "" if form.cleaned_data.get("replacing") else undo_url(done.made, back),
        most=MOST,
    )


def _looks_after_more(count: int, user: User, starts_on: date) -> str:
    words = {"user": user, "count": f"{count:,}", "day": date_format(starts_on)}
    later = ngettext(
        "%(user)s will look after %(count)s more from %(day)s.",
        "%(user)s will look after %(count)s more from %(day)s.",
        count,
    )
    now = ngettext("%(user)s looks after %(count)s more.", "%(user)s looks after %(count)s more.", count)
    return (later if starts_on > today() else now) % words


@require_POST
@requires(capabilities.ASSIGN)
def undo_assign(request: Request, token: str) -> HttpResponse:
    try:
        made, back = signing.loads(token, salt=_SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        raise Http404 from None
    keys = [key for first, last in made for key in range(first, last + 1)]
    return act(
        request,
        lambda: services.take_back(keys, by=request.user),
        told=lambda count: (
            ngettext("%(count)s taken back.", "%(count)s taken back.", count) % {"count": f"{count:,}"}
        ),
        to=back,
    )


def undo_url(made: Iterable[int], back: str) -> str:
    """Where assignments just made are taken back, leading on to where they were made; "" if they are too scattered to say."""
    runs = [
        [key for _place, key in run]
        for _gap, run in groupby(enumerate(sorted(made)), lambda each: each[1] - each[0])
    ]
    token = signing.dumps([[[run[0], run[-1]] for run in runs], back], salt=_SALT, compress=True)
    return reverse("partners:undo_assign", args=[token]) if len(token) < _LONGEST_ADDRESS else ""
