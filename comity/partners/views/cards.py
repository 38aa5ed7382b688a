"""People as vCards to keep in an address book."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from comity.office.services import today
from comity.partners import capabilities
from comity.partners.cards import cards_of
from comity.partners.models import Person, Position
from comity.partners.views.finding import partner_of, person_of
from comity.people.access import Request, requires


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def of_person(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    posts = Position.objects.visible_to(request.user).current(today()).filter(person=person)
    return _download(
        [(person, list(posts.select_related("partner").order_by("function", "pk")))], person.name
    )


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def of_partner(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    posts = Position.objects.current(today()).held().filter(partner=partner)
    held: dict[Person, list[Position]] = {}
    for post in posts.select_related("partner", "person").order_by(
        "person__name", "person", "function", "pk"
    ):
        if post.person is not None:
            held.setdefault(post.person, []).append(post)
    return _download(list(held.items()), partner.code or partner.name)


def _download(held: list[tuple[Person, list[Position]]], name: str) -> HttpResponse:
    answer = HttpResponse(cards_of(held), content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "people"}.vcf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
