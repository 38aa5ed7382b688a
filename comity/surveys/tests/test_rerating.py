"""Asked again what they rated low, once they were told: who, when, and what comes of the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comity.core.errors import DomainError
from comity.followups import services as ring
from comity.followups.models import FollowUp, How, State
from comity.outbox.models import Message, Suppression
from comity.partners.models import Person
from comity.surveys.models import Again, Mode, Participant, Response, Rules, Wave
from comity.surveys.services import audience, closed_loop, daily, rerating
from comity.surveys.services.rerating import SavedMeanwhileError
from comity.surveys.tests import world
from comity.surveys.tests.test_closed_loop import LoopTestCase
from comity.ui.components.days import day


class AgainTestCase(LoopTestCase):
    """Ben rated 2 of 5 and was told, eight days ago; he was invited fifty days ago."""

    def setUp(self) -> None:
        super().setUp()
        self.told_days_ago(8)
        self.invited_days_ago(50)

    def told_days_ago(self, days: int) -> None:
        FollowUp.objects.filter(pk=self.told.pk).update(told_at=timezone.now() - timedelta(days=days))

    def invited_days_ago(self, days: int) -> None:
        Participant.objects.update(sent_on=self.today - timedelta(days=days))

    def asked(self) -> Again:
        self.assertEqual(rerating.ask_due(self.today), 1)
        return Again.objects.answerable(self.today).get()

    def mail(self) -> Message:
        return Message.objects.get(key=f"surveys.again:{Again.objects.get().pk}")

    def link(self) -> str:
        text = self.mail().text
        return "/answer/again/" + text.split("/answer/again/")[1].split()[0]


class Whom(AgainTestCase):
    def test_who_was_told_a_week_ago_is_asked_what_they_rated_low_and_nothing_else(self) -> None:
        again = self.asked()
        self.assertEqual((again.person, again.asked, again.before), (self.ben_person, {"overall": 2}, 2))
        mail = self.mail()
        self.assertEqual((mail.to, mail.wipe_after_sending), (self.ben_person.email, True))
        for words in ("rated 2 of 5", "How satisfied are you?", "It is mended"):
            self.assertIn(words, mail.text)
        self.assertIn("?overall=4", mail.html)
        self.assertNotIn(again.token_hash, mail.text)

    def test_each_is_asked_once_in_a_round_whatever_the_mornings(self) -> None:
        self.asked()
        daily.each_morning()
        self.assertEqual(rerating.ask_due(self.today), 0)
        self.assertEqual(Again.objects.count(), 1)

    def test_not_before_its_days_are_over_so_that_telling_can_be_taken_back(self) -> None:
        self.told_days_ago(6)
        self.assertEqual(rerating.ask_due(self.today), 0)
        self.told_days_ago(7)
        self.assertEqual(rerating.ask_due(self.today), 1)

    def test_who_rests_is_asked_when_the_rest_is_over(self) -> None:
        self.invited_days_ago(29)
        self.assertEqual(rerating.ask_due(self.today), 0)
        self.assertEqual(
            rerating.waiting_for(FollowUp.objects.get(pk=self.told.pk)), self.today + timedelta(days=1)
        )
        self.invited_days_ago(30)
        self.assertEqual(rerating.ask_due(self.today), 1)

    def test_being_asked_again_is_an_invitation_after_which_they_rest(self) -> None:
        self.asked()
        [ben] = [one for one in audience.find({}).everyone if one.person_id == self.ben_person.pk]
        self.assertEqual((ben.state, ben.note), (Participant.State.RESTING, self.today))

    def test_nobody_is_asked_whom_no_mail_may_reach_or_who_is_gone(self) -> None:
        Suppression.objects.create(address=self.ben_person.email, kind="", reason=Suppression.Reason.BOUNCED)
        self.assertEqual(rerating.ask_due(self.today), 0)
        Suppression.objects.all().delete()
        self.ben_person.left_on = self.today
        self.ben_person.save()
        self.assertEqual(rerating.ask_due(self.today), 0)

    def test_nobody_is_asked_where_the_office_does_not_ask_again(self) -> None:
        Rules.objects.update_or_create(pk=1, defaults={"ask_again_after": 0})
        self.assertEqual(rerating.ask_due(self.today), 0)

    def test_a_confidential_answer_only_while_its_author_may_be_contacted(self) -> None:
        Wave.objects.filter(pk=self.autumn.pk).update(mode=Mode.CONFIDENTIAL)
        self.assertEqual(rerating.ask_due(self.today), 0)
        Response.objects.filter(person=self.ben_person).update(may_contact=True)
        self.assertEqual(rerating.ask_due(self.today), 1)

    def test_what_their_author_rates_well_by_now_is_not_asked_again(self) -> None:
        Response.objects.filter(person=self.ben_person).update(answers={"overall": 4})
        self.assertEqual(rerating.ask_due(self.today), 0)

    def test_what_was_low_when_it_was_heard_is_asked_though_the_office_moved_its_bound(self) -> None:
        Rules.objects.create(low_rating=1)
        self.assertEqual(self.asked().asked, {"overall": 2})

    def test_the_follow_up_promises_it_only_where_it_will_be(self) -> None:
        self.told.refresh_from_db()
        self.assertIsNotNone(rerating.waiting_for(self.told))
        ben = self.ben_person
        gone: tuple[dict[str, Any], ...] = ({"left_on": self.today}, {"email": ""})
        for facts in gone:
            Person.objects.filter(pk=ben.pk).update(**facts)
            self.assertIsNone(rerating.waiting_for(self.told))
            Person.objects.filter(pk=ben.pk).update(left_on=None, email=ben.email)
        Response.objects.filter(person=ben).update(answers={"overall": 4})
        self.assertIsNone(rerating.waiting_for(self.told))
        Response.objects.filter(person=ben).update(answers={"overall": 2})
        Suppression.objects.create(address=ben.email.lower(), kind="", reason=Suppression.Reason.OPTED_OUT)
        self.assertIsNone(rerating.waiting_for(self.told))

    def test_it_costs_the_same_however_many_wait(self) -> None:
        with self.assertQueries(DUE):
            rerating.due_on(self.today)
        for number in range(5):
            person = world.person_at(self, self.parks, f"P {number}")
            found = self.rated(world.wave(key=f"w{number}"), person, self.parks, 1).follow_up
            assert found is not None
            ring.finish(found.pk, words="Mended", by=self.ana)
            ring.tell(found.pk, how=How.PHONE, words="Told", by=self.ana, to="P")
            FollowUp.objects.filter(pk=found.pk).update(told_at=timezone.now() - timedelta(days=9))
        self.invited_days_ago(60)
        with self.assertQueries(DUE):
            self.assertEqual(len(rerating.due_on(self.today)), 6)


class Answering(AgainTestCase):
    def say(self, again: Again, rating: int, *, words: str = "", revision: int = 0) -> Again:
        return rerating.answer(again, {"overall": rating}, words=words, revision=revision)

    def test_better_now_it_is_kept_and_the_ring_stays_closed(self) -> None:
        again = self.say(self.asked(), 4)
        self.assertEqual((again.after, again.answered_on), (4, self.today))
        self.told.refresh_from_db()
        self.assertEqual(self.told.state, State.TOLD)

    def test_still_low_it_opens_the_ring_again_with_its_owner(self) -> None:
        self.say(self.asked(), 1, words="Nothing changed.")
        self.told.refresh_from_db()
        self.assertEqual((self.told.state, self.told.reopened, self.told.owner), (State.OWNED, 1, self.ana))
        step = self.told.steps.latest("pk")
        self.assertIn("Asked again, now rates 1 of 5 (2 of 5 before): How satisfied are you?", step.words)
        self.assertIn("Nothing changed.", step.words)

    def test_sent_twice_it_opens_once_and_lower_yet_is_added(self) -> None:
        again = self.asked()
        self.say(again, 2)
        self.say(again, 2)
        self.say(again, 1, revision=1)
        self.told.refresh_from_db()
        self.assertEqual(self.told.reopened, 1)
        self.assertIn("rates 1 of 5", self.told.said)

    def test_who_changes_it_to_a_good_one_is_heard_too(self) -> None:
        again = self.asked()
        self.say(again, 1)
        self.say(again, 4, revision=1)
        self.told.refresh_from_db()
        self.assertEqual(
            self.told.steps.latest("pk").words,
            "Asked again, changed from 1 of 5 to 4 of 5: How satisfied are you?",
        )
        self.assertEqual(
            self.told.state, State.OWNED, "whether that is the end of it is for its owner to say"
        )

    def test_a_word_with_a_good_rating_reaches_the_owner(self) -> None:
        self.say(self.asked(), 5, words="Thank you.")
        self.told.refresh_from_db()
        self.assertEqual(self.told.state, State.TOLD)
        self.assertIn("Thank you.", self.told.said)

    def test_what_cannot_be_answered_is_refused_and_changes_nothing(self) -> None:
        again = self.asked()
        for answers in ({}, {"overall": 6}, {"overall": "5"}, {"ease": 3}, {"overall": True}):
            with self.subTest(answers), self.assertRaises(DomainError):
                rerating.answer(again, answers, revision=0)
        self.say(again, 4)
        with self.assertRaises(SavedMeanwhileError):
            self.say(again, 3)
        Again.objects.update(closes_on=self.today - timedelta(days=1))
        with self.assertRaisesMessage(DomainError, "closed"):
            self.say(again, 3, revision=1)

    def test_after_another_round_they_may_be_asked_once_more(self) -> None:
        self.say(self.asked(), 1)
        ring.finish(self.told.pk, words="Mended again", by=self.ana)
        ring.tell(self.told.pk, how=How.PHONE, words="Really", by=self.ana, to="Ben")
        self.told_days_ago(8)
        self.assertEqual(rerating.ask_due(self.today), 0, "who was asked today rests")
        Again.objects.update(sent_on=self.today - timedelta(days=31))
        self.assertEqual(rerating.ask_due(self.today), 1)
        self.assertEqual(sorted(Again.objects.values_list("round", flat=True)), [0, 1])


class Effects(AgainTestCase):
    def test_before_and_after_are_of_the_same_people_and_too_few_claim_nothing(self) -> None:
        self.assertIsNone(closed_loop.effect_of(closed_loop.low_ratings(self.cora)))
        rerating.answer(self.asked(), {"overall": 4}, revision=0)
        effect = closed_loop.effect_of(closed_loop.low_ratings(self.cora))
        assert effect is not None
        self.assertEqual((effect.n, effect.before, effect.after, effect.verdict), (1, 2, 4, "too_few"))
        self.assertIsNone(effect.ci)

    def test_who_was_asked_in_two_rounds_counts_once_as_they_rated_last(self) -> None:
        rerating.answer(self.asked(), {"overall": 1}, revision=0)
        ring.finish(self.told.pk, words="Mended again", by=self.ana)
        ring.tell(self.told.pk, how=How.PHONE, words="Really", by=self.ana, to="Ben")
        self.told_days_ago(8)
        Again.objects.update(sent_on=self.today - timedelta(days=31))
        self.assertEqual(rerating.ask_due(self.today), 1)
        self.assertEqual(self.measured(), (1, 2, 1), "no answer in the second round yet")
        rerating.answer(Again.objects.get(round=1), {"overall": 5}, revision=0)
        self.assertEqual(self.measured(), (1, 2, 5))
        self.assertEqual(closed_loop.counts_of(closed_loop.low_ratings(self.cora))["rated_again"], 1)

    def measured(self) -> tuple[Any, ...]:
        effect = closed_loop.effect_of(closed_loop.low_ratings(self.cora))
        assert effect is not None
        return effect.n, effect.before, effect.after

    def test_the_loops_page_says_it_and_opens_the_rows(self) -> None:
        rerating.answer(self.asked(), {"overall": 4}, revision=0)
        page = self.reads(self.page("/waves/low-ratings/", by=self.cora))
        self.assertIn("1 rated again: 1 higher, 0 the same, 0 lower.", page)
        self.assertIn("On average 4.0 of 5 after 2.0. Too few people to say more.", page)
        self.assertIn("2 → 4", page)
        rows = self.page("/waves/low-ratings/?figure=rated_again").context["table"].page
        self.assertEqual([row.pk for row in rows], [self.told.pk])

    def test_the_answers_page_shows_both_ratings_and_the_words(self) -> None:
        again = self.asked()
        url = f"/responses/{again.response_id}/"
        self.assertIn("no answer yet", self.reads(self.page(url, by=self.ana)))
        rerating.answer(again, {"overall": 4}, words="Much better.", revision=0)
        page = self.reads(self.page(url))
        self.assertIn("2 of 5 then, 4 of 5 now", page)
        self.assertIn("Much better.", page)

    def test_the_follow_up_says_when_and_what(self) -> None:
        url = self.told.get_absolute_url()
        self.assertIn("automatically, from", self.reads(self.page(url, by=self.ana)))
        again = self.asked()
        self.assertIn("no answer yet", self.reads(self.page(url)))
        rerating.answer(again, {"overall": 3}, revision=0)
        page = self.reads(self.page(url))
        self.assertIn(f"2 of 5 then, 3 of 5 on {day(self.today)}", page)
        self.assertIn("Ben Okafor said it", page)
        self.assertIn("Ben Okafor reopened it", page)


class Page(AgainTestCase):
    def said(self, **changed: Any) -> dict[str, Any]:
        return {"q-overall": "4", "words": "", "revision": "0", "language": "en", "act": "send", **changed}

    def test_it_reminds_of_what_was_said_and_told_and_keeps_nothing_when_opened(self) -> None:
        self.asked()
        self.client.logout()
        page = self.page(f"{self.link()}?overall=4")
        for words in ("Is it better now?", "rated 2 of 5", "It is mended", "Your choice is filled in"):
            self.assertContains(page, words)
        self.assertEqual(Again.objects.get().answers, {})
        self.assertEqual(page["Referrer-Policy"], "no-referrer")

    def test_what_they_were_told_is_still_there_after_the_ring_was_opened_by_their_answer(self) -> None:
        rerating.answer(self.asked(), {"overall": 1}, revision=0)
        self.told.refresh_from_db()
        self.assertEqual(self.told.told_words, "")
        self.client.logout()
        self.assertContains(self.page(self.link()), "It is mended")

    def test_sent_it_thanks_and_can_be_changed(self) -> None:
        self.asked()
        url = self.link()
        self.post(url, self.said(), expect=f"{url}?now=sent")
        self.assertContains(self.page(f"{url}?now=sent"), "Thank you. We have your answer.")
        self.post(url, self.said(**{"q-overall": "5", "revision": "1"}))
        self.assertEqual(Again.objects.get().after, 5)
        answer = self.post(url, self.said(**{"q-overall": "3", "revision": "1"}), expect=409)
        self.assertContains(answer, "Saved in another window", status_code=409)

    def test_in_spanish_it_is_spanish_and_the_switch_keeps_what_was_chosen(self) -> None:
        Response.objects.filter(person=self.ben_person).update(language="es")
        self.asked()
        self.assertIn("¿Está mejor ahora?", self.mail().subject)
        self.assertContains(self.page(self.link()), "¿Está mejor ahora?")
        answer = self.post(self.link(), {**self.said(words="Mejor"), "switch": "en"}, expect=200)
        self.assertContains(answer, "Is it better now?")
        self.assertContains(answer, "Mejor")
        self.assertContains(answer, "checked")

    def test_a_wrong_an_ended_and_a_cut_link_are_all_the_same(self) -> None:
        self.asked()
        url = self.link()
        Again.objects.update(closes_on=self.today - timedelta(days=1))
        self.client.logout()
        answers = [self.client.get(each) for each in (url, url[:-5] + "/", "/answer/again/made-up/")]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({self.reads(answer) for answer in answers}), 1)

    def test_nothing_at_all_and_too_much_get_a_sentence(self) -> None:
        self.asked()
        url = self.link()
        answer = self.post(url, self.said(**{"q-overall": ""}), expect=422)
        self.assertContains(answer, "Answer at least one question.", status_code=422)
        answer = self.post(url, self.said(words="x" * 5_001), expect=422)
        self.assertContains(answer, "too long", status_code=422)
        answer = self.post(url, self.said(**{"q-overall": "9"}), expect=422)
        self.assertContains(answer, "Choose one of the answers shown.", status_code=422)
        self.assertEqual(Again.objects.get().revision, 0)

    def test_it_costs_at_most_six_queries(self) -> None:
        self.asked()
        url = self.link()
        self.client.logout()
        with self.assertQueries(PAGE):
            self.client.get(url)


DUE, PAGE = 8, 3
