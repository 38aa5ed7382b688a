"""The catalog of services: a list and an entry, for everybody, for partners, and as its owner looks at a draft."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.adoption.models import UNDER_WAY, Adoption
from comity.billing.models import Line, Run
from comity.briefing import catalogue, concerns, money, satisfaction
from comity.briefing.portal import contacts_of
from comity.office.services import current_office, today
from comity.partners.models import Membership, Partner
from comity.people.access import Request, public, requires, row_or_404
from comity.people.models import User
from comity.rates.services.wording import price_words
from comity.services.capabilities import EDIT, PORTAL, READ
from comity.services.models import Service, Subject, in_language
from comity.services.services import LISTS, days_of, facts_of
from comity.services.tables import status_sign
from comity.tickets.models import Ticket
from comity.ui.components.days import day
from comity.ui.money import money as dollars
from comity.ui.tables import Choice, Column, Search, Table

WHY = "The office has chosen to let everybody read its catalog; nobody's own use or bills stand in it."
EVERYBODY = {"frame": "ui/bare.html", "list_url": "catalog", "entry_url": "catalog_entry", "for_all": True}
PARTNERS = {"frame": "ui/page.html", "list_url": "portal_catalog", "entry_url": "portal_catalog_entry"}
MOST_EMPLOYEES = 1_000_000


@require_safe
@public(WHY)
def everybody(request: HttpRequest) -> HttpResponseBase:
    return _list(request, None, EVERYBODY)


@require_safe
@public(WHY)
def everybodys_entry(request: HttpRequest, pk: int) -> HttpResponse:
    return _published(request, pk, None, EVERYBODY)


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponseBase:
    """What the reader's partners may have."""
    return _list(request, request.user, PARTNERS)


@requires(PORTAL, "GET")
def portal_entry(request: Request, pk: int) -> HttpResponse:
    return _published(request, pk, request.user, PARTNERS)


@requires(READ, "GET")
def preview(request: Request, pk: int) -> HttpResponse:
    """The draft as partners would read it, or an edition as they did; and what only our office knows of it."""
    service = row_or_404(request, Service, pk, "owner", "followed_by")
    editions, number = list(service.editions.all()), request.GET.get("edition", "")
    shown = [each for each in editions if not number or str(each.number) == number]
    if number and not shown:
        raise Http404
    facts = shown[0].facts if number else facts_of(service)
    before = [each.facts for each in editions if not number or each.number < shown[0].number]
    needed_by = [each for each in Service.objects.standing() if pk in each.needs]
    context = {
        "frame": "ui/page.html",
        "list_url": "services:list",
        "entry_url": "catalog_preview",
        "inside": True,
        "edition": number,
        "back_url": service.get_absolute_url(),
        "needed_by": needed_by,
        "recovery": money.recovery_of([pk], today()).get(pk),
    }
    return _entry(request, service, facts, before[:1], request.user, context)


def _list(request: HttpRequest, user: User | None, where: dict[str, Any]) -> HttpResponseBase:
    _refuse_hidden(user)
    rows: Any = Service.objects.in_catalog(user).select_related("owner")
    subjects = SimpleLazyObject(lambda: [(each.pk, str(each)) for each in Subject.objects.all()])
    table = Table(
        request,
        rows,
        name="catalog",
        columns=[
            Column(
                "name",
                _("Service"),
                value=lambda row: row.title,
                link=lambda row: reverse(where["entry_url"], args=[row.pk]),
            ),
            Column("promise", _("What it does for you"), value=lambda row: in_language(row.entry, "promise")),
            Column("status", value=status_sign, csv_value=lambda row: row.status),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text), _("in your words")),
            Choice(
                "subject", _("What do you want to do?"), lambda: subjects, lambda rows, key: rows.about(key)
            ),
        ],
        default_sort="name",
        export_name="services",
        empty=_("No services are available to you yet."),
    )
    if request.GET.get("format") == "json":
        names = [
            (key, dict(LISTS[key].objects.values_list("pk", "name"))) for key in ("data_classes", "needs")
        ]
        return JsonResponse({"services": [_plain(row, names) for row in table.sorted]})
    chosen = request.GET.get("subject", "")
    chips = [(_("Everything"), table.url(subject=None), not chosen)]
    chips += [(name, table.url(subject=pk), chosen == str(pk)) for pk, name in subjects]
    return table.respond("briefing/catalog.html", {**where, "chips": chips if len(chips) > 1 else []})


def _plain(row: Any, names: list[tuple[str, dict[int, str]]]) -> dict[str, Any]:
    """An entry as JSON; what it names of lists, by their names."""
    lists = {key: [known[pk] for pk in row.entry.get(key, []) if pk in known] for key, known in names}
    return {
        "id": row.pk,
        "name": row.name,
        "name_es": row.name_es,
        "status": row.status,
        **row.entry,
        **lists,
    }


def _refuse_hidden(user: User | None) -> None:
    if user is None and not current_office().catalog_is_public:
        raise Http404


def _published(request: HttpRequest, pk: int, user: User | None, where: dict[str, Any]) -> HttpResponse:
    _refuse_hidden(user)
    rows = Service.objects.in_catalog(user).select_related("owner", "followed_by")
    service: Any = get_object_or_404(rows, pk=pk)
    before = list(service.editions.values_list("facts", flat=True)[1:2])
    return _entry(request, service, service.entry, before, user, where)


def _reader(request: HttpRequest, user: User | None) -> tuple[catalogue.Reader, list[Partner]]:
    """For whom an entry is worked out, and whom it might be worked out for."""
    own: list[Partner] = []
    if user is not None and not user.is_office:
        theirs = Membership.objects.standing().filter(user=user).values("partner")
        own = list(Partner.objects.visible_to(user).standing().filter(pk__in=theirs))
    partner = next(
        (each for each in own if str(each.pk) == request.GET.get("partner")), next(iter(own), None)
    )
    text = request.GET.get("employees", "")
    said = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    said = said if 0 < said <= MOST_EMPLOYEES else 0
    known = partner.headcount if partner else None
    return catalogue.Reader(user, partner, said or known or catalogue.EMPLOYEES, bool(said)), own


def _entry(
    request: HttpRequest,
    service: Service,
    facts: dict[str, Any],
    before: list[dict[str, Any]],
    user: User | None,
    where: dict[str, Any],
) -> HttpResponse:
    on, (reader, own) = today(), _reader(request, user)
    rates, used = catalogue.prices(service, reader, on), catalogue.used(service, reader)
    example = catalogue.example(rates, used, reader)
    needs = catalogue.chosen_by(facts, "needs")
    context = {
        "service": service,
        "promise": in_language(facts, "promise"),
        "sign": status_sign(service),
        "days": days_of(service),
        "texts": catalogue.texts_of(facts),
        "needs": [(each.title, reverse(where["entry_url"], args=[each.pk])) for each in needs],
        "data_classes": catalogue.chosen_by(facts, "data_classes"),
        "changed": catalogue.changes_of(before[0], facts) if before else [],
        "prices": [(each, price_words(each)) for each in rates],
        "announced": catalogue.announced(service, reader, on),
        "example": example,
        "whose": catalogue.whose(reader),
        "total": sum(each.cents for each in example),
        "used": used,
        "levels": catalogue.levels(service, reader, on),
        "satisfaction": satisfaction.of_services([service.pk], user).get(service.pk),
        "askable": catalogue.askable(service, reader),
        "requests": catalogue.requests(service, reader),
        "contacts": contacts_of(Partner.objects.filter(pk=reader.partner.pk), on) if reader.partner else [],
        "reader": reader,
        "chips": [(each.name, f"?partner={each.pk}", each == reader.partner) for each in own],
        "office": current_office(),
    }
    return render(request, "briefing/catalog_entry.html", {**context, **where})


@requires(EDIT, "GET")
def mine(request: Request) -> HttpResponseBase:
    """The services somebody owns: who uses them, what they recover, what is open, which entry is due."""
    rows = Service.objects.visible_to(request.user).owned_by(request.user)
    table = Table(
        request,
        rows,
        name="my-services",
        columns=[
            Column("name", _("Service"), link=True),
            Column("status", value=status_sign, csv_value=lambda row: row.status),
            *_counted(request.user, list(rows.values_list("pk", flat=True))),
            Column("review_on", _("Next review"), value=lambda row: day(row.review_on)),
        ],
        default_sort="name",
        empty=_("You own no service."),
    )
    return table.respond("imports/table.html", {"heading": _("My services"), "lead": ""})


def _counted(user: User, keys: list[int]) -> list[Column]:
    """What other rooms know of some services, each asked once for all of them."""
    last = Run.objects.filter(state=Run.State.ISSUED).first()
    lines = (
        Line.objects.filter(bill__run=last, offering__service__in=keys).order_by()
        if last
        else Line.objects.none()
    )
    billed = lines.values_list("offering__service")
    waiting = Ticket.objects.visible_to(user).open().filter(service__in=keys).order_by()
    joining = Adoption.objects.visible_to(user).filter(service__in=keys, stage__in=UNDER_WAY).order_by()
    recovery, solved = money.recovery_of(keys, today()), catalogue.solved_in_time(keys, user)
    rated = satisfaction.of_services(keys, user)

    def count(key: str, label: str, known: dict[int, int], rows: str, **more: Any) -> Column:
        """A number that leads to its rows, which an address lists by their service."""
        said = {"value": lambda row: known.get(row.pk, 0), **more}
        link = partial(_listed, rows, known) if rows else None
        return Column(key, label, link=link, numeric=True, **said)

    cents = dict(billed.annotate(Sum("cents")))
    of_bills = reverse("billing:run_lines", args=[last.pk]) + "?" if last else ""
    of_tickets, of_steps = (f"{reverse(name)}?open=1&" for name in ("tickets:list", "adoption:pipeline"))
    return [
        count(
            "users", _("Billed to"), dict(billed.annotate(Count("bill__partner", distinct=True))), of_bills
        ),
        count("billed", _("Last month"), cents, of_bills, value=lambda row: dollars(cents.get(row.pk, 0))),
        Column(
            "recovery",
            _("Cost recovered"),
            value=lambda row: recovery[row.pk].words if row.pk in recovery else "",
        ),
        Column(
            "satisfaction",
            _("Satisfaction"),
            value=lambda row: rated[row.pk].sentence if row.pk in rated else "",
            wide=True,
        ),
        Column("levels", _("In time"), value=lambda row: solved.get(row.pk, ""), numeric=True),
        count("heard", _("Not told"), concerns.open_about(user), ""),
        count(
            "tickets", _("Tickets"), dict(waiting.values_list("service").annotate(Count("pk"))), of_tickets
        ),
        count("joining", _("Joining"), dict(joining.values_list("service").annotate(Count("pk"))), of_steps),
    ]


def _listed(rows: str, known: dict[int, int], service: Service) -> str:
    return f"{rows}service={service.pk}" if known.get(service.pk) else ""
