"""The catalogue: kept by those who answer for it, read by the office, and by partners as far as it is for them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.imports.models import Import
from comity.people import duties
from comity.services import services
from comity.services.models import Offering, Service
from comity.testing.cast import CastTestCase

LIST, PAGE = 6, 7  # queries


class CatalogueTestCase(CastTestCase):
    """Sol owns *Hosting*; agencies may have a server of it."""

    hosting: Service
    server: Offering

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.hosting = services.add_service(
            {"name": "Hosting", "promise": "Your programs run.", "owner": cls.sol, "status": "offered"},
            by=cls.cora,
        )
        cls.server = cls.offering("Server", "SRV-1", ["agency"])

    @classmethod
    def offering(cls, name: str, code: str, kinds: list[str]) -> Offering:
        values = {"service": cls.hosting, "name": name, "code": code, "unit": "device-month", "kinds": kinds}
        return services.add_offering(values, by=cls.cora)

    def said(self) -> dict[str, Any]:
        """A form of the server, as it comes back."""
        facts = {"name": "Server", "code": "SRV-1", "unit": "hour", "funding": "billed"}
        return {"service": self.hosting.pk, **facts}

    def at(self, name: str, *rows: Any) -> str:
        return reverse(f"services:{name}", args=[row.pk for row in rows])


class Keeping(CatalogueTestCase):
    def test_a_service_is_entered_and_stands_in_the_trail(self) -> None:
        self.page(self.at("add"), by=self.sol)
        said = {"name": " Mail ", "promise": "You can write.", "owner": "Sol Service", "status": "pilot"}
        self.post(self.at("add"), said)
        mail = Service.objects.get(name="Mail")
        self.assertEqual((mail.owner, mail.status), (self.sol, "pilot"))
        self.assertEqual(Entry.objects.about(mail).get().action, services.ADD)

    def test_a_name_or_a_code_twice_is_refused_beside_its_field(self) -> None:
        said = {"name": "Hosting", "promise": "Again.", "owner": "Sol Service", "status": "pilot"}
        self.post_refused(self.at("add"), said, "There is already a service with this name.", by=self.sol)
        self.post_refused(self.at("add_offering"), self.said(), "Another offering has this meter code.")

    def test_nobody_outside_the_office_can_own_one(self) -> None:
        with self.assertRaisesMessage(DomainError, "Only someone in our office"):
            services.change_service(self.hosting.pk, {"owner": self.ben}, by=self.cora)

    def test_two_who_change_it_at_once_are_shown_both(self) -> None:
        url = self.at("edit", self.hosting)
        said = {"name": "Hosting", "owner": "Sol Service", "status": "offered"} | self.seen(url, by=self.sol)
        self.post(url, {**said, "promise": "Theirs."}, by=self.cora)
        answer = self.post(url, {**said, "promise": "Yours."}, by=self.sol, expect=409)
        self.assertIn(
            "When you started: Your programs run. Theirs: Theirs. Yours: Yours.", self.reads(answer)
        )
        self.post(url, self.chosen(answer))
        self.hosting.refresh_from_db()
        self.assertEqual(self.hosting.promise, "Yours.")

    def test_an_offering_is_changed_with_who_may_have_it(self) -> None:
        url = self.at("edit_offering", self.server)
        self.post(url, {**self.said(), **self.seen(url, by=self.finn), "kinds": ["county", "city"]})
        self.server.refresh_from_db()
        self.assertEqual((self.server.kinds, self.server.unit), (["city", "county"], "hour"))
        self.assertIn("City, County", self.reads(self.page(self.server.get_absolute_url())))

    def test_it_is_retired_after_its_offerings_and_everything_stays(self) -> None:
        self.post_refused(self.at("retire", self.hosting), {}, "still offered. Retire it first.", by=self.sol)
        self.post(self.at("retire_offering", self.server), {})
        self.post(self.at("retire", self.hosting), {})
        self.hosting.refresh_from_db()
        self.assertTrue(self.hosting.is_retired)
        self.assertIn("retired on", self.reads(self.page(self.hosting.get_absolute_url())))
        self.post_refused(self.at("retire", self.hosting), {}, "no longer exists")

    def test_those_who_only_look_it_up_cannot_keep_it(self) -> None:
        self.page(self.hosting.get_absolute_url(), by=self.olu)
        for name in ("edit", "retire"):
            self.page(self.at(name, self.hosting), status=403)

    def test_who_leaves_hands_over_what_they_own(self) -> None:
        held = {each.duty.key: each.count for each in duties.held_by(self.sol)}
        self.assertEqual(held["services.owned"], 1)
        self.assertEqual(services.hand_over(self.sol, self.finn, self.ada), 1)
        self.hosting.refresh_from_db()
        self.assertEqual(self.hosting.owner, self.finn)


class Heard(CatalogueTestCase):
    def test_what_is_heard_of_it_is_a_follow_up_of_its_owner_that_leads_back(self) -> None:
        url = self.at("hear", self.hosting)
        self.page(url, by=self.ana)
        self.post(url, {"partner": "Department of Parks", "title": "It is slow", "said": "Every Monday."})
        row = FollowUp.objects.get()
        self.assertEqual((row.owner, row.partner, row.kind), (self.sol, self.parks, "service"))
        self.assertContains(self.page(row.get_absolute_url()), self.hosting.get_absolute_url())
        self.assertIn("It is slow", self.reads(self.page(self.hosting.get_absolute_url())))


class Lists(CatalogueTestCase):
    def test_services_are_found_filtered_and_counted_in_as_many_queries_whatever_there_are(self) -> None:
        for number in range(30):
            self.offering(f"Server {number}", f"S-{number}", [])
        url = self.at("list")
        self.assertIn(
            "Hosting Your programs run. Sol Service Offered 31", self.reads(self.page(url, by=self.olu))
        )
        for query, count in (({"q": "progr"}, 1), ({"status": "pilot"}, 0), ({"mine": "1"}, 0)):
            with self.subTest(query):
                self.assertEqual(self.page(url, data=query).context["table"].total, count)
        with self.assertQueries(LIST):
            self.client.get(self.at("offerings"))
        with self.assertQueries(PAGE):
            self.client.get(self.hosting.get_absolute_url())

    def test_both_stand_as_people_look_them_up(self) -> None:
        for at, name in enumerate(("Zone 10", "Zone 9", "Élan", "The Edge", "eHealth")):
            values = {"name": name, "promise": "It runs.", "owner": self.sol, "status": "offered"}
            services.add_service(values, by=self.cora)
            self.offering(name, f"X-{at}", [])
        self.hosting.name = "Östlund"
        self.hosting.save(update_fields=["name", "sort_name"])
        ordered = ["The Edge", "eHealth", "Élan", "{}", "Zone 9", "Zone 10"]
        for name, other in (("list", "Östlund"), ("offerings", "Server")):
            rows = self.page(self.at(name), by=self.olu).context["table"].page
            self.assertEqual([row.name for row in rows], [one.format(other) for one in ordered])

    def test_offerings_are_found_by_who_may_have_them(self) -> None:
        self.offering("Circuit", "NET-1", ["county"])
        url = self.at("offerings")
        for kind, names in (("county", ["Circuit"]), ("agency", ["Server"])):
            rows = self.page(url, by=self.olu, data={"kind": kind}).context["table"].page
            self.assertEqual([row.name for row in rows], names)

    def test_both_are_found_by_typing(self) -> None:
        found = self.page(reverse("find"), by=self.olu, data={"q": "srv-1"})
        self.assertContains(found, self.server.get_absolute_url())

    def test_what_goes_out_as_csv_comes_in_again_without_a_change(self) -> None:
        self.offering("=Circuit", "NET-1", ["county", "city"])
        for name, profile in (("list", "services"), ("offerings", "offerings")):
            with self.subTest(profile):
                self.client.force_login(self.cora)
                answer: Any = self.client.get(self.at(name), {"format": "csv"})
                batch = self.bring(profile, b"".join(answer.streaming_content))
                self.assertEqual((batch.rows_new, batch.rows_changed, batch.rows_set_aside), (0, 0, 0))
                self.assertGreater(batch.rows_same, 0)

    def bring(self, profile: str, content: bytes) -> Import:
        file = SimpleUploadedFile("list.csv", content)
        self.post(reverse("imports:new"), {"profile": profile, "file": file}, by=self.sol)
        self.run_jobs()
        return Import.objects.latest("pk")

    def test_a_list_comes_in_with_a_preview_and_is_undone(self) -> None:
        text = (
            "service,name,meter,unit,funding method,eligible\n"
            "Hosting,Disk,GB-1,gigabyte per month,Allocated,County; City\n"
            "Hosting,Tape,GB-2,gb-month,billed,planets\n"
            "Catering,Lunch,EAT-1,hour,billed,\n"
        )
        batch = self.bring("offerings", text.encode())
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (1, 2))
        page = self.reads(self.page(batch.get_absolute_url()))
        for words in ("“planets” is not a kind", "We cannot find “Catering”."):
            self.assertIn(words, page)
        self.post(reverse("imports:apply", args=[batch.pk]))
        self.run_jobs()
        self.assertEqual(Offering.objects.get(code="GB-1").kinds, ["city", "county"])
        self.post(reverse("imports:undo", args=[batch.pk]))
        self.run_jobs()
        self.assertFalse(Offering.objects.filter(code="GB-1").exists())
