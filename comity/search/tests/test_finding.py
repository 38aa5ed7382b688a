"""Asking every room's rows at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.test.utils import isolate_apps
from django.urls import path

from comity.nouns import Noun, Search, declare
from comity.search import find
from comity.search.tests.places import PlaceTestCase
from comity.testing.declaring import declaring

MAYOR: Any = SimpleNamespace(is_office=True, pk=1)  # what may be found is asked of the rows
CLERK: Any = SimpleNamespace(is_office=False, pk=2)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [path("places/<int:pk>/", page, name="place"), path("big/<int:pk>/", page, name="big")]


def large_ones(place: Any) -> Any:
    """The same table, seen as another noun."""
    with isolate_apps("comity.search"):

        class Meta:
            app_label = "search"
            proxy = True

        return type("Large", (place,), {"Meta": Meta, "__module__": __name__})


@override_settings(ROOT_URLCONF=__name__)
class Finding(PlaceTestCase):
    """Two nouns: places by name, and large ones, which only the mayor sees, by code."""

    def setUp(self) -> None:
        places = Search(hint="code", rows=lambda user: self.Place.objects.all())
        self.places = Noun(self.Place, "Places", "place", search=places)
        large = Noun(large_ones(self.Place), "Large", "big", search=Search(title="code", rows=self.large))
        self.enterContext(declaring(self.places, large, alone=True))

    def large(self, user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.Place.objects.filter(size__gt=5)
        return rows if user.is_office else rows.none()

    def test_hits_of_all_nouns_come_in_one_query_grouped_and_linked(self) -> None:
        parks = self.place("Parks", code="PARKS", size=9)
        road = self.place("Road to the parks", code="R1")
        with self.assertNumQueries(1):
            hits = find(MAYOR, "park")
        self.assertEqual(
            [(hit.group, hit.title, hit.hint, hit.url) for hit in hits],
            [
                ("Places", "Parks", "PARKS", f"/places/{parks.pk}/"),
                ("Places", "Road to the parks", "R1", f"/places/{road.pk}/"),
                ("Large", "PARKS", "", f"/big/{parks.pk}/"),
            ],
        )

    def test_what_a_noun_does_not_show_to_someone_is_not_found(self) -> None:
        self.place("Parks", code="PARKS", size=9)
        self.assertEqual([hit.group for hit in find(CLERK, "parks")], ["Places"])

    def test_titles_that_begin_with_the_text_come_first_and_each_group_is_limited(self) -> None:
        for name in ("Ants and Zoo", "Zoo B", "Zoo A", "Bees and Zoo"):
            self.place(name)
        self.assertEqual(
            [hit.title for hit in find(CLERK, "zoo", limit=3)], ["Zoo A", "Zoo B", "Ants and Zoo"]
        )

    def test_nothing_typed_and_nothing_declared_find_nothing_without_asking(self) -> None:
        with self.assertNumQueries(0):
            self.assertEqual(find(MAYOR, "  "), [])
        with declaring(alone=True), self.assertNumQueries(0):
            self.assertEqual(find(MAYOR, "parks"), [])

    def test_one_noun_alone_and_text_without_a_word(self) -> None:
        self.place("100% Parks_")
        with declaring(self.places, alone=True):
            self.assertEqual([hit.title for hit in find(CLERK, "100% parks_")], ["100% Parks_"])
            self.assertEqual(find(CLERK, "?!"), [])

    def test_another_text_is_asked_by_the_same_question(self) -> None:
        for name in ("Parks", "Roads", "100% Roads"):
            self.place(name, size=9)
        for user in (MAYOR, CLERK):
            for text, titles in (
                ("park", ["Parks"]),
                ("roads", ["Roads", "100% Roads"]),
                ("100% r", ["100% Roads"]),
            ):
                found = [hit.title for hit in find(user, text) if hit.group == "Places"]
                self.assertEqual(found, titles, f"{user} {text}")

    def test_what_leads_nowhere_is_not_to_be_found(self) -> None:
        with declaring(alone=True), self.assertRaisesRegex(ValueError, "no page"):
            declare(Noun(self.Place, "Places", search=Search()))
