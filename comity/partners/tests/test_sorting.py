"""Partners, people and staff in the order of the alphabet, however they were written, alike on both databases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection
from django.urls import reverse

from comity.partners import services
from comity.partners.models import Partner, Person
from comity.partners.tests.test_importing import ImportTestCase
from comity.people.models import User
from comity.search.migrations_ops import fill_sort_keys

NAMES = ["eHealth Authority", "Élan Board", "Zoning Board", "Erosion Council", "ʻEwa Water"]
IN_ORDER = ["eHealth Authority", "Élan Board", "Erosion Council", "ʻEwa Water", "Zoning Board"]


class InOrder(ImportTestCase):
    def test_partners_however_they_came(self) -> None:
        self.bring("Name\n" + "\n".join(NAMES[:3]))
        Partner.objects.create(name=NAMES[3], name_key="")
        Partner.objects.bulk_create([Partner(name=NAMES[4], name_key="")])
        ours = Partner.objects.filter(name__in=NAMES)
        self.assertEqual([one.name for one in ours], IN_ORDER)
        page = self.reads(self.page(reverse("partners:list"), by=self.cora))
        self.assertEqual(sorted(NAMES, key=page.index), IN_ORDER)

    def test_a_name_that_is_changed_moves(self) -> None:
        self.bring("Name,Code\nAbc,X\nMno,Y\nÉlan,Z\n")
        self.bring("Name,Code\nZulu,X\n")
        services.update_partner(Partner.objects.get(code="Y").pk, {"name": "Éa"}, by=self.cora)
        self.assertEqual(
            list(Partner.objects.filter(code__in="XYZ").values_list("name", "sort_name")),
            [("Éa", "ea"), ("Élan", "elan"), ("Zulu", "zulu")],
        )

    def test_people_and_staff(self) -> None:
        names = ["Zoe Zane", "Ángela Ávila", "ann de la Cruz", "Østen Åberg", "Otto Ott"]
        rows = "".join(f"{name},p{at}@x.gov,PARKS\n" for at, name in enumerate(names))
        self.bring(f"Name,E-mail,Agency\n{rows}", profile="people")
        wanted = ["Ángela Ávila", "ann de la Cruz", "Østen Åberg", "Otto Ott", "Zoe Zane"]
        self.assertEqual([one.name for one in Person.objects.filter(name__in=names)], wanted)
        for at, name in enumerate(names):
            User.objects.create(email=f"s{at}@x.gov", name=name)
        self.assertEqual(
            [one.name for one in User.objects.filter(email__startswith="s", name__in=names)], wanted
        )

    def test_numbers_and_articles_in_the_list_and_in_its_csv(self) -> None:
        names = ["The Arc of Franklin", "Archives Board", "Court District 2", "Court District 10"]
        self.bring("Name\n" + "\n".join(reversed(names)))
        for url in (reverse("partners:list"), reverse("partners:list") + "?format=csv"):
            page = self.reads(self.page(url, by=self.cora)) if "csv" not in url else self.csv(url)
            self.assertEqual(sorted(names, key=page.index), names, url)

    def csv(self, url: str) -> str:
        self.client.force_login(self.cora)
        return b"".join(self.client.get(url)).decode()

    def test_keys_of_an_earlier_version_are_worked_out_anew(self) -> None:
        Partner.objects.bulk_create([Partner(name="District 2", name_key="")])
        Partner.objects.filter(name="District 2").update(sort_name="district 2")
        again: Any = fill_sort_keys("partners", "partner")
        again.code(apps, SimpleNamespace(connection=connection))
        kept = Partner.objects.filter(name="District 2").values_list("sort_name", flat=True)
        self.assertEqual(list(kept), ["district 00000002"])
