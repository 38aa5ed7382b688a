"""What the lists give out as CSV comes back in and changes nothing."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from comity.partners import services
from comity.partners.models import Partner, Person, Position
from comity.partners.tests.test_importing import ImportTestCase

FORMULA = '=HYPERLINK("http://evil.example","x")'


class ReadBack(ImportTestCase):
    """Beside the cast: names and notes that a file could spoil."""

    def exported(self, name: str) -> str:
        self.client.force_login(self.cora)
        answer = self.client.get(reverse(name), {"format": "csv"})
        return answer.getvalue().decode("utf-8-sig")

    def test_a_list_of_partners_is_all_same(self) -> None:
        made = services.create_partner(
            by=self.cora,
            name=FORMULA,
            code="-77",
            kind="county",
            parent=self.parks,
            tier=self.tier,
            headcount=1_200,
            budget_cents=90_071_992_547_409_93,
            fips="37001",
            population=5,
            place="O’Fallon",
            website="https://x.example.gov/a?b=c",
            notes="First line.\r\n\r\n  Second, with “quotes”; and a semicolon.\n=1+1",
            aliases=["@lias", "'Quoted", "مكتب الولاية", "Capitol 🏛️"],
            domains=["x.example.gov", "y.example.gov"],
        )
        twin, _other = (
            Partner.objects.create(name="Board of Elections", name_key="board of elections", code=code)
            for code in ("A1", "A2")
        )
        services.create_partner(by=self.cora, name="Precinct", code="P1", parent=twin)
        self.assertEqual(made.name, FORMULA)
        services.retire_partner(self.roads.pk, by=self.cora, reason="Gone.", decision="Nothing.")
        told = self.bring(self.exported("partners:list"))
        self.assertEqual((told["rows"], told["same"]), (Partner.objects.count(), told["rows"]), told)

    def test_a_list_of_people_is_all_same(self) -> None:
        ann = services.add_person(
            by=self.cora,
            name="+Ann Á’Byte",
            email="ann@x.gov",
            phone="+1 (555) 010-0100",
            mobile="555",
            language="es",
            notes="One.\r\nTwo.",
        )
        day = self.today
        for partner, title, more in (
            (self.parks, "CIO", {"function": "it_lead", "acting": True, "shared": True, "starts_on": day}),
            (self.parks, "Adviser", {"ends_on": day + timedelta(days=9)}),
            (self.roads, "CIO", {"starts_on": day + timedelta(days=30)}),
        ):
            services.set_position(by=self.cora, partner=partner, person=ann, title=title, **more)
        nobody = services.add_person(by=self.cora, name="Without Address")
        services.set_position(by=self.cora, partner=self.roads, person=nobody, title="@Clerk")
        services.add_person(by=self.cora, name="Without Post", email="wp@x.gov")
        told = self.bring(self.exported("partners:people"), profile="people")
        self.assertEqual(told["same"], told["rows"], told)
        self.assertEqual(told["rows"], Person.objects.count() + 2)

    def test_a_list_of_vacant_posts_is_all_same_and_makes_them_elsewhere(self) -> None:
        for shared in (False, True):
            services.set_position(
                by=self.cora,
                partner=self.parks,
                person=None,
                title="Clerk",
                starts_on=self.today,
                shared=shared,
            )
        services.set_position(by=self.cora, partner=self.roads, person=None, title="-Chief", function="head")
        text = self.exported("partners:vacant_posts")
        told = self.bring(text, profile="people")
        self.assertEqual((told["rows"], told["same"]), (3, 3), told)
        before = set(
            Position.objects.vacant().values_list("partner", "title", "function", "shared", "starts_on")
        )
        Position.objects.vacant().delete()
        self.assertEqual(self.bring(text, profile="people")["new"], 3)
        after = set(
            Position.objects.vacant().values_list("partner", "title", "function", "shared", "starts_on")
        )
        self.assertEqual(after, before)
