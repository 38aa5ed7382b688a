"""What combo boxes ask: a few rows for the words typed."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, OuterRef, Subquery, When
from django.http import HttpResponse, JsonResponse

from comity.followups.capabilities import READ
from comity.followups.forms import fields
from comity.followups.models import FollowUp
from comity.followups.services.commenting import calling, readers
from comity.partners.models import Position
from comity.people.access import Request, requires

MOST = 10


def _words(request: Request) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def _answer(items: list[dict[str, object]]) -> HttpResponse:
    return JsonResponse({"items": items})


@requires(READ)
def partners(request: Request) -> HttpResponse:
    rows = fields.search_partners(fields.partners_for(request.user), _words(request)).order_by("name", "pk")
    return _answer([{"value": row.pk, "label": row.name, "hint": row.code} for row in rows[:MOST]])


@requires(READ)
def persons(request: Request) -> HttpResponse:
    """People at partners, with where they work; those of one partner alone by `partner`."""
    rows = fields.search_people(fields.persons_for(request.user), _words(request))
    partner = request.GET.get("partner", "")
    if partner.isascii() and partner.isdigit():
        rows = rows.filter(positions__partner=int(partner)).distinct()
    post = Position.objects.filter(person=OuterRef("pk")).annotate(body=F("partner__name"))
    rows = rows.annotate(at=Subquery(post.values("body")[:1])).order_by("name", "pk")
    return _answer([{"value": row.pk, "label": row.name, "hint": row.at or ""} for row in rows[:MOST]])


@requires(READ)
def owners(request: Request) -> HttpResponse:
    rows = fields.search_people(fields.owners(), _words(request)).order_by("name", "pk")
    return _answer(
        [{"value": row.pk, "label": row.name, "hint": row.title or row.email} for row in rows[:MOST]]
    )


@requires(READ)
def mentionable(request: Request, pk: int) -> HttpResponse:
    """Who may be called in a remark on one follow-up."""
    follow_up = FollowUp.objects.visible_to(request.user).filter(pk=pk).select_related("partner").first()
    if follow_up is None:
        return JsonResponse({"items": []}, status=404)
    among = readers(follow_up, office_only=request.GET.get("office_only") == "1")
    text = _words(request)
    begins = Case(When(name__istartswith=text, then=0), default=1, output_field=IntegerField())
    rows = list(fields.search_people(among, text).order_by(begins, "name", "pk")[:MOST])
    calls = calling(rows, among)
    return _answer([{"value": calls[row], "label": row.name, "hint": row.title or row.email} for row in rows])
