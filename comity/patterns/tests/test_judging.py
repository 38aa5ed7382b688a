"""The same elsewhere: compared, judged by a person, and kept as a pattern."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.patterns.models import Apart, Item, Pattern
from comity.patterns.services import comparing, judging
from comity.patterns.services.comparing import look_at_new, most_alike
from comity.patterns.tests.world import AlikeTestCase
from comity.testing.pages import HTMX

PAGE, ELSEWHERE, LIST, PATTERN = 13, 8, 5, 8  # queries


class Comparing(AlikeTestCase):
    def alike(self, follow_up: FollowUp) -> list[FollowUp]:
        return [each.follow_up for each in most_alike(follow_up, self.ana) or []]

    def test_what_others_said_alike_stands_beside_it(self) -> None:
        (found,) = most_alike(self.phones, self.ana) or []
        self.assertEqual((found.follow_up, str(found.words)), (self.their_phones, "very much alike"))

    def test_ones_own_words_never_do(self) -> None:
        self.heard(self.parks, "We wait eleven weeks for a new phone")
        look_at_new()
        self.assertEqual(self.alike(self.phones), [self.their_phones])

    def test_what_tells_of_no_problem_takes_no_part(self) -> None:
        for kind in ("compliment", "idea", "promise", "engagement"):
            self.heard(self.roads, f"New phones within weeks, a {kind}", kind=kind)
        self.heard(self.roads, "It is withdrawn that phones take weeks")
        ring.withdraw(FollowUp.objects.latest("pk").pk, reason="A mistake.", by=self.ana)
        look_at_new()
        self.assertEqual(self.alike(self.phones), [self.their_phones])

    def test_what_a_council_asked_for_takes_part(self) -> None:
        asked = self.heard(self.roads, "New phones within weeks", kind="council_list")
        look_at_new()
        self.assertIn(asked, self.alike(self.phones))

    def test_what_is_said_of_a_survey_as_a_whole_is_no_item(self) -> None:
        raised = self.heard(None, "4 of 20 rated 3 of 5 or less: phones", kind="low_in_survey")
        nowhere = self.heard(None, "New phones take nine weeks")
        self.assertEqual(look_at_new(), 0)
        self.assertFalse(Item.objects.filter(pk__in=[raised.pk, nowhere.pk]).exists())
        with self.assertRaises(DomainError):
            judging.same(self.phones.pk, nowhere.pk, by=self.ana)

    def test_of_a_low_rating_only_its_authors_words_are_compared(self) -> None:
        said = "Rated 2 of 5: How easy was it?\nNine weeks for a phone."
        low = self.heard(self.roads, "Cy Young: “Nine weeks”", kind="low_rating", said=said, office_only=True)
        self.assertEqual(comparing.text_of(low), "Nine weeks for a phone.")
        low.said += "\nNo longer wants to be contacted about this."
        self.assertEqual(comparing.text_of(low), "")

    def test_a_changed_text_is_compared_anew_and_another_change_is_not(self) -> None:
        before = bytes(self.item(self.printer).vector)
        ring.edit(self.printer.pk, {"severity": "high"}, by=self.ana)
        self.assertEqual((look_at_new(), bytes(self.item(self.printer).vector)), (1, before))
        ring.edit(self.printer.pk, {"title": "Phones for inspectors take nine weeks"}, by=self.ana)
        self.assertEqual((look_at_new(), look_at_new()), (1, 0))
        self.assertIn(self.printer, self.alike(self.phones))

    def test_before_it_is_compared_the_page_says_so(self) -> None:
        new = self.heard(self.parks, "Phones again")
        self.assertIn(
            "has not been compared yet", self.reads(self.page(self.at("elsewhere", new), by=self.ana))
        )
        self.run_jobs()
        self.assertNotIn("has not been compared yet", self.reads(self.page(self.at("elsewhere", new))))


class Judging(AlikeTestCase):
    def judge(self, verb: str, **more: Any) -> str:
        url = self.at(verb, self.phones, self.their_phones)
        return self.reads(self.client.get(self.post(url, **more)["Location"]))

    def test_the_page_of_a_follow_up_leads_to_it_and_loads_it_by_itself(self) -> None:
        self.page(self.phones.get_absolute_url(), by=self.ana)
        with self.assertQueries(PAGE):
            page = self.client.get(self.phones.get_absolute_url())
        self.assertContains(page, f'hx-get="{self.at("elsewhere", self.phones)}"')
        with self.assertQueries(ELSEWHERE):
            self.client.get(self.at("elsewhere", self.phones), headers=HTMX)
        part = self.fragment(self.at("elsewhere", self.phones))
        self.assertContains(part, self.at("same", self.phones, self.their_phones))
        idea = self.heard(self.parks, "Phones", kind="idea")
        self.assertNotContains(self.page(idea.get_absolute_url()), "/elsewhere/")

    def test_those_who_only_read_judge_nothing(self) -> None:
        self.assertNotIn(
            "Same problem", self.reads(self.page(self.at("elsewhere", self.phones), by=self.olu))
        )
        self.post(self.at("same", self.phones, self.their_phones), expect=403)

    def test_the_same_problem_makes_a_pattern_and_can_be_undone(self) -> None:
        said = self.judge("same", by=self.ana)
        pattern = Pattern.objects.get()
        self.assertIn("phone", pattern.name.lower())
        self.assertIn(f"Pattern {pattern}", said)
        self.assertEqual({*pattern.items.all()}, {self.item(self.phones), self.item(self.their_phones)})
        self.assertIn("patterns.join", Entry.objects.values_list("action", flat=True))
        self.assertEqual(most_alike(self.phones, self.ana), [])
        self.judge("unsay")
        self.assertFalse(Pattern.objects.exists())
        self.assertEqual(len(most_alike(self.phones, self.ana) or []), 1)

    def test_a_third_joins_and_undo_takes_only_it_out(self) -> None:
        pattern = self.pattern()
        third = self.heard(self.trails, "Our rangers have no phone for ten weeks")
        self.assertEqual(judging.same(third.pk, self.phones.pk, by=self.ana), pattern)
        judging.unsay(third.pk, self.phones.pk, by=self.ana)
        self.assertEqual({item.pk for item in pattern.items.all()}, {self.phones.pk, self.their_phones.pk})

    def test_not_the_same_is_remembered_and_can_be_undone(self) -> None:
        self.judge("apart", by=self.ana)
        self.assertEqual(most_alike(self.their_phones, self.ana), [])
        self.judge("apart")
        self.assertEqual(Apart.objects.count(), 1)
        self.judge("unsay")
        self.assertEqual(len(most_alike(self.their_phones, self.ana) or []), 1)

    def test_what_cannot_be_judged_is_refused_with_a_sentence(self) -> None:
        self.assertIn("It takes two", self.reads(self._refused("same", self.phones, self.phones)))
        pattern = self.pattern()
        self.assertIn(
            "Both are part of one pattern", self.reads(self._refused("apart", self.phones, self.their_phones))
        )
        other, else_ = self.heard(self.trails, "Slow"), self.heard(self.roads, "Slow too")
        judging.same(other.pk, else_.pk, by=self.ana)
        self.assertIn("They are in two patterns", self.reads(self._refused("same", self.phones, other)))
        self.assertEqual(pattern.items.count(), 2)
        self.post(self.at("same", self.phones, Pattern(pk=9_999_999)), expect=404)

    def _refused(self, verb: str, one: FollowUp, other: FollowUp) -> Any:
        self.client.force_login(self.ana)
        return self.client.post(self.at(verb, one, other), follow=True)


class Patterns(AlikeTestCase):
    def test_the_page_says_who_since_when_and_how_it_grew(self) -> None:
        pattern = self.pattern()
        self.page(pattern.get_absolute_url(), by=self.ana)
        with self.assertQueries(PATTERN):
            page = self.page(pattern.get_absolute_url())
        said = self.reads(page)
        self.assertIn("2 partners have it, first heard", said)
        self.assertIn("2 partners said it for the first time in the last twelve months.", said)
        self.assertIn("Department of Roads", said)

    def test_the_list_is_sorted_narrowed_found_and_written_as_a_file(self) -> None:
        pattern = self.pattern()
        Pattern.objects.create(name="Nobody has it")
        self.page(self.at("list"), by=self.olu)
        with self.assertQueries(LIST):
            page = self.page(self.at("list"))
        self.assertEqual([row.partner_count for row in page.context["table"].page], [2, 0])
        for query, count in (
            ({"growing": "1"}, 1),
            ({"partner": self.roads.pk}, 1),
            ({"status": "solved"}, 0),
        ):
            self.assertEqual(self.page(self.at("list"), data=query).context["table"].total, count)
        answer: Any = self.client.get(self.at("list"), {"format": "csv"})
        head, first, *_rest = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        self.assertEqual(head, "name,partners,items,lately,first_on,owner,service,status,solution,id")
        self.assertIn(",2,2,2,", first)
        picked = self.client.get(reverse("ui:pick", args=["pattern"]), {"q": "Nobody"})
        self.assertContains(picked, "Open")
        hits = self.client.get("/find/", {"q": pattern.name.split(",")[0]})
        self.assertContains(hits, pattern.get_absolute_url())

    def test_a_person_names_it_owns_it_and_says_what_solves_it(self) -> None:
        pattern = self.pattern()
        url = self.at("edit", pattern)
        said = {
            "name": " New  phones ",
            "owner": "Sol Service",
            "status": "solved",
            "solution": "Order in bulk.",
        }
        self.post(url, {**said, **self.seen(url, by=self.ana)}, expect=pattern.get_absolute_url())
        pattern.refresh_from_db()
        self.assertEqual((pattern.name, pattern.owner, pattern.status), ("New phones", self.sol, "solved"))
        self.assertIn("Order in bulk.", self.reads(self.page(pattern.get_absolute_url())))
        self.post_refused(url, {**said, "name": "", **self.seen(url)}, "required")

    def test_whoever_leaves_hands_their_patterns_over(self) -> None:
        pattern = self.pattern()
        judging.PATTERNS.mend(pattern, {"owner": self.sol}, by=self.ana)
        self.assertEqual(judging.hand_over(self.sol, self.cora, self.ada), 1)
        pattern.refresh_from_db()
        self.assertEqual(pattern.owner, self.cora)

    def test_it_becomes_one_joint_action_of_the_office_alone(self) -> None:
        pattern, url = self.pattern(), ""
        url = self.at("joint", pattern)
        self.page(url, by=self.ana)
        said = {
            "title": "Keep fifty phones in stock",
            "owner": "Sol Service",
            "due_on": self.today.isoformat(),
        }
        self.post(url, said, expect=pattern.get_absolute_url())
        made = FollowUp.objects.get(kind="joint_action")
        self.assertEqual((made.partner, made.owner, made.office_only), (None, self.sol, True))
        self.assertContains(self.page(made.get_absolute_url()), pattern.get_absolute_url())
        self.assertIn("Keep fifty phones in stock", self.reads(self.page(pattern.get_absolute_url())))
        self.post_refused(url, {**said, "due_on": "2000-01-01"}, "before the day it was heard")

    def test_an_item_is_taken_out_and_put_back(self) -> None:
        pattern = self.pattern()
        self.post(self.at("leave", self.phones), by=self.ana, expect=pattern.get_absolute_url())
        self.assertIsNone(self.item(self.phones).pattern)
        self.post(self.at("put_back", pattern, self.phones), expect=pattern.get_absolute_url())
        self.assertEqual(self.item(self.phones).pattern, pattern)
        self.post(self.at("leave", self.printer), expect=302)
        self.post(self.at("put_back", Pattern(pk=9_999_999), self.printer), expect=404)

    def test_the_last_one_taken_out_leaves_nothing_of_a_pattern_nobody_wrote_about(self) -> None:
        pattern = self.pattern()
        judging.leave(self.phones.pk, by=self.ana)
        self.assertEqual(judging.leave(self.their_phones.pk, by=self.ana), None)
        self.assertFalse(Pattern.objects.filter(pk=pattern.pk).exists())
        kept = self.pattern()
        judging.PATTERNS.mend(kept, {"name": "Phones"}, by=self.ana)
        for follow_up in (self.phones, self.their_phones):
            judging.leave(follow_up.pk, by=self.ana)
        self.assertIn("Nothing is part of it", self.reads(self.page(kept.get_absolute_url(), by=self.ana)))

    def test_two_merge_and_the_old_address_leads_to_the_other(self) -> None:
        one, other = self.pattern(), judging.PATTERNS.enter({"name": "Printing"}, by=self.ana)
        judging.put_into(other, [self.printer.pk], by=self.ana)
        self.page(self.at("merge", one), by=self.ana)
        judging.act_on(one, title="Do it", said="", owner=self.ana, due_on=self.today, by=self.ana)
        self.post(self.at("merge", one), {"into": "Printing"}, expect=other.get_absolute_url())
        self.assertEqual(other.items.count(), 3)
        self.post(one.get_absolute_url(), expect=405)
        self.assertEqual(self.client.get(one.get_absolute_url())["Location"], other.get_absolute_url())
        self.assertIn("Do it", self.reads(self.page(other.get_absolute_url())))
        self.post_refused(self.at("merge", other), {"into": str(other)}, "Choose another pattern.")

    def test_what_was_withdrawn_counts_no_more(self) -> None:
        pattern = self.pattern()
        ring.withdraw(self.phones.pk, reason="A mistake.", by=self.ana)
        self.assertIn("1 partner has it", self.reads(self.page(pattern.get_absolute_url(), by=self.ana)))
        judging.leave(self.phones.pk, by=self.ana)
