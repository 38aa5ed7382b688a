"""The State of Franklin: the same every time, and with its stories in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from unittest import skipUnless
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Count
from django.test import TestCase

from comity.audit.chain import verify
from comity.audit.models import Entry
from comity.demo.belongings import CAMERA_SHY, desk_hours, portrait
from comity.demo.diary import Diary
from comity.demo.staff import PASSWORD, STAFF
from comity.demo.state import Made, make_sample_state
from comity.demo.tests import bills, opinions, reading
from comity.files.models import Attachment
from comity.followups.models import FollowUp, Helped, State
from comity.imports.models import Import
from comity.nouns import Actions, all_of
from comity.partners.models import Assignment, LikelyPair, Membership, Partner
from comity.people.models import SavedView, User
from comity.people.roles import Role
from comity.testing.matrix import ALL

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=ZoneInfo("America/New_York"))
TODAY = NOW.date()


@pytest.mark.slow
class Franklin(bills.Bills, opinions.Opinions, reading.Reading):
    """Made once for all that is asked here; for `make test-all` once before, and taken back."""

    made: Made
    day = TODAY
    taken_back: list[Any]

    @classmethod
    def setUpTestData(cls) -> None:
        if ALL:
            with suppress(_TakenBackError), transaction.atomic():
                make_sample_state(now=NOW)
                cls.taken_back = fingerprint()
                raise _TakenBackError
        cls.made = make_sample_state(now=NOW)

    def about(self, code: str, title: str) -> FollowUp:
        return FollowUp.objects.get(partner__code=code, title=title)

    @skipUnless(ALL, "To make it twice takes half a minute: make test-all.")
    def test_the_same_seed_makes_the_same_state(self) -> None:
        self.assertGreater(len(self.taken_back), 250)
        self.assertEqual(fingerprint(), self.taken_back)

    def test_there_are_forty_agencies_and_ninety_five_counties(self) -> None:
        agencies = Partner.objects.filter(kind="agency", parent=None, code__gt="")
        self.assertEqual(agencies.count(), 40)
        self.assertEqual(Partner.objects.filter(kind="county", fips__startswith="47").count(), 95)

    def test_there_are_at_least_three_hundred_people(self) -> None:
        self.assertGreaterEqual(self.made.people, 300)

    def test_somebody_can_sign_in_in_every_role(self) -> None:
        office = {member.role for member in STAFF}
        portal = set(Membership.objects.standing().values_list("role", flat=True))
        self.assertEqual(office | portal, set(Role))
        ana = User.objects.get(email__startswith="ana@")
        self.assertTrue(ana.check_password(PASSWORD))

    def test_revenue_waits_for_a_promise_nine_days_late(self) -> None:
        row = self.about("DOR", "Nobody tells us when the network is down")
        self.assertEqual((row.state, (TODAY - row.due_on).days), (State.OWNED, 9))

    def test_health_is_yet_to_be_told(self) -> None:
        self.assertEqual(self.about("DOH", "Second help-desk line before 8 am").state, State.DONE)

    def test_labor_was_heard_today(self) -> None:
        row = self.about("DLW", "The new form cannot be filled in on a phone")
        self.assertEqual((row.state, row.heard_on), (State.HEARD, TODAY))

    def test_corrections_says_that_it_helped(self) -> None:
        self.assertEqual(self.about("COR", "Badge readers at the north gate").helped, Helped.YES)

    def test_transportation_said_no_and_it_is_open_again(self) -> None:
        row = self.about("DOT", "Traffic cameras go dark in snow")
        self.assertEqual((row.state, row.reopened), (State.OWNED, 1))

    def test_carter_county_was_kept_the_promise_it_joined_on(self) -> None:
        row = self.about("", "Introduce them to the county that did this last year")
        self.assertEqual((str(row.partner), row.state), ("Carter County", State.TOLD))

    def test_agriculture_has_nobody_to_call_since_its_contact_left(self) -> None:
        agriculture = Partner.objects.get(code="AGR")
        self.assertFalse(Assignment.objects.leads().on(TODAY).filter(partner=agriculture).exists())
        self.assertIsNotNone(agriculture.lead_gap_since)
        self.assertFalse(User.objects.get(email__startswith="marcus@").is_active)

    def test_nothing_lies_in_the_future(self) -> None:
        self.assertFalse(Entry.objects.filter(at__gt=NOW).exists())
        self.assertFalse(FollowUp.objects.filter(heard_at__gt=NOW).exists())

    def test_the_trail_is_sealed_and_holds(self) -> None:
        found = verify()
        self.assertTrue(found.ok, found)
        self.assertEqual(found.unsealed, 0)

    def test_every_act_of_two_years_has_words(self) -> None:
        words = {action for each in all_of(Actions) for action in each.words}
        self.assertEqual(set(Entry.objects.values_list("action", flat=True)) - words, set())

    def test_files_hang_on_stories_and_are_what_they_say(self) -> None:
        kinds = {row.name: row.content_type for row in Attachment.objects.all()}
        self.assertEqual(
            kinds,
            {
                "Outage notices, draft.pdf": "application/pdf",
                "Rota and numbers.pdf": "application/pdf",
                "Rejected badges by day.png": "image/png",
                "Cameras on Tuesday.log": "text/plain",
                "Scans by month.csv": "text/csv",
            },
        )

    def test_a_paper_is_a_pdf_whose_table_finds_its_parts(self) -> None:
        paper = desk_hours()
        begins = int(paper.split(b"startxref\n")[1].split()[0])
        self.assertTrue(paper[begins:].startswith(b"xref\n0 7\n"))
        for number, line in enumerate(paper[begins:].splitlines()[3:9], 1):
            self.assertTrue(paper[int(line[:10]) :].startswith(b"%d 0 obj" % number))

    def test_contacts_have_a_face_and_the_same_name_has_the_same(self) -> None:
        faces = User.objects.office().exclude(photo="")
        self.assertEqual(faces.count(), len(STAFF) - len(CAMERA_SHY))
        self.assertEqual(portrait("Ana Ruiz"), portrait("Ana Ruiz"))
        self.assertNotEqual(portrait("Ana Ruiz"), portrait("Ben Okafor"))

    def test_one_list_was_brought_in_and_one_waits_to_be_looked_at(self) -> None:
        applied, waiting = Import.objects.filter(profile="people").order_by("pk")
        self.assertEqual((applied.state, applied.rows_new, applied.rows_set_aside), ("applied", 6, 1))
        self.assertEqual((waiting.state, waiting.rows_new), ("preview", 3))

    def test_a_calendar_became_meetings_and_a_visit_to_come(self) -> None:
        brought = Import.objects.get(profile="meetings")
        self.assertEqual((brought.state, brought.rows_new, brought.rows_set_aside), ("applied", 3, 2))

    def test_likely_pairs_are_proposed_from_the_start(self) -> None:
        self.assertEqual(
            dict(LikelyPair.objects.values_list("kind").annotate(count=Count("pk")).order_by("kind")),
            {"partner": 2, "person": 1},
        )

    def test_views_are_kept_and_some_are_shared(self) -> None:
        shared = SavedView.objects.filter(shared=True).values_list("name", flat=True)
        self.assertEqual(set(shared), {"Counties thinking about joining", "Serious and late"})
        self.assertEqual(SavedView.objects.filter(shared=False).count(), 4)

    def test_most_promises_were_kept_and_not_all(self) -> None:
        told = FollowUp.objects.filter(state=State.TOLD).count()
        late = FollowUp.objects.late(TODAY).count()
        self.assertGreater(told, FollowUp.objects.count() * 17 // 20)
        self.assertTrue(0 < late < told // 10, late)


def fingerprint() -> list[Any]:
    """What a state consists of, without its keys."""
    rows = FollowUp.objects.order_by("heard_at", "title", "partner__name", "due_on", "raised_by_person__name")
    return list(
        rows.values_list("partner__name", "title", "state", "due_on", "helped", "raised_by_person__name")
    )


class _TakenBackError(Exception):
    """Takes a state back."""


class ADiary(TestCase):
    """Acts are lived in the order of their moments."""

    def test_acts_are_lived_oldest_first_and_may_write_down_later_ones(self) -> None:
        lived: list[str] = []
        diary = Diary(NOW)
        early, late = NOW.replace(hour=9), NOW.replace(hour=12)
        diary.at(late, lambda: lived.append("late"))
        diary.at(early, lambda: diary.at(NOW.replace(hour=10), lambda: lived.append("between")))
        diary.at(early, lambda: lived.append("early"))
        self.assertEqual(diary.live(), 4)
        self.assertEqual(lived, ["early", "between", "late"])

    def test_what_would_lie_in_the_future_is_left_out(self) -> None:
        diary = Diary(NOW)
        diary.at(NOW.replace(hour=16), lambda: self.fail("This is still to come."))
        self.assertEqual(diary.live(), 0)
