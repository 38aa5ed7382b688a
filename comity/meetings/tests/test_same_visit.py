"""Two people log the same visit: the second is offered to join the first instead of a second meeting."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse

from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.meetings import services
from comity.meetings.models import Meeting, PlannedVisit
from comity.meetings.services import AlreadyLoggedError, Promised
from comity.meetings.tests.test_visits import VisitTestCase
from comity.office import services as office
from comity.partners.models import Partner
from comity.people.models import User
from comity.testing.at_once import Together, one_writer


class SameVisit(VisitTestCase):
    def again(self, **changed: Any) -> Meeting:
        told = {"by": self.sol, "ours": [self.sol, self.ana], "once": True}
        return self.met(**{**told, **changed})

    def test_it_is_the_same_by_day_partner_and_somebody_of_either_side(self) -> None:
        self.met()
        alike: list[dict[str, Any]] = [{}, {"theirs": []}, {"ours": [self.sol]}]
        for change in alike:
            with self.subTest(change), self.assertRaisesMessage(AlreadyLoggedError, "Ana Ruiz already wrote"):
                self.again(**change)
        self.assertEqual(Meeting.objects.count(), 1)

    def test_another_day_partner_or_other_people_are_another_visit(self) -> None:
        self.met()
        self.again(held_on=office.today() - timedelta(days=1))
        self.again(partners=[self.roads])
        self.again(ours=[self.sol], theirs=[self.eve_person])
        self.assertEqual(Meeting.objects.count(), 4)

    def test_a_withdrawn_one_is_no_visit(self) -> None:
        services.withdraw_visit(self.met().pk, reason="Wrong day.", by=self.ana)
        another = self.again()
        self.assertEqual(list(Meeting.objects.standing()), [another])

    def joined(self, meeting: Meeting, **changed: Any) -> Meeting:
        told: dict[str, Any] = {"by": self.sol, "ours": [self.sol], "partners": [self.parks]}
        return services.join_visit(meeting.pk, **{**told, **changed})

    def test_who_joins_adds_themselves_their_promises_and_what_they_heard(self) -> None:
        meeting = self.met(notes="They are short of staff.")
        self.joined(
            meeting,
            theirs=[self.eve_person],
            said="They also want a map.",
            notes="Eve seemed tired.",
            mood="reserved",
            promises=[Promised("A map")],
        )
        meeting.refresh_from_db()
        self.assertEqual({*meeting.ours.all()}, {self.ana, self.sol})
        self.assertEqual({*meeting.theirs.all()}, {self.ben_person, self.eve_person})
        self.assertTrue(meeting.said.endswith("\n\nSol Service: They also want a map."))
        self.assertEqual(meeting.notes, "They are short of staff.\n\nSol Service: Eve seemed tired.")
        self.assertEqual(meeting.mood, "reserved")
        self.assertEqual(FollowUp.objects.get().owner, self.sol)

    def test_what_was_for_the_office_is_not_shared_because_the_first_was(self) -> None:
        shared = self.met(office_only=False)
        self.joined(shared, said="Between us.", office_only=True)
        shared.refresh_from_db()
        self.assertEqual(
            (shared.said, shared.notes), ("Filing season opens in January.", "Sol Service: Between us.")
        )
        self.joined(shared, said="For both.", office_only=False)
        shared.refresh_from_db()
        self.assertTrue(shared.said.endswith("Sol Service: For both."))

    def test_the_plan_of_who_joins_is_held_too(self) -> None:
        plan = services.plan_visit(partners=[self.parks], by=self.sol, planned_on=office.today())
        meeting = self.met()
        self.joined(meeting, plan=plan)
        self.assertEqual(PlannedVisit.objects.get().meeting, meeting)

    def test_what_no_longer_stands_cannot_be_joined(self) -> None:
        meeting = self.met()
        services.withdraw_visit(meeting.pk, reason="Wrong day.", by=self.ana)
        for key in (meeting, Meeting(pk=999), Meeting()):
            with self.assertRaisesMessage(DomainError, "no longer stands"):
                self.joined(key)

    def test_on_the_page_one_joins_or_keeps_ones_own(self) -> None:
        meeting, url = self.met(), f"{reverse('meetings:log')}?partner={self.parks.pk}"
        said = {
            "how": "in_person",
            "held_on": office.today().isoformat(),
            "theirs": [self.ben_person.pk],
            "ours": [self.sol.pk],
            "said": "They want a map.",
            "promise-TOTAL_FORMS": "1",
            "promise-INITIAL_FORMS": "0",
            "promise-0-title": "A map",
        }
        refused = self.post_refused(url, said, "Ana Ruiz already wrote down a meeting like this", by=self.sol)
        self.assertContains(refused, f'name="join" value="{meeting.pk}"', status_code=422)
        self.assertContains(refused, "They want a map.", status_code=422)
        self.assertEqual(Meeting.objects.count(), 1)
        self.post(url, {**said, "join": str(meeting.pk)}, by=self.sol, expect=meeting.get_absolute_url())
        self.assertEqual({*meeting.ours.all()}, {self.ana, self.sol})
        self.post(url, {**said, "apart": "1"}, by=self.sol)
        self.assertEqual(Meeting.objects.count(), 2)
        self.post_refused(url, {**said, "join": "nonsense"}, "no longer stands", by=self.sol)

    def test_the_form_asks_four_questions_of_its_own(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}"
        self.page(url, by=self.ana)
        with self.assertQueries(7):  # three are of every page
            self.client.get(url)


@one_writer
class AtOnce(Together):
    def test_two_who_save_the_same_visit_at_one_moment_make_one(self) -> None:
        parks = Partner.objects.create(name="Parks", name_key="parks")
        ana, sol = (User.objects.create_user(f"{name}@example.gov", name=name) for name in ("Ana", "Sol"))
        said: dict[str, Any] = {
            "partners": [parks],
            "held_on": office.today(),
            "ours": [ana, sol],
            "once": True,
        }
        for _again in range(10):
            Meeting.objects.all().delete()
            refused = self.together(*(partial(services.log_visit, by=user, **said) for user in (ana, sol)))
            self.assertEqual(len(refused), 1, refused)
            self.assertEqual(Meeting.objects.count(), 1)
