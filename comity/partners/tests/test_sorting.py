"""Partners, people and staff in the order of the alphabet, however they were written, alike on both databases."""

from __future__ import annotations

from django.urls import reverse

from comity.partners import services
from comity.partners.models import Partner, Person
from comity.partners.tests.test_importing import ImportTestCase
from comity.people.models import User

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
