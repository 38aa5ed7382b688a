"""Votes: what is fixed once they are open, whose ballot counts, and a result that anybody can count again."""

from __future__ import annotations

import json

from django.db import DatabaseError, transaction

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.councils.models import Ballot, BallotLink, Topic, Vote
from comity.councils.services import ballots, votes
from comity.councils.services.counting import count
from comity.councils.tests.voting import VotingTestCase


class Opening(VotingTestCase):
    def test_each_seat_gets_a_link_of_its_own_and_only_its_hash_is_kept(self) -> None:
        vote = self.opened()
        self.assertEqual({mail.to for mail in self.sent_mail()}, {
            self.ben.email, self.eve.email, self.cy.email
        })  # fmt: skip
        self.assertEqual(BallotLink.objects.filter(vote=vote).count(), 3)
        text = self.sent_mail(self.ben.email)[0].text
        self.assertIn("/ballot/", text)
        self.assertIn("They do not see your ballot.", text)

    def test_what_is_asked_cannot_be_changed_once_it_is_open(self) -> None:
        vote = self.opened()
        with self.assertRaisesMessage(DomainError, "cannot be changed"):
            votes.choose_items(vote.pk, {}, by=self.cora)
        with self.assertRaisesMessage(DomainError, "cannot be changed"):
            votes.VOTES.mend(vote, {"question": "Another?"}, by=self.cora)
        with self.assertRaisesMessage(DomainError, "so it stays"):
            votes.VOTES.drop(vote, by=self.cora)

    def test_the_database_itself_refuses_too(self) -> None:
        vote = self.opened()
        self.cast_by(vote, self.bens, self.scans)
        item = vote.items.first()
        assert item is not None
        for wrong in (
            lambda: Vote.objects.filter(pk=vote.pk).update(question="Another?"),
            lambda: Vote.objects.filter(pk=vote.pk).update(budget_cents=1),
            lambda: vote.items.filter(pk=item.pk).update(cost_cents=1),
            lambda: vote.items.create(topic=self.topic("New")),
            item.delete,
            lambda: Ballot.objects.update(said={}),
            lambda: Ballot.objects.all().delete(),
        ):
            with self.assertRaises(DatabaseError), transaction.atomic():
                wrong()
        self.closed(vote)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Ballot.objects.create(vote=vote, seat=self.cys, said={}, way="link")
        with self.assertRaises(DatabaseError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(frozen={})

    def test_a_vote_on_less_than_two_items_is_not_opened(self) -> None:
        vote = self.drafted()
        votes.choose_items(vote.pk, {self.scans.pk: None}, by=self.cora)
        with self.assertRaisesMessage(DomainError, "at least two"):
            votes.open_vote(vote.pk, by=self.cora)


class Voting(VotingTestCase):
    def test_the_last_ballot_before_closing_counts_and_changes_are_kept(self) -> None:
        vote = self.opened()
        self.cast_by(vote, self.bens, self.scans)
        self.cast_by(vote, self.bens, self.mail)
        self.cast_by(vote, self.bens, self.mail)  # sent twice by one phone
        self.assertEqual(vote.ballots.count(), 2)
        asked = self.closed(vote).frozen["asked"]
        self.assertEqual([each["said"] for each in asked["ballots"]], [{"backed": [str(self.mail.pk)]}])
        entry = Entry.objects.get(action=ballots.CAST)
        self.assertNotIn("backed", json.dumps(entry.after))
        with self.assertRaisesMessage(DomainError, "closed"):
            self.cast_by(vote, self.bens, self.scans)

    def test_only_seats_of_the_council_vote_and_only_for_what_is_on_the_list(self) -> None:
        vote = self.opened()
        with self.assertRaisesMessage(DomainError, "what is on the list"):
            self.cast_by(vote, self.bens, self.topic("Other"))
        with self.assertRaisesMessage(DomainError, "nothing twice"):
            self.ranked_by(vote, self.bens, [self.scans], [self.scans])
        self.bens.ends_on = self.today
        self.bens.save()
        with self.assertRaisesMessage(DomainError, "Only seats"):
            self.cast_by(vote, self.bens, self.scans)
        self.assertFalse(Ballot.objects.exists())

    def test_seats_of_one_partner_share_its_weight(self) -> None:
        found = self.voted().frozen["found"]
        support = {each["item"]: each["support"] for each in found["standings"]}
        scans, parking, mail = (str(topic.pk) for topic in (self.scans, self.parking, self.mail))
        self.assertEqual(support, {scans: "1", parking: "1/2", mail: "1/4"})
        self.assertEqual(found["won"], [scans])
        self.assertEqual(found["every"], [scans])
        self.assertEqual(found["bands"]["medium"], {scans: "1", parking: "0", mail: "1/2"})

    def test_an_item_merged_meanwhile_counts_as_its_survivor_and_naming_both_counts_once(self) -> None:
        vote = self.opened()
        self.cast_by(vote, self.bens, self.scans, self.mail)
        self.cast_by(vote, self.cys, self.scans)
        Topic.objects.filter(pk=self.scans.pk).update(merged_into=self.mail)
        asked = self.closed(vote).frozen["asked"]
        self.assertEqual({each["seat"]: each["said"]["backed"] for each in asked["ballots"]}, {
            str(self.bens.pk): [str(self.mail.pk)], str(self.cys.pk): [str(self.mail.pk)]
        })  # fmt: skip
        self.assertEqual(set(asked["items"]), {str(self.mail.pk), str(self.parking.pk)})
        self.assertEqual(asked["merged"], {self.scans.title: str(self.mail.pk)})

    def test_in_an_order_a_merged_item_has_the_better_of_both_places(self) -> None:
        to = {1: 2}
        self.assertEqual(
            votes.of_survivors({"groups": [[3], [1], [2, 4]]}, to), {"groups": [["3"], ["2"], ["4"]]}
        )
        self.assertEqual(votes.of_survivors({"better": 1, "worse": 2}, to), {})


class Counting(VotingTestCase):
    def test_recounted_from_the_frozen_ballots_it_is_identical(self) -> None:
        ranked = self.opened("ranked")
        self.ranked_by(ranked, self.bens, [self.scans], [self.mail])
        self.ranked_by(ranked, self.cys, [self.mail, self.parking], [self.scans])
        pairs = self.opened("pairwise")
        ballots.cast(
            pairs, self.bens, {"better": self.mail.pk, "worse": self.scans.pk}, way="link", by=self.ben
        )
        budget = self.opened("budget", spend="PARKS, 900\nDepartment of Roads, $100")
        self.cast_by(budget, self.bens, self.scans)
        self.cast_by(budget, self.cys, self.parking, self.scans)
        for vote in (self.voted(), *map(self.closed, (ranked, pairs, budget))):
            vote.refresh_from_db()
            self.assertEqual(count(vote.frozen["asked"]), vote.frozen["found"], vote.method)

    def test_of_pairs_a_seat_says_each_once_and_the_last_time_counts(self) -> None:
        vote = self.opened("pairwise")
        for better, worse in ((self.mail, self.scans), (self.scans, self.mail), (self.mail, self.parking)):
            ballots.cast(vote, self.bens, {"better": better.pk, "worse": worse.pk}, way="link", by=self.ben)
        left, whole = ballots.pairs_left(vote, self.bens)
        self.assertEqual((len(left), whole), (1, 3))
        item = ballots.add_item(vote, " A new  one ", self.cys)
        self.assertEqual((item.topic.title, item.topic.seat), ("A new one", self.cys))
        self.assertEqual(ballots.pairs_left(vote, self.bens)[1], 6)
        self.assertEqual(len(self.closed(vote).frozen["asked"]["ballots"]), 2)
        with self.assertRaises(DomainError):
            ballots.add_item(vote, "Late", self.cys)

    def test_without_ballots_a_vote_closes_and_has_no_result(self) -> None:
        vote = self.closed(self.opened())
        self.assertEqual(vote.frozen, {})
        self.assertIn(
            "Nobody voted, so there is no result.",
            self.reads(self.page(vote.get_absolute_url(), by=self.cora)),
        )


class Budget(VotingTestCase):
    def test_three_rules_stand_side_by_side(self) -> None:
        vote = self.opened("budget", spend="PARKS, 900")
        self.cast_by(vote, self.bens, self.scans)
        self.cast_by(vote, self.cys, self.parking, self.mail)
        found = self.closed(vote).frozen["found"]["budget"]
        self.assertEqual(
            [step["item"] for step in found["rules"]["equal"]["steps"]],
            [str(self.scans.pk), str(self.parking.pk)],
        )
        self.assertEqual(found["left_out"]["spend"], [str(self.roads.pk)])
        self.assertEqual(found["robust"], [str(self.scans.pk)])
        self.assertEqual(found["depends"], [str(self.parking.pk)])
        self.assertEqual(found["too_dear"], [str(self.mail.pk)])
        page = self.reads(self.page(vote.get_absolute_url(), by=self.cora))
        self.assertIn("robust: wins under every rule", page)
        self.assertIn(
            "By IT spend: left out, because the figure is missing or zero: Department of Roads.", page
        )

    def test_a_budget_of_zero_and_an_item_without_a_cost_are_refused(self) -> None:
        for wrong, words in ((0, "more than zero"), (None, "how much there is to spend")):
            with self.assertRaisesMessage(DomainError, words):
                self.drafted("budget", budget_cents=wrong)
        vote = self.drafted("budget")
        votes.choose_items(vote.pk, {self.scans.pk: 0, self.mail.pk: 5}, by=self.cora)
        with self.assertRaisesMessage(DomainError, "a cost of more than zero"):
            votes.open_vote(vote.pk, by=self.cora)

    def test_figures_that_cannot_be_read_are_refused_by_line(self) -> None:
        for wrong in ("PARKS, 5\nNobody, 7", "PARKS, 5\nROADS 7", "PARKS, 5\nROADS, -7"):
            with self.assertRaisesMessage(DomainError, "Line 2"):
                self.drafted("budget", spend=wrong)
