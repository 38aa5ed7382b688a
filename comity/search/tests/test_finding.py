"""Asking every room's rows at once."""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from comity.search import Source, find, finding, register_source
from comity.search.tests.places import PlaceTestCase


def page(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [path("places/<int:pk>/", page, name="place"), path("big/<int:pk>/", page, name="big")]


@override_settings(ROOT_URLCONF=__name__)
class Finding(PlaceTestCase):
    """Two sources: places by name, and large ones, which only the mayor sees, by code."""

    def setUp(self) -> None:
        emptied = mock.patch.dict(finding._sources, clear=True)
        emptied.start()
        self.addCleanup(emptied.stop)
        register_source(
            Source("places", "Places", lambda user: self.Place.objects.all(), "place", hint="code")
        )
        register_source(Source("large", "Large", self.large, "big", title="code"))

    def large(self, user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.Place.objects.filter(size__gt=5)
        return rows if user == "mayor" else rows.none()

    def test_hits_of_all_sources_come_in_one_query_grouped_and_linked(self) -> None:
        parks = self.place("Parks", code="PARKS", size=9)
        road = self.place("Road to the parks", code="R1")
        with self.assertNumQueries(1):
            hits = find("mayor", "park")
        self.assertEqual(
            [(hit.group, hit.title, hit.hint, hit.url) for hit in hits],
            [
                ("Places", "Parks", "PARKS", f"/places/{parks.pk}/"),
                ("Places", "Road to the parks", "R1", f"/places/{road.pk}/"),
                ("Large", "PARKS", "", f"/big/{parks.pk}/"),
            ],
        )

    def test_what_a_source_does_not_show_to_someone_is_not_found(self) -> None:
        self.place("Parks", code="PARKS", size=9)
        self.assertEqual([hit.group for hit in find("clerk", "parks")], ["Places"])

    def test_titles_that_begin_with_the_text_come_first_and_each_group_is_limited(self) -> None:
        for name in ("Ants and Zoo", "Zoo B", "Zoo A", "Bees and Zoo"):
            self.place(name)
        self.assertEqual(
            [hit.title for hit in find("clerk", "zoo", limit=3)], ["Zoo A", "Zoo B", "Ants and Zoo"]
        )

    def test_nothing_typed_and_nothing_registered_find_nothing_without_asking(self) -> None:
        with self.assertNumQueries(0):
            self.assertEqual(find("mayor", "  "), [])
        with mock.patch.dict(finding._sources, clear=True), self.assertNumQueries(0):
            self.assertEqual(find("mayor", "parks"), [])

    def test_one_source_alone_and_text_without_a_word(self) -> None:
        finding._sources.pop("large")
        self.place("100% Parks_")
        self.assertEqual([hit.title for hit in find("clerk", "100% parks_")], ["100% Parks_"])
        self.assertEqual(find("clerk", "?!"), [])

    def test_a_source_is_registered_once(self) -> None:
        with self.assertRaises(ValueError):
            register_source(Source("places", "Again", lambda user: self.Place.objects.all(), "place"))
