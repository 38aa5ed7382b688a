"""The main job on data nobody here made up: the public lists of North Carolina. docs/real-input.md tells the story.

The lists are not part of the product. Where they are absent this test is skipped, naming the folder.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.imports.models import Import
from comity.office.models import Office
from comity.partners import services
from comity.partners.duplicates import finding
from comity.partners.duplicates.services import PARTNERS, merge, tell_apart
from comity.partners.models import LikelyPair, Partner, Person, Position
from comity.testing.browser import SignIn
from comity.testing.cast import Cast, CastTestCase

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "gov"
# A center of the department named before the dash: proposed, and told apart by whoever knows the two.
TWO = {"NC Department of Environment and Natural Resources", "DENR - CGIA"}


def rows_of(name: str, column: str = "", value: str = "") -> str:
    """A list as a person filters it in a spreadsheet: the rows whose column has the value."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        kept = [row for row in reader if not column or row[column] == value]
        text = StringIO()
        writer = csv.DictWriter(text, reader.fieldnames or [])
    writer.writeheader()
    writer.writerows(kept)
    return text.getvalue()


NEEDS_LISTS = pytest.mark.skipif(not DATA.is_dir(), reason=f"The public lists are not there: {DATA}")


@NEEDS_LISTS
class NorthCarolina(CastTestCase):
    """Ada fills an empty registry from three public lists, as an administrator would, through the pages."""

    def setUp(self) -> None:
        Office.objects.filter(pk=1).update(state_name="North Carolina", state_fips="37")

    def bring(self, name: str, text: str, **defaults: str) -> Import:
        file = SimpleUploadedFile(name, text.encode())
        self.post(reverse("imports:new"), {"profile": "partners", "file": file}, by=self.ada)
        self.run_jobs()
        batch = Import.objects.latest("pk")
        if defaults:
            columns = {
                f"column_{place}": batch.mapping[header] or "nothing"
                for place, header in enumerate(batch.headers)
            }
            self.post(
                reverse("imports:columns", args=[batch.pk]),
                {"default_status": "nothing", "default_kind": "nothing", **columns, **defaults},
                by=self.ada,
            )
            self.run_jobs()
        return batch

    def explain(self, batch: Import, meanings: dict[str, str]) -> None:
        """Say what words of the file mean, on the page that lists them."""
        batch.refresh_from_db()
        form = self.client.get(reverse("imports:values", args=[batch.pk])).context["form"]
        said = {name: meanings.get(text, "nothing") for name, (_field, text) in form.said.items()}
        self.post(reverse("imports:values", args=[batch.pk]), said, by=self.ada)
        self.run_jobs()

    def apply(self, batch: Import) -> tuple[int, int, int, int, int]:
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        return self.counts(batch)

    def counts(self, batch: Import) -> tuple[int, int, int, int, int]:
        batch.refresh_from_db()
        return batch.rows_total, batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_set_aside

    def load_all(self) -> None:
        counties = self.bring(
            "counties.csv", rows_of("counties_us_2023.csv", "state", "North Carolina"), default_kind="county"
        )
        self.assertEqual(self.apply(counties), (100, 100, 0, 0, 0))
        domains = self.bring("dotgov-nc.csv", rows_of("dotgov-nc.csv"))
        self.explain(domains, {"Federal - Executive": "-"})
        self.assertEqual(self.apply(domains), (410, 323, 35, 42, 10))
        agencies = self.bring(
            "agencies.csv",
            rows_of("state_agencies_names.csv", "state", "North Carolina"),
            default_kind="agency",
        )
        self.assertEqual(self.apply(agencies), (171, 158, 13, 0, 0))

    def decide(self) -> tuple[int, int]:
        """Work through the proposals: a county with its FIPS code stays, else the older one; how many were made one
        and how many told apart."""
        made = apart = 0
        while finding.find_partners():
            while pair := LikelyPair.objects.first():
                one, two = (Partner.objects.get(pk=pk) for pk in (pair.first_id, pair.second_id))
                stays, goes = (two, one) if two.fips and not one.fips else (one, two)
                if {one.name, two.name} == TWO:
                    tell_apart(PARTNERS, one.pk, two.pk, by=self.ada)
                    apart += 1
                    continue
                takes = {"kind": stays.kind == "unknown", "place": not stays.place}
                merge(PARTNERS, survivor_id=stays.pk, tombstone_id=goes.pk, theirs=takes, by=self.ada)
                made += 1
        return made, apart

    def test_three_lists_come_in_and_every_row_is_accounted_for(self) -> None:
        cast = Partner.objects.count()
        self.load_all()
        self.assertEqual(Partner.objects.standing().count() - cast, 581)
        self.assertFalse(Partner.objects.filter(name="United States Postal Service").exists())
        cary = Partner.objects.get(name="Town of Cary")
        self.assertEqual({domain.name for domain in cary.domains.all()}, {"carync.gov", "townofcarync.gov"})

    def test_the_same_lists_again_change_nothing(self) -> None:
        self.load_all()
        again = self.bring("dotgov-nc.csv", rows_of("dotgov-nc.csv"))
        self.assertEqual(self.counts(again), (410, 0, 0, 400, 10))

    def test_what_is_there_twice_is_proposed_and_made_one(self) -> None:
        cast = Partner.objects.count()
        self.load_all()
        self.assertEqual(finding.find_partners(), 88)
        self.assertEqual(self.decide(), (78, 1))
        self.assertEqual(Partner.objects.standing().count() - cast, 503)
        self.assertEqual(Partner.objects.standing().filter(kind="county").exclude(fips="").count(), 100)
        again = self.bring("dotgov-nc.csv", rows_of("dotgov-nc.csv"))
        self.assertEqual(self.counts(again), (410, 0, 0, 400, 10))

    def test_contacts_concerns_and_one_followed_to_helped(self) -> None:
        self.load_all()
        counties = Partner.objects.standing().filter(fips__startswith="37")
        assigned = services.assign_many(
            counties, user=self.ana, role="lead", starts_on=self.today, by=self.ada, replacing=False
        )
        self.assertEqual((len(assigned.made), assigned.left), (100, []))
        self.assertFalse(Partner.objects.without_lead().filter(fips__startswith="37").exists())
        manager = Person.objects.create(name="Dana Manager", email="dana@wake.example.gov")
        wake = Partner.objects.get(fips="37183")
        Position.objects.create(partner=wake, person=manager, title="County manager", function="head")
        concern = ring.raise_follow_up(
            kind="concern",
            partner=wake,
            title="The backup window is too short for the tax run.",
            raised_by=manager,
            by=self.ana,
        )
        for fips, title in (
            ("37119", "Nobody tells us when the network is down."),
            ("37011", "The circuit to the new courthouse is not ordered."),
        ):
            ring.raise_follow_up(
                kind="concern", partner=Partner.objects.get(fips=fips), title=title, by=self.ana
            )
        self.assertEqual(FollowUp.objects.filter(partner__in=counties).count(), 3)
        ring.own(concern.pk, by=self.ana)
        ring.finish(concern.pk, words="The window begins at six in the evening now.", by=self.ana)
        ring.tell(concern.pk, how="mail", words="From today it begins at six.", by=self.ana)
        mail = self.sent_mail("dana@wake.example.gov")[-1]
        link = re.search(r"/helped/\S+", mail.text)
        assert link
        self.client.logout()
        self.page(link[0])
        self.post(link[0], {"answer": "yes", "words": "The run finished in time."})
        concern.refresh_from_db()
        self.assertEqual((concern.state, concern.helped), ("told", "yes"))


@pytest.mark.browser
@NEEDS_LISTS
@override_settings(MAIL_LEAVES=False)
def test_a_concern_of_wake_county_followed_to_helped_in_a_browser(
    cast: Cast, open_page: SignIn, tmp_path: Path
) -> None:
    """Ana writes it down, takes it on, does it and tells; the manager opens the link from the outbox. All by clicking."""
    file = tmp_path / "counties.csv"
    file.write_text(rows_of("counties_us_2023.csv", "state", "North Carolina"))
    call_command("import_file", "partners", str(file), "--value", "kind:=county", stdout=StringIO())
    wake = Partner.objects.get(fips="37183")
    manager = Person.objects.create(name="Dana Manager", email="dana@wake.example.gov")
    Position.objects.create(partner=wake, person=manager, title="County manager", function="head")

    page = open_page(cast.ana)
    page.goto("/partners/?kind=county&q=Wake")
    page.get_by_role("link", name=wake.name, exact=True).click()
    page.get_by_role("link", name="Write down what you heard").first.click()
    title = "The backup window is too short for the tax run"
    page.get_by_label("What was heard, in one line").fill(title)
    page.get_by_label("Who said it").fill("Dana")
    page.get_by_role("option", name="Dana Manager").click()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("link", name="Take it on").click()
    page.get_by_role("button", name="Take it on").click()
    page.get_by_role("link", name="Say what was done").click()
    page.get_by_label("What was done").fill("The window begins at six in the evening now.")
    page.get_by_role("button", name="It is done").click()
    page.get_by_role("link", name="Tell them what came of it").click()
    page.get_by_label("What to tell them").fill("From today it begins at six.")
    page.get_by_role("button", name="Send the mail").click()
    heading = page.get_by_role("heading", level=1)
    heading.wait_for()
    concern = FollowUp.objects.get(title=title)
    assert (concern.partner, concern.raised_by_person, concern.state) == (wake, manager, "told")

    mail = open_page(cast.ada)
    mail.goto("/outbox/?q=dana")
    mail.get_by_role("link", name=re.compile("backup window|came of it", re.IGNORECASE)).first.click()
    address = mail.locator("a[href*='/helped/']").get_attribute("href")
    assert address
    visitor = open_page()
    visitor.goto(address)
    visitor.get_by_label("It helped", exact=True).check()
    visitor.get_by_label("Anything you want to add").fill("The run finished in time.")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("heading", name=re.compile("Thank you")).wait_for()

    page.reload()
    assert "The run finished in time." in page.locator("main").inner_text()
    concern.refresh_from_db()
    assert (concern.state, concern.helped) == ("told", "yes")
