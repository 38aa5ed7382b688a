"""The pages of a run: begun, looked at, compared, approved, issued, dropped; and of adjustments."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from comity.billing.models import Adjustment, Bill, Line, Run, Terms
from comity.billing.services import running
from comity.billing.tests.made import OCTOBER, SEPTEMBER, flat
from comity.billing.tests.rows import RunTestCase, lay
from comity.rates.models import Driver, RateVersion
from comity.services.models import Offering

RUN, LINES, RUNS = 8, 7, 5


class RunPages(RunTestCase):
    """September is issued: Parks $40, Roads $60. In October Parks uses ten times as much, and Roads nothing."""

    made: Run

    def setUp(self) -> None:
        super().setUp()
        self.rate(self.scans, flat("20"))
        lay(SEPTEMBER, [self.used(self.parks, self.scans, "2"), self.used(self.roads, self.scans, "3")])
        self.issue_month(SEPTEMBER)
        disk = self.offering("Disk", "GB", Offering.Unit.GB_MONTH, service="Storage")
        lay(OCTOBER, [self.used(self.parks, self.scans, "20.0007"), self.used(self.parks, disk, "1")])
        portal = self.offering("Portal", "WEB", Offering.Unit.INSTALMENT, service="Web")
        self.rate(portal, None, basis=RateVersion.Basis.SHARED, annual_cents=1_00, driver=Driver.FTE)
        self.made = self.run_month()

    def at(self, name: str, *more: object) -> str:
        return reverse(f"billing:{name}", args=[self.made.pk, *more])

    def test_it_says_first_what_to_look_at_then_services_then_bills(self) -> None:
        page = self.reads(self.page(self.at("run"), by=self.olu))
        for words in (
            "October 2026 comes to $400.01 on 1 bill",
            "1 row has no rate on its day.",
            "1 shared amount has no figures to be split by, or old ones.",
            "1 had a bill last month and has none now.",
            "1 amount moved by more than usual.",
            "Rounding each line once makes it $0.004 less than the exact amounts.",
            "Security 1 $100.00 $400.01 +$300.01",
            "Department of Parks B-2026-10-0001 $400.01",
        ):
            with self.subTest(words):
                self.assertIn(words, page)

    def test_each_check_opens_its_rows(self) -> None:
        for slug, words in (
            ("unrated", "Disk October 2026 1"),
            ("below-zero", "There are none."),
            ("shares", "there are no figures of it as of 2026-10. not billed"),
            ("missing", "Department of Roads $60.00"),
            ("moved", "Department of Parks Security scans $40.00 $400.01 +$360.01"),
            ("no-center", "Security scans Security"),
        ):
            with self.subTest(slug):
                self.assertIn(words, self.reads(self.page(self.at("run_check", slug), by=self.finn)))
        self.page(self.at("run_check", "other"), status=404)
        lines = self.page(self.at("run_lines"), data={"q": "parks", "kind": "usage"})
        self.assertIn("20.0007 $400.01", self.reads(lines))

    def test_a_run_that_was_issued_before_is_read_and_followed(self) -> None:
        """Its checks are as they were kept until December 2026: keys, lists, and rows without a partner."""
        parks, roads = self.parks.pk, self.roads.pk
        disk = Offering.objects.get(code="GB")
        Run.objects.filter(pk=self.made.pk).update(
            checks={
                "missing": [roads],
                "moved": [[parks, self.scans.pk, 40_00, 400_01]],
                "moved_count": 1,
                "unrated": [{"offering": disk.pk, "month": "2026-10-01", "rows": 1}],
                "below_zero": [{"partner": parks, "offering": disk.pk, "month": "2026-10-01", "rows": 2}],
                "without": ["Nothing to split by."],
                "stale": ["Headcount of 2020"],
                "no_center": [self.scans.pk],
                "set_aside": 3,
            }
        )
        running.approve(self.made.pk, by=self.cora)
        running.issue(self.made.pk, by=self.finn)
        page = self.reads(self.page(self.at("run"), by=self.olu))
        for words in ("3 rows of usage are set aside.", "2 shared amounts have", "1 had a bill last month"):
            self.assertIn(words, page)
        for slug, words in (
            ("unrated", "Disk October 2026 1"),
            ("below-zero", "Department of Parks Disk 2"),
            ("shares", "Headcount of 2020 older than a year"),
            ("missing", "Department of Roads"),
            ("moved", "Department of Parks Security scans $40.00 $400.01 +$360.01"),
            ("no-center", "Security scans"),
        ):
            with self.subTest(slug):
                self.assertIn(words, self.reads(self.page(self.at("run_check", slug), by=self.finn)))
        self.rate(disk, flat("0.10"), OCTOBER)
        made = self.run_month(date(2026, 11, 1))
        self.page(reverse("billing:run", args=[made.pk]), by=self.olu)
        self.assertEqual(self.lines(made), [("PARKS", "GB", "late", 10)])

    def test_a_page_asks_as_many_questions_however_many_bills_there_are(self) -> None:
        self.client.force_login(self.finn)
        with self.assertQueries(RUN):
            self.client.get(self.at("run"))
        with self.assertQueries(LINES):
            self.client.get(self.at("run_lines"))
        with self.assertQueries(RUNS):
            self.client.get(reverse("billing:runs"))

    def test_what_a_new_run_gives_otherwise_is_said_line_by_line(self) -> None:
        lay(OCTOBER, [self.used(self.parks, self.scans, "1"), self.used(self.roads, self.scans, "1")])
        self.post(self.at("run_again"), by=self.finn)
        self.run_jobs()
        self.made = Run.objects.get(state="draft")
        page = self.reads(self.page(self.at("run_changes")))
        for words in (
            "2 charges differ from the draft before",
            "Since then this changed: the usage.",
            "Department of Parks Security scans more usage $400.01 $420.01 +$20.00",
            "Department of Roads Security scans new $0.00 $20.00 +$20.00",
        ):
            self.assertIn(words, page)

    def test_somebody_else_approves_and_then_it_is_issued_and_stays(self) -> None:
        self.assertIn(
            "You ran it, so somebody else approves it.", self.reads(self.page(self.at("run"), by=self.finn))
        )
        self.post_refused(self.at("approve"), {}, "You ran these bills")
        self.page(self.at("approve"), by=self.olu, status=403)
        self.page(self.at("approve"), by=self.cora)
        self.post(self.at("approve"), expect=self.at("run"))
        self.page(self.at("issue"), status=403)
        self.page(self.at("issue"), by=self.finn)
        self.post(self.at("issue"), expect=self.at("run"))
        self.assertTrue(Bill.objects.get(number="B-2026-10-0001").issued_at)
        self.post_refused(self.at("drop"), {}, "now “issued”")
        self.post(self.at("run_again"), expect=self.at("run"))
        self.assertIn(
            "are issued. What is wrong is put right by adjustments.", self.reads(self.page(self.at("run")))
        )

    def test_a_draft_is_dropped(self) -> None:
        self.page(self.at("drop"), by=self.finn)
        self.post(self.at("drop"), expect=self.at("run"))
        self.assertIn("These bills were dropped, or run again.", self.reads(self.page(self.at("run"))))
        self.assertEqual(Bill.objects.filter(run__period__first_on=OCTOBER).count(), 0)

    def test_a_month_is_run_from_a_page_and_watched(self) -> None:
        running.drop(self.made.pk, by=self.finn)
        url = reverse("billing:new_run")
        self.page(url, by=self.ada)
        self.post(url, {"month": "2026-10-01"})
        self.made = Run.objects.get(state="running")
        self.assertIn("Waiting to start", self.reads(self.page(self.at("run"))))
        self.run_jobs()
        self.assertIn("comes to $400.01", self.reads(self.page(self.at("run"))))
        self.post_refused(url, {"month": "2026-09-01"}, "not one of the available choices")
        self.page(url, by=self.cora, status=403)

    def test_the_terms_say_when_bills_are_due_and_what_is_usual(self) -> None:
        url = reverse("billing:terms")
        self.page(url, by=self.finn)
        values = {
            "due_days": 10,
            "dispute_days": 20,
            "moved_percent": 2000,
            "moved_cents": "5,000",
            "receivable": "1",
            "revenue": "2",
            "object_code": "3",
        }
        self.post(url, {**values, **self.seen(url)}, expect=reverse("billing:runs"))
        self.assertEqual(Terms.now().moved_cents, 5_000_00)
        self.assertNotIn("moved", self.reads(self.page(self.run_month().get_absolute_url())))
        self.post_refused(url, {**values, **self.seen(url), "due_days": 0}, "between 1 and 365 days")


class Adjusting(RunTestCase):
    """Parks was billed $60 for three scans in September."""

    def setUp(self) -> None:
        super().setUp()
        self.rate(self.scans, flat("20"))
        lay(SEPTEMBER, [self.used(self.parks, self.scans, "3")])
        self.issue_month(SEPTEMBER)
        self.line = Line.objects.get()
        self.url = reverse("billing:adjust", args=[self.line.pk])

    def test_one_proposes_another_approves_and_it_comes_onto_the_next_bill(self) -> None:
        self.page(self.url, by=self.finn)
        self.post(self.url, {"cents": "-20", "why": "Counted twice."}, expect=reverse("billing:adjustments"))
        made = Adjustment.objects.get()
        approve = reverse("billing:approve_adjustment", args=[made.pk])
        self.post_refused(approve, {}, "You proposed this")
        self.page(approve, by=self.cora)
        self.post(approve)
        self.assertIn("−$20.00", self.reads(self.page(reverse("billing:adjustments"), by=self.olu)))
        self.issue_month(OCTOBER)
        self.assertEqual(list(made.lines.values_list("cents", "words")), [(-20_00, "Counted twice.")])

    def test_what_makes_no_sense_is_refused(self) -> None:
        for cents, why, words in (
            ("0", "No.", "by how much"),
            ("-60.01", "Too much.", "more than the line still charges"),
            ("-1", " ", "Fill this in."),
            ("1.005", "Half.", "no more than 2 decimal places"),
        ):
            with self.subTest(words):
                self.post_refused(self.url, {"cents": cents, "why": why}, words, by=self.finn)
        self.page(self.url, by=self.cora, status=403)
        self.assertFalse(Adjustment.objects.exists())

    def test_one_that_is_wrong_is_declined(self) -> None:
        self.post(self.url, {"cents": "-20", "why": "Counted twice."}, by=self.finn)
        pk = Adjustment.objects.get().pk
        decline = reverse("billing:decline_adjustment", args=[pk])
        self.assertContains(
            self.page(reverse("billing:approve_adjustment", args=[pk]), by=self.cora), decline
        )
        self.post(decline)
        self.assertFalse(Adjustment.objects.exists())
