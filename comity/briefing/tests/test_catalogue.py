"""The catalog as its readers find it: everybody, partners with their price and use, owners with what they answer for."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comity.adoption.models import Adoption
from comity.billing.tests.made import OCTOBER, BillsTestCase, flat
from comity.billing.tests.test_explaining import used
from comity.levels.models import Month, Result, Target
from comity.office.models import Office
from comity.partners.models import Partner
from comity.rates.models import RateVersion
from comity.services import services
from comity.services.models import CustomerClass, DataClass, Offering, Service, Subject
from comity.surveys.models import Survey
from comity.surveys.services import closing
from comity.surveys.tests import world
from comity.tickets.models import Ticket
from comity.tickets.services import open_ticket

LIST, ENTRY, MINE = 7, 21, 15  # queries


class CatalogTestCase(BillsTestCase):
    """Sol owns security; a scan costs 20 dollars. Its entry is published; Parks has 480 employees."""

    security: Service
    twenty: RateVersion

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.security = cls.scans.service
        cls.twenty = cls.rate(cls.scans, flat("20"))
        Partner.objects.filter(pk=cls.parks.pk).update(headcount=480)
        cls.publish(hours="Weekday evenings", hours_es="Las noches", synonyms="hacker, ataque")

    @classmethod
    def publish(cls, **values: Any) -> None:
        cls.security = services.change_service(cls.security.pk, values, by=cls.sol)
        review = cls.today + timedelta(days=90)
        services.publish(cls.security.pk, version=cls.security.version, review_on=review, by=cls.sol)

    def read(self, name: str = "portal_catalog_entry", **data: str) -> str:
        return self.reads(self.page(reverse(name, args=[self.security.pk]), data=data))

    def others(self, *headcounts: int) -> None:
        """Agencies of these sizes, each with as many scans in October as it has hundreds of employees."""
        for count in headcounts:
            name = f"Board {count}"
            facts = {"name_key": name.casefold(), "kind": Partner.Kind.BOARD, "headcount": count}
            partner = Partner.objects.create(name=name, code=f"B{count}", **facts)
            self.bill(partner, OCTOBER, used(self.twenty, count // 100))


class ForPartners(CatalogTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ben)

    def test_a_service_is_found_by_an_everyday_word_and_read(self) -> None:
        listed = self.page(reverse("portal_catalog"), data={"q": "hackers"[:6]})
        self.assertIn("Security We run it. Offered", self.reads(listed))
        self.assertContains(listed, reverse("portal_catalog_entry", args=[self.security.pk]))
        said = self.read()
        for words in (
            "Hours Weekday evenings",
            "Security scans since",
            "$20.00 scan",
            "Service owner Sol Service",
        ):
            self.assertIn(words, said)

    def test_a_sentence_finds_what_any_of_its_words_does_where_nothing_has_them_all(self) -> None:
        for text, count in (
            ("I was hacked by a hacker", 1),
            ("a hacker attacks", 1),
            ("my printer is out", 0),
            ("we", 1),
        ):
            page = self.page(reverse("portal_catalog"), data={"q": text})
            self.assertEqual(page.context["table"].total, count, text)

    def test_it_is_browsed_by_what_one_wants_to_do(self) -> None:
        safe = Subject.objects.create(name="Keep data safe", order=1)
        other = Subject.objects.create(name="Get help", order=2)
        services.change_service(self.security.pk, {"subjects": [safe.pk]}, by=self.sol)
        for subject, count in ((safe, 1), (other, 0)):
            page = self.page(reverse("portal_catalog"), data={"subject": str(subject.pk)})
            self.assertEqual(page.context["table"].total, count)
            self.assertIn("Keep data safe", self.reads(page))

    def test_what_is_drafted_is_not_read_and_what_changed_is_said_in_its_language(self) -> None:
        services.change_service(self.security.pk, {"hours": "Day and night"}, by=self.sol)
        self.assertIn("Weekday evenings", self.read())
        self.publish()
        said = self.read()
        self.assertIn("What changed in this edition Hours Day and night before: Weekday evenings", said)
        type(self.ben).objects.filter(pk=self.ben.pk).update(language="es")
        self.assertNotIn("Day and night", self.read())

    def test_spanish_readers_get_the_spanish_words_and_english_ones_marked_where_there_are_none(self) -> None:
        self.publish(name_es="Seguridad", included="A report")
        type(self.ben).objects.filter(pk=self.ben.pk).update(language="es")
        page = self.page(reverse("portal_catalog_entry", args=[self.security.pk]))
        self.assertIn("Seguridad", self.reads(page))
        self.assertIn("Las noches", self.reads(page))
        self.assertContains(page, '<div lang="en">A report</div>')
        self.assertContains(page, "<div>Las noches</div>")
        self.assertIn("Cuánto cuesta", self.reads(page))

    def test_the_example_is_its_own_bill_and_so_is_what_it_used(self) -> None:
        self.bill(self.parks, OCTOBER, used(self.twenty, 3))
        said = self.read()
        self.assertIn("Security scans 3 · scan, as on your bill for October 2026 $60.00", said)
        self.assertIn("On your last bill Security scans October 2026 · 3 · scan $60.00", said)
        self.client.force_login(self.cy)
        self.assertNotIn("last bill", self.read())

    def test_without_one_it_is_the_middle_of_those_nearest_in_size(self) -> None:
        self.others(100, 300, 400, 500)
        self.assertNotIn("An example bill", self.read())
        self.others(600, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000)
        said = self.read()
        self.assertIn("A month of Department of Parks with 480 employees", said)
        self.assertIn("the 9 partners nearest in size had in October 2026", said)
        self.assertIn("with 9,000 employees", self.read(employees="9000"))
        for wrong in ("-5", "x", "0", "99999999"):
            self.assertIn("with 480 employees", self.read(employees=wrong))

    def test_accounts_are_one_for_each_employee_at_the_price_of_its_class(self) -> None:
        mail = Offering.objects.create(
            service=self.security, name="Account", code="ACC", unit=Offering.Unit.USER_MONTH
        )
        self.rate(mail, flat("4"))
        small = CustomerClass.objects.create(name="Parks alone", order=1)
        small.partners.add(self.parks)
        self.rate(mail, flat("3"), customer_class=small)
        said = self.read()
        self.assertIn("480 · user per month, one for each of 480 employees $1,440.00", said)
        self.assertNotIn("$4.00", said)

    def test_an_announced_price_stands_beside_the_one_in_force(self) -> None:
        begins = self.today + timedelta(days=60)
        self.rate(self.scans, flat("25"), begins, announced_on=self.today)
        said = self.read()
        self.assertIn("$20.00", said)
        self.assertIn("$25.00 $20.00 before", said)

    def test_what_only_the_office_knows_stays_there(self) -> None:
        self.publish(internal_name="SEC-VULN", needs=[])
        self.assertNotIn("SEC-VULN", self.read())
        self.client.force_login(self.sol)
        said = self.read("catalog_preview")
        self.assertIn("Internal name SEC-VULN", said)
        self.assertIn("This is the draft.", said)
        self.assertIn("This is edition 1.", self.read("catalog_preview", edition="1"))
        self.page(reverse("catalog_preview", args=[self.security.pk]), data={"edition": "9"}, status=404)

    def test_what_is_not_for_it_not_published_or_only_planned_is_not_there(self) -> None:
        url = reverse("portal_catalog_entry", args=[self.security.pk])
        services.change_offering(self.scans.pk, {"kinds": ["county"]}, by=self.sol)
        self.page(url, status=404)
        services.change_offering(self.scans.pk, {"kinds": []}, by=self.sol)
        services.change_service(self.security.pk, {"status": "planned"}, by=self.sol)
        self.page(url, status=404)
        self.assertIn(
            "No services are available to you yet.", self.reads(self.page(reverse("portal_catalog")))
        )

    def test_what_it_asked_for_and_waits_for_stands_there_until_it_has_come(self) -> None:
        facts = {"kind": Ticket.Kind.REQUEST, "service": self.security, "opened_at": timezone.now()}
        asked = Ticket.objects.create(number="R-1", title="Scan our portal", partner=self.parks, **facts)
        Ticket.objects.create(number="R-2", title="Scan theirs", partner=self.roads, **facts)
        said = self.read()
        self.assertIn("What you asked for Scan our portal R-1 · We have it", said)
        self.assertNotIn("Scan theirs", said)
        Ticket.objects.filter(pk=asked.pk).update(state="closed", closed_at=timezone.now())
        self.assertNotIn("Scan our portal", self.read())

    def test_what_is_promised_stands_beside_what_the_last_closed_month_came_to(self) -> None:
        Target.objects.create(service=self.security, starts_on=self.today, calendar="Week", response_1="1 h")
        self.assertIn("Service levels Response P1 1 h", self.read())
        first = self.today.replace(day=1)
        month = Month.objects.create(first=first, last=first, stands=True, worked_at=timezone.now())
        for partner, met in ((self.parks, 3), (self.roads, 1)):
            counted = {"response_counted": 4, "response_met": met}
            Result.objects.create(month=month, service=self.security, partner=partner, **counted)
        self.assertNotIn("3 of 4", self.read())
        Month.objects.update(frozen_at=timezone.now(), frozen_by=self.cora)
        said = self.read()
        self.assertIn(f"P1 1 h {first:%B %Y}: 3 of 4 All months", said)
        Office.objects.update(catalog_is_public=True)
        self.client.logout()
        self.assertIn(": 4 of 8", self.read("catalog_entry"))

    def test_its_owner_sees_how_many_tickets_of_the_last_closed_month_were_solved_in_time(self) -> None:
        first = self.today.replace(day=1)
        facts = {"first": first, "last": first, "stands": True, "worked_at": timezone.now()}
        month = Month.objects.create(**facts)
        for partner, met in ((self.parks, 3), (self.roads, 1)):
            counted = {"resolution_counted": 4, "resolution_met": met}
            Result.objects.create(month=month, service=self.security, partner=partner, **counted)
        self.assertNotContains(self.page(reverse("my_services"), by=self.sol), "4 of 8")
        Month.objects.update(frozen_at=timezone.now(), frozen_by=self.cora)
        page = self.page(reverse("my_services"), by=self.sol)
        self.assertContains(page, f'{month.get_absolute_url()}?service={self.security.pk}">4 of 8</a>')

    def test_how_satisfied_people_are_with_it_stands_there_once_enough_have_answered(self) -> None:
        version = world.version()
        Survey.objects.update(service=self.security)
        asked = world.wave(name="Scans", version=version, mode="named")
        for number, overall in enumerate((5, 4, 4, 2, 5)):
            person = world.person_at(self, self.parks, f"Clerk {number}")
            world.answered(world.invited(asked, person, self.parks)[0], overall=overall)
        self.assertNotIn("satisfied", self.read())
        closing.close_wave(asked.pk, by=self.cora)
        self.run_jobs()
        self.assertIn("4 of 5 are satisfied", self.read())
        self.assertNotContains(
            self.page(reverse("portal_catalog_entry", args=[self.security.pk])), "/results/"
        )
        type(self.ben).objects.filter(pk=self.ben.pk).update(language="es")
        self.assertIn("Satisfechos: 4 de 5", self.read())
        page = self.page(reverse("catalog_preview", args=[self.security.pk]), by=self.sol)
        self.assertContains(page, f"/waves/{asked.pk}/results/")
        self.assertIn("4 of 5 are satisfied", self.reads(self.page(reverse("my_services"))))

    def test_of_too_few_answers_nothing_is_said(self) -> None:
        version = world.version()
        Survey.objects.update(service=self.security)
        asked = world.wave(name="Scans", version=version, mode="named")
        for number in range(4):
            person = world.person_at(self, self.parks, f"Clerk {number}")
            world.answered(world.invited(asked, person, self.parks)[0], overall=5)
        closing.close_wave(asked.pk, by=self.cora)
        self.run_jobs()
        self.assertNotIn("satisfied", self.read())

    def test_list_and_entry_ask_as_many_questions_whatever_there_is(self) -> None:
        self.others(100, 300, 400, 500, 600)
        self.page(reverse("portal_catalog"))
        with self.assertQueries(LIST):
            self.client.get(reverse("portal_catalog"))
        with self.assertQueries(ENTRY):
            self.client.get(reverse("portal_catalog_entry", args=[self.security.pk]))


class ForEverybody(CatalogTestCase):
    def test_it_is_not_there_unless_the_office_says_so(self) -> None:
        entry = reverse("catalog_entry", args=[self.security.pk])
        for url in (reverse("catalog"), entry):
            self.page(url, status=404)
        self.allow()
        self.assertIn("Security We run it.", self.reads(self.page(reverse("catalog"))))
        said = self.reads(self.page(entry))
        self.assertIn("$20.00", said)
        self.assertNotIn(self.sol.email, said)

    def allow(self) -> None:
        self.post(reverse("office:general"), self.general(), by=self.ada)
        self.client.logout()

    def general(self) -> dict[str, Any]:
        form = self.page(reverse("office:general"), by=self.ada).context["form"]
        said = {name: form[name].value() or "" for name in form.fields}
        return {**said, "catalog_is_public": "on", "state_fips": "47"}

    def test_it_goes_out_as_json_and_csv_with_what_is_published_and_nothing_else(self) -> None:
        Office.objects.update(catalog_is_public=True)
        public = DataClass.objects.get(name="Public")
        self.publish(data_classes=[public.pk], internal_name="SEC-VULN")
        services.change_service(self.security.pk, {"hours": "A draft"}, by=self.sol)
        (row,) = self.client.get(reverse("catalog"), {"format": "json"}).json()["services"]
        self.assertEqual(
            (row["name"], row["hours"], row["data_classes"]), ("Security", "Weekday evenings", ["Public"])
        )
        self.assertNotIn("internal_name", row)
        answer: Any = self.client.get(reverse("catalog"), {"format": "csv"})
        self.assertIn(b"Security,We run it.,offered", b"".join(answer.streaming_content))


class ForOwners(CatalogTestCase):
    def test_their_services_stand_on_one_page_with_use_and_review(self) -> None:
        self.bill(self.parks, OCTOBER, used(self.twenty, 3))
        services.hear(self.security, partner=self.parks, title="Slow", said="", by=self.ana)
        said = self.reads(self.page(reverse("my_services"), by=self.sol))
        self.assertIn("Security Offered 1 $60.00", said)
        with self.assertQueries(MINE):
            self.client.get(reverse("my_services"))
        self.assertIn("You own no service.", self.reads(self.page(reverse("my_services"), by=self.finn)))

    def test_a_number_of_theirs_leads_to_the_rows_behind_it(self) -> None:
        self.bill(self.parks, OCTOBER, used(self.twenty, 3))
        self.bill(self.roads, OCTOBER, used(self.twenty, 1))
        for _each in range(3):
            open_ticket(title="Slow", partner=self.parks, service=self.security, by=self.ana)
        facts = {"service": self.security, "partner": self.roads, "since": self.today}
        Adoption.objects.create(stage="talks", **facts)
        page = self.page(reverse("my_services"), by=self.sol).content.decode()
        led = {
            words: unescape(url) for url, words in re.findall(r'href="([^"]*service=[^"]*)">([^<]+)<', page)
        }
        self.assertEqual(set(led), {"2", "$80.00", "3", "1"})
        for words, count in (("2", 2), ("3", 3), ("1", 1)):
            self.assertEqual(self.page(led[words]).context["table"].total, count, words)

    def test_an_entry_that_is_overdue_for_review_begins_their_day(self) -> None:
        self.assertNotIn("due for review", self.reads(self.page("/", by=self.sol)))
        Service.objects.filter(pk=self.security.pk).update(review_on=self.today - timedelta(days=3))
        page = self.page("/", by=self.sol)
        self.assertIn("One service of yours is due for review", self.reads(page))
        self.assertIn("its entry was to be reviewed by", self.reads(page))
        self.assertContains(page, reverse("my_services"))
        listed = self.page(reverse("services:list"), data={"review": "1"}).context["table"]
        self.assertEqual(listed.total, 1)
