"""The page behind the link of an invitation."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from comity.followups.models import FollowUp
from comity.people.models import AttemptCount
from comity.surveys.models import Held, Mode, Participant, Question, Response, Wave
from comity.surveys.services.sending import Letters
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class AnswerPageCase(CastTestCase):
    def link(self, mode: str = Mode.NAMED, **facts: Any) -> str:
        """Ben of Parks is asked; his link."""
        self.wave = world.wave(mode, key=f"wave-{mode}-{Wave.objects.count()}", **facts)
        self.participant, self.raw = world.invited(self.wave, self.ben_person, self.parks)
        return reverse("surveys:answer", args=[self.raw])

    def asks(self, url: str, data: dict[str, Any] | None = None) -> int:
        """How many queries a visit costs, the begin and end of its transaction aside."""
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(url) if data is None else self.client.post(url, data)
        self.assertIn(answer.status_code, {200, 302, 422})
        return sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)


class Opening(AnswerPageCase):
    def test_the_mail_and_the_page_say_the_same_time_and_count_what_everybody_is_asked(self) -> None:
        link = self.link()
        version = self.wave.version
        for number in range(5):
            Question.objects.create(version=version, key=f"more-{number}", order=9, ask_en="More?")
            Question.objects.create(
                version=version,
                key=f"why-{number}",
                order=9,
                kind="text",
                ask_en="Why?",
                show_if_question="overall",
                show_if_values=[number + 1],
            )
            minutes = Letters(self.wave).context("en")["minutes"]
            self.assertIn(f"about {minutes} minutes", self.reads(self.page(link)))
        self.assertEqual(
            Letters(self.wave).context("en")["minutes"], 2
        )  # 20 to read, eight choices, one text: 140 seconds

    def test_it_says_who_asks_how_long_until_when_and_what_becomes_of_it(self) -> None:
        for mode, promise in (
            (Mode.NAMED, "Our office reads your answers with your name"),
            (Mode.CONFIDENTIAL, "Only our survey office sees your name"),
            (Mode.ANONYMOUS, "Nobody learns what you answered."),
        ):
            with self.subTest(mode):
                read = self.reads(self.page(self.link(mode)))
                for words in (
                    "How did we do?",
                    "Office of IT",
                    "about 2 minutes",
                    promise,
                    "How satisfied are you?",
                ):
                    self.assertIn(words, read)
                self.assertEqual("You may contact me about this" in read, mode == Mode.CONFIDENTIAL)

    def test_opening_it_changes_nothing_also_with_a_click_from_the_mail(self) -> None:
        for mode in Mode.values:
            page = self.page(self.link(mode) + "?overall=2")
            self.assertContains(page, 'name="q-overall" id="id_q-overall_1" value="2" checked')
            self.assertContains(page, "It counts once you send it.")
            self.client.head(self.link(mode) + "?overall=2")
        self.assertFalse(Response.objects.exists() or Held.objects.exists() or FollowUp.objects.exists())

    def test_a_click_off_the_scale_fills_nothing_in(self) -> None:
        page = self.page(self.link() + "?overall=9&change=x&csrfmiddlewaretoken=x")
        self.assertNotContains(page, " checked")

    def test_the_address_stays_between_us(self) -> None:
        for url in (self.link(), reverse("surveys:thanks", args=[self.raw]), "/answer/made-up/"):
            answer = self.client.get(url)
            self.assertIn("no-store", answer["Cache-Control"])
            self.assertEqual(answer["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", answer["X-Robots-Tag"])
            self.assertEqual(set(answer.cookies) - {"csrftoken"}, set())
            for elsewhere in re.findall(r'(?:href|src|action)="([^"]*)"', answer.content.decode()):
                self.assertNotRegex(elsewhere, r"^(https?:)?//")

    def test_a_browser_that_keeps_no_cookies_answers_too(self) -> None:
        browser = Client(enforce_csrf_checks=True)
        answer = browser.post(self.link(), {"act": "send", "q-overall": "5"}, headers={"Origin": "null"})
        self.assertRedirects(
            answer, reverse("surveys:thanks", args=[self.raw]), fetch_redirect_response=False
        )
        self.assertEqual(Response.objects.get().answers["overall"], 5)

    def test_whoever_is_signed_in_answers_as_nobody(self) -> None:
        from allauth.usersessions.models import UserSession
        from django.contrib.sessions.models import Session

        self.client.force_login(self.ben)
        session = self.client.session
        session["seen_at"] = 1
        session.save()
        url = self.link(Mode.ANONYMOUS)
        before = list(Session.objects.values()), list(UserSession.objects.values())
        self.assertNotContains(self.page(url), 'data-user="')
        answer = self.client.post(url, {"q-overall": "1"})
        self.assertEqual((list(Session.objects.values()), list(UserSession.objects.values())), before)
        self.assertNotIn("sessionid", answer.cookies)
        self.assertTrue(self.client.cookies["sessionid"].value)

    def test_it_costs_at_most_six_queries(self) -> None:
        for mode in Mode.values:
            with self.subTest(mode):
                url = self.link(mode)
                self.assertEqual(self.asks(url), 4)
                self.assertLessEqual(self.asks(url, {"q-overall": "5", "act": "send"}), 6)
                self.assertLessEqual(self.asks(url, {"q-overall": "4", "act": "send", "revision": "1"}), 6)
                self.assertEqual(self.asks(reverse("surveys:thanks", args=[self.raw])), 3)


class DeadLinks(AnswerPageCase):
    def test_dead_links_of_every_kind_get_the_same_answer(self) -> None:
        cut = self.link()[:-6] + "/"
        closed = self.link(state=Wave.State.CLOSED)
        closing = self.link(state=Wave.State.CLOSING)
        draft = self.link(state=Wave.State.DRAFT)
        ended = self.link()
        Participant.objects.filter(pk=self.participant.pk).update(token_hash="e" * 64)
        links = [cut, closed, closing, draft, ended, "/answer/made-up/"]
        answers = [self.client.get(link) for link in links]
        answers += [self.client.post(link, {"q-overall": "1"}) for link in links]
        answers += [self.client.get(f"{link}thank-you/") for link in links]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        bodies = {re.sub(rb'(value|content)="[^"]*"', b"", answer.content) for answer in answers}
        self.assertEqual(len(bodies), 1)
        self.assertContains(answers[0], "Open the newest email", status_code=404)
        self.assertFalse(Response.objects.exists())

    def test_only_misses_are_counted_and_after_many_a_right_link_waits_too(self) -> None:
        url = self.link()
        for _each in range(5):
            self.client.get(url)
        self.assertFalse(AttemptCount.objects.exists())
        self.client.get("/answer/made-up/")
        self.assertEqual(AttemptCount.objects.get().count, 1)
        AttemptCount.objects.update(count=199)
        self.page(url)
        self.client.get("/answer/made-up/")
        self.assertEqual(self.client.get(url).status_code, 429)
        self.assertEqual(self.client.post(url, {"q-overall": "1"}).status_code, 429)
        self.assertFalse(Response.objects.exists())


class Sending(AnswerPageCase):
    def test_an_answer_is_kept_and_thanked_for(self) -> None:
        url = self.link()
        thanks = self.client.post(
            url, {"q-overall": "2", "q-change": "More trails.", "act": "send"}, follow=True
        )
        self.assertContains(thanks, "Thank you. Your answers are in.")
        self.assertContains(thanks, "You can change your answers until")
        self.assertEqual(Response.objects.get().answers, {"overall": 2, "change": "More trails."})
        again = self.page(url)
        self.assertContains(again, "You can change your answers below")
        self.assertContains(again, "More trails.")
        self.assertContains(again, "Send my changes")

    def test_thanks_say_what_will_happen_and_when_also_beside_the_surveys_own_words(self) -> None:
        for mode, words in (
            (Mode.NAMED, "someone takes it on within 1 business day"),
            (Mode.CONFIDENTIAL, "you allowed us to contact you"),
            (Mode.ANONYMOUS, "Nobody reads an answer before the survey closes"),
        ):
            self.link(mode)
            read = self.reads(self.page(reverse("surveys:thanks", args=[self.raw])))
            self.assertIn(words, read)
            self.assertIn(f"after {date_format(self.wave.closes_on or self.today)}", read)
        self.office.email = "hello@oit.example.gov"
        self.office.save()
        self.wave.version.thanks_en = "We meet on Monday."
        self.wave.version.save()
        page = self.page(reverse("surveys:thanks", args=[self.raw]))
        self.assertContains(page, "We meet on Monday.")
        self.assertContains(page, "Nobody reads an answer before the survey closes, after")
        self.assertContains(page, "mailto:hello@oit.example.gov")

    def test_what_is_saved_is_said_to_count_only_once_it_is_sent(self) -> None:
        url = self.link()
        saved = self.client.post(url, {"q-overall": "2", "act": "save"}, follow=True)
        for page in (saved, self.page(url)):
            self.assertContains(page, "Your answers count once you send them.")
            self.assertNotContains(page, "We cannot remind you")
        sent = self.client.post(url, {"q-overall": "2", "revision": "1"}, follow=True)
        self.assertNotContains(sent, "count once you send them")

    def test_what_is_saved_and_not_sent_in_an_anonymous_wave_is_said_to_get_no_reminder(self) -> None:
        url = self.link(Mode.ANONYMOUS)
        saved = self.client.post(url, {"q-overall": "2", "act": "save"}, follow=True)
        words = f"Answers not sent by {date_format(self.wave.closes_on or self.today)} are deleted"
        self.assertContains(saved, words)
        self.assertContains(self.page(url), words)

    def test_what_is_saved_for_later_waits_on_the_same_link(self) -> None:
        url = self.link(Mode.ANONYMOUS)
        page = self.client.post(url, {"q-overall": "2", "act": "save"}, follow=True)
        self.assertContains(page, "You can continue any time")
        self.assertFalse(Held.objects.get().is_complete)
        self.assertContains(self.page(url), "Your saved answers are filled in below.")

    def test_nothing_answered_is_an_error_that_says_so(self) -> None:
        self.assertContains(
            self.post(self.link(), {"act": "send"}, expect=422),
            "Answer at least one question.",
            status_code=422,
        )

    def test_what_was_posted_by_hand_is_refused_or_harmless_and_what_was_typed_stays(self) -> None:
        url = self.link()
        for sent in ({"q-overall": "6"}, {"q-overall": "0"}, {"q-recommend": "11"}, {"q-overall": "x" * 100}):
            with self.subTest(sent):
                page = self.post(url, {**sent, "q-change": "Typed with care"}, expect=422)
                self.assertContains(page, "Choose one of the answers shown.", status_code=422)
                self.assertContains(page, "Typed with care", status_code=422)
        self.assertFalse(Response.objects.exists())
        self.client.post(
            url, {"q-overall": "5", "q-salary": "1", "revision": "", "is_complete": "x", "person": "7"}
        )
        self.assertEqual(Response.objects.get().answers, {"overall": 5})

    def test_a_megabyte_of_text_gets_a_sentence_and_changes_nothing(self) -> None:
        page = self.post(self.link(), {"q-overall": "5", "q-change": "a" * 1_000_000}, expect=422)
        words = "Your answer can have up to 5,000 characters. It is 995,000 characters too long."
        self.assertContains(page, words, status_code=422)
        self.assertFalse(Response.objects.exists())

    def test_a_script_in_an_answer_is_text(self) -> None:
        url = self.link()
        self.client.post(url, {"q-overall": "2", "q-change": "</textarea><script>alert(1)</script>"})
        response = Response.objects.get()
        assert response.follow_up is not None
        read = [self.page(url), self.page(response.follow_up.get_absolute_url(), by=self.ana)]
        read.append(self.page(reverse("surveys:response", args=[response.pk]), by=self.ana))
        for page in read:
            self.assertNotContains(page, "<script>alert")
            self.assertContains(page, "&lt;script&gt;alert")

    def test_the_second_window_sees_what_is_stored_and_what_it_typed_and_sends_again(self) -> None:
        url = self.link()
        self.client.post(url, {"q-overall": "5", "q-change": "First", "revision": "0"})
        page = self.client.post(url, {"q-overall": "2", "q-change": "Second", "revision": "0"})
        self.assertEqual(page.status_code, 409)
        for words in ("Something else was saved with this link", "5 of 5", "First", "Second"):
            self.assertContains(page, words, status_code=409)
        self.assertEqual(Response.objects.get().answers["change"], "First")
        self.assertContains(page, 'name="revision" value="1"', status_code=409)
        self.post(url, {"q-overall": "2", "q-change": "Second", "revision": "1"}, expect=302)
        self.assertEqual(Response.objects.get().answers, {"overall": 2, "change": "Second"})

    def test_a_wave_that_closes_while_somebody_writes_takes_nothing(self) -> None:
        url = self.link()
        self.page(url)
        Wave.objects.update(state=Wave.State.CLOSED, closed_at=timezone.now())
        self.post(url, {"q-overall": "2"}, expect=404)
        self.assertFalse(Response.objects.exists())


class QuestionsThatWait(AnswerPageCase):
    def link(self, mode: str = Mode.NAMED, **facts: Any) -> str:
        url = super().link(mode, **facts)
        Question.objects.create(
            version=self.wave.version,
            order=9,
            key="why",
            kind=Question.Kind.TEXT,
            ask_en="What went wrong?",
            show_if_question="overall",
            show_if_values=[1, 2, 3],
        )
        return url

    def test_without_scripts_the_page_comes_back_with_what_the_answer_leads_to(self) -> None:
        url = self.link()
        shown = " ".join(self.page(url).content.decode().split())
        self.assertIn('data-waits-for="q-overall" data-waits-for-values="1 2 3" hidden disabled', shown)
        page = self.client.post(url, {"q-overall": "2", "act": "send"}, follow=True)
        self.assertContains(page, "Because of your answers, there is one more question.")
        self.assertNotContains(page, "hidden disabled")
        self.assertTrue(Response.objects.get().is_complete)
        thanks = self.client.post(
            url, {"q-overall": "2", "seen": "why", "q-why": "All", "revision": "1"}, follow=True
        )
        self.assertContains(thanks, "Thank you.")
        self.assertEqual(Response.objects.get().answers, {"overall": 2, "why": "All"})

    def test_left_empty_it_is_not_asked_a_third_time(self) -> None:
        url = self.link()
        self.client.post(url, {"q-overall": "2"})
        answer = self.client.post(url, {"q-overall": "2", "seen": "why", "q-why": "", "revision": "1"})
        self.assertIn("thank-you", answer["Location"])

    def test_an_answer_to_what_is_asked_no_longer_is_not_kept(self) -> None:
        url = self.link()
        self.client.post(url, {"q-overall": "5", "seen": "why", "q-why": "All"})
        self.assertEqual(Response.objects.get().answers, {"overall": 5})


class Spanish(AnswerPageCase):
    def test_it_is_in_the_participants_language(self) -> None:
        url = self.link(Mode.ANONYMOUS)
        Participant.objects.update(language="es")
        page = self.page(url)
        self.assertEqual(page["Content-Language"], "es")
        for words in (
            '<html lang="es"',
            "¿Cómo lo hicimos?",
            "¿overall?",
            "Nadie sabe qué respondió usted",
            "English",
        ):
            self.assertContains(page, words)

    def test_in_which_language_a_named_answer_came_is_kept_and_of_an_anonymous_one_not(self) -> None:
        for mode in (Mode.NAMED, Mode.ANONYMOUS):
            self.client.post(self.link(mode), {"q-overall": "2", "language": "es"})
        self.assertEqual(Response.objects.get().language, "es")
        self.assertEqual(Held.objects.get().language, "en")  # as of everybody

    def test_switching_keeps_what_was_typed_and_stores_nothing(self) -> None:
        url = self.link()
        page = self.post(
            url,
            {"q-overall": "2", "q-change": "Typed", "language": "en", "switch": "es", "revision": "0"},
            expect=200,
        )
        for words in ('<html lang="es"', 'value="2" checked', "Typed", 'name="language" value="es"'):
            self.assertContains(page, words)
        self.assertNotContains(page, "usa-error-message")
        self.assertFalse(Response.objects.exists())
        thanks = self.client.post(url, {"q-overall": "2", "language": "es"}, follow=True)
        self.assertContains(thanks, "Gracias.")
        self.assertContains(thanks, "?language=es")

    def test_whoever_has_answered_stays_so_in_another_language_and_where_something_is_wrong(self) -> None:
        for mode in Mode.values:
            url = self.link(mode)
            self.client.post(url, {"q-overall": "2"})
            for more, status in (({"switch": "en"}, 200), ({"q-recommend": "11"}, 422)):
                data = {"q-overall": "3", "revision": "1", **more}
                page = self.post(f"{url}?now=saved", data, expect=status)
                self.assertContains(page, "Send my changes", status_code=status)
                self.assertContains(page, "You have answered", status_code=status)
                self.assertNotContains(page, "Save and finish later", status_code=status)
                self.assertLessEqual(self.asks(url, data), 6)

    def test_what_has_no_spanish_is_marked_as_english_for_whoever_has_it_read_aloud(self) -> None:
        url = self.link() + "?language=es"
        version = self.wave.version
        version.intro_en, version.thanks_en = "We ask.", "We tell."
        version.save()
        choices = [{"key": "a", "en": "By phone", "es": ""}, {"key": "b", "en": "Other", "es": "Otro"}]
        Question.objects.create(
            version=version, key="how", order=9, kind="one", ask_en="How?", help_en="Hint", choices=choices
        )
        page = self.page(url)
        for words in (
            '<div class="answer-intro" lang="en">',
            'class="ask-words" lang="en">How?',
            'lang="en">Hint',
            'lang="en">By phone',
            'class="ask-words">¿ease?',
        ):
            self.assertContains(page, words)
        self.assertNotContains(page, 'lang="en">Otro')
        thanks = self.page(reverse("surveys:thanks", args=[self.raw]) + "?language=es")
        self.assertContains(thanks, '<div lang="en"><p>We tell.')
        self.assertNotContains(self.page(self.link()), 'lang="en">How')

    def test_a_language_nobody_has_is_not_followed(self) -> None:
        self.assertContains(self.page(self.link() + "?language=xx"), '<html lang="en"')
