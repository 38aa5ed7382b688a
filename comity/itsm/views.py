"""The connection with ServiceNow: how it stands, table by table; changing, testing and syncing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, act, answer
from comity.itsm import services
from comity.itsm.capabilities import CONNECT
from comity.itsm.forms import ConnectionForm
from comity.itsm.models import Connection, Feed, Seen
from comity.itsm.orders import waiting
from comity.itsm.taking import TABLES
from comity.jobs.models import Work
from comity.people.access import Request, requires

ASIDE = 20


@requires(CONNECT, "GET")
def connection(request: Request) -> HttpResponse:
    """How it stands."""
    aside = Seen.objects.visible_to(request.user).exclude(problem="").order_by("-pk")
    feeds = Feed.objects.visible_to(request.user)
    context = {
        "connection": Connection.objects.visible_to(request.user).first(),
        "work": Work.objects.filter(task=services.SYNC).unfinished().first(),
        "tables": [(feed, TABLES[feed.name].label, services.counted([feed])) for feed in feeds],
        "aside": aside[:ASIDE],
        "aside_count": aside.count(),
        "waiting": waiting().count(),
        "crumbs": [(_("Manage"), reverse("manage"))],
    }
    return render(request, "itsm/connection.html", context)


@requires(CONNECT)
def change(request: Request) -> HttpResponse:
    row = Connection.objects.visible_to(request.user).first()
    form = ConnectionForm(request.POST or None, instance=row)
    lead = _("Use an account of its own that may read the tables and order, with the time zone GMT.")
    crumbs, told = [("ServiceNow", reverse("itsm:connection"))], _("Saved. Test the connection now.")
    page = FormPage(_("Connect ServiceNow"), lead=lead, crumbs=crumbs, told=told)
    secret = form.data.get("secret", "")

    def save() -> Connection:
        return services.connect(form.values, secret=secret, by=request.user, seen=form.seen)

    return answer(request, form, save, page=page)


@requires(CONNECT, "POST")
def test(request: Request) -> HttpResponse:
    return act(request, services.test, told=_("Tested."), to="itsm:connection")


@requires(CONNECT, "POST")
def sync(request: Request) -> HttpResponse:
    full = request.POST.get("full") == "1"
    return act(request, lambda: services.start(request.user, full=full), refused_to="itsm:connection")
