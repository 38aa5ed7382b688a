"""What combo boxes ask: the best few for the words typed so far, as JSON."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from comity.office.models import VisitTier
from comity.partners import capabilities
from comity.partners.forms.picking import find_users, partner_words, person_words
from comity.partners.models import Partner, Person
from comity.people.access import Request, requires
from comity.people.models import User

MOST = 8


@require_safe
@requires(capabilities.VIEW)
def partner(request: Request) -> JsonResponse:
    rows = Partner.objects.visible_to(request.user).standing().search(_typed(request))
    return _items(
        [(row.pk, partner_words(row), row.get_kind_display()) for row in rows.order_by("name", "pk")[:MOST]]
    )


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def person(request: Request) -> JsonResponse:
    rows = Person.objects.visible_to(request.user).standing().search(_typed(request))
    return _items([(row.pk, person_words(row), "") for row in rows.order_by("name", "pk")[:MOST]])


@require_safe
@requires(capabilities.VIEW)
def contact(request: Request) -> JsonResponse:
    rows: QuerySet[User] = User.objects.active().office()
    if typed := _typed(request):
        rows = find_users(rows, typed)
    return _items([(row.pk, str(row), row.title or row.email) for row in rows.order_by("name", "pk")[:MOST]])


@require_safe
@requires(capabilities.VIEW)
def tier(request: Request) -> JsonResponse:
    rows = VisitTier.objects.filter(name__icontains=_typed(request))
    return _items([(row.pk, row.name, "") for row in rows[:MOST]])


def _typed(request: Request) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


def _items(found: list[tuple[int, str, object]]) -> JsonResponse:
    return JsonResponse(
        {"items": [{"value": value, "label": label, "hint": str(hint)} for value, label, hint in found]}
    )
