"""Voting and reading the result: signed in, by a link, as the office and as a member."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from comity.councils.models import Ballot, Vote
from comity.councils.services import joining, live
from comity.councils.tests.voting import VotingTestCase

VOTE, BALLOT = 8, 9  # queries


class Ballots(VotingTestCase):
    def ballot(self, vote: Vote) -> str:
        return reverse("councils:ballot", args=[vote.pk])

    def link(self, to: str) -> str:
        found = re.search(r"(/ballot/\S+)", self.sent_mail(to)[-1].text)
        assert found
        return found[1]

    def test_a_member_ticks_what_they_back_and_changes_it(self) -> None:
        vote = self.opened()
        page = self.page(self.ballot(vote), by=self.ben)
        self.assertIn("They do not see your ballot.", self.reads(page))
        self.post(self.ballot(vote), {"backed": [self.scans.pk]})
        self.post(self.ballot(vote), {"backed": [self.scans.pk, self.mail.pk]})
        self.assertEqual(Ballot.objects.filter(seat=self.bens).count(), 2)
        self.assertContains(self.page(self.ballot(vote)), "checked", 2)
        self.post_refused(self.ballot(vote), {"backed": [999]}, "999")

    def test_by_the_link_in_the_mail_one_votes_without_an_account(self) -> None:
        vote = self.opened("ranked")
        url = self.link(self.cy.email)
        self.client.logout()
        self.page(url)
        self.post(url, {str(self.scans.pk): 1, str(self.mail.pk): 1, str(self.parking.pk): 3}, expect=url)
        cast = Ballot.objects.get()
        self.assertEqual((cast.seat, cast.way), (self.cys, "link"))
        self.assertEqual(cast.said, {"groups": [[self.scans.pk, self.mail.pk], [self.parking.pk]]})
        self.closed(vote)
        self.page(url, status=404)
        self.page("/ballot/made-up/", status=404)

    def test_pairs_are_judged_one_by_one_skipped_and_added_to(self) -> None:
        vote = self.opened("pairwise")
        url = self.ballot(vote)
        page = self.page(url, by=self.ben)
        self.assertIn("0 of 3 pairs", self.reads(page))
        one, other = page.context["pair"]
        self.page(url, data={"skip": "1"})
        self.post(url, {"judged": f"{other.pk} {one.pk}"}, expect=url)
        self.assertEqual(Ballot.objects.get().said, {"better": other.pk, "worse": one.pk})
        self.post(url, {"title": "Faster laptops"})
        self.assertIn("1 of 6 pairs", self.reads(self.page(url)))
        for wrong in ("", "x y", "1 1", "999 998"):
            self.post(url, {"judged": wrong})
        self.assertEqual(Ballot.objects.count(), 1)

    def test_a_budget_shows_costs_and_their_sum(self) -> None:
        vote = self.opened("budget")
        url = self.ballot(vote)
        self.assertIn("Scans cost too much ($100)", self.reads(self.page(url, by=self.eve)))
        self.post(url, {"backed": [self.scans.pk, self.mail.pk]})
        self.assertIn("costs $800.00 together; there are $500.00", self.reads(self.page(url)))

    def test_who_has_no_seat_reads_and_does_not_vote(self) -> None:
        vote = self.opened()
        self.assertIn("You have no seat", self.reads(self.page(self.ballot(vote), by=self.flo)))
        self.post(self.ballot(vote), {"backed": [self.scans.pk]}, expect=200)
        self.assertFalse(Ballot.objects.exists())

    def test_a_phone_in_the_live_session_votes_for_its_seat_and_a_guest_does_not(self) -> None:
        meeting = self.meeting(0)
        vote = self.opened(meeting=meeting)
        url = reverse("councils:ballot_by_phone", args=[vote.pk])
        self.client.logout()
        self.page(url, status=404)
        session = live.open_session(meeting.pk, by=self.cora)
        _phone, guest = joining.join(session, guest="Somebody")
        _phone, raw = joining.join(session, seat=self.cys)
        self.client.cookies[joining.COOKIE] = guest
        self.assertIn("You have no seat", self.reads(self.page(url)))
        self.client.cookies[joining.COOKIE] = raw
        for _time in range(2):
            self.post(url, {"backed": [self.mail.pk]}, expect=url)
        cast = Ballot.objects.get()
        self.assertEqual((cast.seat, cast.way), (self.cys, "phone"))

    def test_a_ballot_asks_as_much_however_many_items_there_are(self) -> None:
        vote = self.opened()
        self.client.force_login(self.ben)
        with self.assertQueries(BALLOT):
            self.client.get(self.ballot(vote))

    def test_it_is_there_in_spanish(self) -> None:
        type(self.ben).objects.filter(pk=self.ben.pk).update(language="es")
        vote = self.opened()
        self.assertIn("Yo apoyo", self.reads(self.page(self.ballot(vote), by=self.ben)))
        self.closed(vote)
        self.assertIn("Quién votó", self.reads(self.page(vote.get_absolute_url())))


class Results(VotingTestCase):
    def test_members_read_the_result_and_their_own_ballot_the_office_each(self) -> None:
        vote = self.voted()
        office = self.reads(self.page(vote.get_absolute_url(), by=self.cora))
        self.assertIn("1. Scans cost too much among the first; backed in every band 1 100% 100% 100%", office)
        self.assertIn("Cy Young, Department of Roads: Nobody answers the phone, Scans cost too much", office)
        theirs = self.reads(self.page(vote.get_absolute_url(), by=self.ben))
        self.assertIn("Ben Okafor, Department of Parks: Scans cost too much", theirs)
        self.assertNotIn("Cy Young", theirs)
        self.assertIn("Department of Roads 1 of 1", theirs)

    def test_a_draft_is_the_offices_alone(self) -> None:
        vote = self.drafted()
        self.page(vote.get_absolute_url(), by=self.ben, status=404)
        ours = self.reads(self.page(vote.get_absolute_url(), by=self.olu))
        self.assertIn("A draft. Nobody but our office sees it.", ours)

    def test_a_ranked_vote_shows_its_matrix_and_a_pairwise_one_its_votes(self) -> None:
        vote = self.opened("ranked")
        self.ranked_by(vote, self.bens, [self.scans], [self.mail])
        page = self.reads(self.page(self.closed(vote).get_absolute_url(), by=self.ben))
        self.assertIn("The weight that puts the row above the column", page)

    def test_the_page_asks_as_much_whoever_voted(self) -> None:
        vote = self.voted()
        self.client.force_login(self.cora)
        with self.assertQueries(VOTE):
            self.client.get(vote.get_absolute_url())


class Preparing(VotingTestCase):
    def test_a_vote_is_written_filled_opened_and_closed(self) -> None:
        said: dict[str, Any] = {"question": "What next?", "method": "budget", "wanted": 3, "budget_cents": "500",
                "completion": "raised", "spend": ""}  # fmt: skip
        self.post(reverse("councils:add_vote", args=[self.council.pk]), said, by=self.cora)
        vote = Vote.objects.get()
        items = reverse("councils:vote_items", args=[vote.pk])
        self.page(items)
        self.post(items, {str(self.scans.pk): "100", str(self.mail.pk): "900", str(self.parking.pk): ""})
        self.assertIn("cannot win Mail is lost", self.reads(self.page(vote.get_absolute_url())))
        edit = reverse("councils:edit_vote", args=[vote.pk])
        self.post(edit, {**self.seen(edit), **said, "question": "And next?"})
        for act in ("open_vote", "close_vote"):
            self.post(reverse(f"councils:{act}", args=[vote.pk]), {}, expect=vote.get_absolute_url())
        vote.refresh_from_db()
        self.assertEqual(vote.question, "And next?")
        self.assertIsNotNone(vote.closed_at)
        self.post_refused(reverse("councils:open_vote", args=[vote.pk]), {}, "cannot be changed")

    def test_the_list_is_there_for_office_and_members(self) -> None:
        self.voted()
        self.drafted(question="Secret?")
        self.assertIn("Secret?", self.reads(self.page(reverse("councils:votes"), by=self.olu)))
        self.assertNotIn("Secret?", self.reads(self.page(reverse("councils:votes"), by=self.ben)))
