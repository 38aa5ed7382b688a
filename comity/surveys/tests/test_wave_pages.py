"""The pages of waves: the steps, the page of one, the lists; what each says and what it must not say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from comity.outbox.models import Suppression
from comity.partners.models import Person
from comity.people.models import SavedView
from comity.surveys.models import Account, Held, Mode, Participant, Wave
from comity.surveys.services import accounts, counting, response_status
from comity.surveys.services.results import results_of
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class WavePagesTestCase(CastTestCase):
    def csv(self, url: str) -> str:
        answer: Any = self.client.get(url)
        self.assertEqual(answer["Content-Type"].partition(";")[0], "text/csv")
        return b"".join(answer.streaming_content).decode()


class Steps(WavePagesTestCase):
    def draft(self, **fields: Any) -> Wave:
        return world.wave(state=Wave.State.DRAFT, key="draft", version=world.version(frozen=False), **fields)

    def test_a_wave_is_prepared_step_by_step_and_opened(self) -> None:
        version = world.version(frozen=False)
        self.client.force_login(self.cora)
        self.page("/waves/new/")
        self.post("/waves/new/", {"version": version.pk, "name": "Autumn 2027"})
        wave = Wave.objects.get(key="autumn-2027")
        self.page(f"/waves/{wave.pk}/who/")
        who = {"kinds": ["agency"], "functions": ["head", "it_lead"], "everyone": "on"}
        self.post(f"/waves/{wave.pk}/who/", {**who, "again": "1"}, expect=f"/waves/{wave.pk}/who/")
        self.assertIn("Would be asked 2", self.reads(self.page(f"/waves/{wave.pk}/who/")))
        self.post(f"/waves/{wave.pk}/who/", who, expect=f"/waves/{wave.pk}/how/")
        self.page(f"/waves/{wave.pk}/how/")
        how = {
            "mode": "anonymous",
            "closes_on": self.today + timedelta(days=9),
            "remind_after_days": "7, 3",
            "smallest_group": 5,
        }
        self.post(f"/waves/{wave.pk}/how/", how, expect=f"/waves/{wave.pk}/look/")
        page = self.reads(self.page(f"/waves/{wave.pk}/look/"))
        for words in (
            "2 people would be asked.",
            "Ben Okafor",
            "Eve Head",
            "after 3, 7 days",
            "How did we do?",
        ):
            self.assertIn(words, page)
        self.post(f"/waves/{wave.pk}/open/", expect=f"/waves/{wave.pk}/")
        self.run_jobs()
        page = self.reads(self.page(f"/waves/{wave.pk}/"))
        self.assertIn("answers are shown from 5 on; 2 people were reached.", page)
        self.assertIn("9 days left.", page)

    def test_what_was_typed_wrongly_is_said_and_not_kept(self) -> None:
        wave = self.draft()
        self.client.force_login(self.cora)
        wrong = {"mode": "named", "closes_on": "2020-01-01", "remind_after_days": "soon", "smallest_group": 1}
        page = self.reads(self.post(f"/waves/{wave.pk}/how/", wrong, expect=422))
        self.assertIn("The last day to answer has passed", page)
        self.assertIn("Enter days as numbers", page)
        self.assertEqual(Wave.objects.get().smallest_group, 5)

    def test_two_who_prepare_it_at_once_do_not_undo_each_other_unseen(self) -> None:
        wave = self.draft()
        url = f"/waves/{wave.pk}/who/"
        began = self.seen(url, by=self.cora)
        self.post(url, {**began, "kinds": ["county"]}, by=self.ada)
        answer = self.post(url, {**began, "kinds": ["agency"]}, by=self.cora, expect=409)
        self.assertIn("Theirs: Kinds: County Yours: Kinds: Agency", self.reads(answer))
        self.post(url, self.chosen(answer, audience="theirs"))
        self.assertEqual(Wave.objects.get().audience, {"kinds": ["county"]})
        self.post(url, self.chosen(answer))
        self.assertEqual(Wave.objects.get().audience, {"kinds": ["agency"]})

    def test_a_saved_view_is_kept_as_it_was_when_chosen(self) -> None:
        view = SavedView.objects.create(owner=self.cora, list_name="partners", name="Mine", query="q=parks")
        wave = self.draft()
        self.client.force_login(self.cora)
        self.post(f"/waves/{wave.pk}/who/", {"view": view.pk})
        view.delete()
        wave.refresh_from_db()
        self.assertEqual(
            wave.audience, {"view": {"id": view.pk or 1, "name": "Mine", "query": "q=parks"}} | wave.audience
        )
        self.assertIn("Mine, as it was when you chose it", self.reads(self.page(f"/waves/{wave.pk}/who/")))
        self.post(f"/waves/{wave.pk}/who/", {"view": "kept"})
        self.assertEqual(Wave.objects.get().audience["view"]["query"], "q=parks")

    def test_partners_are_added_one_by_one_and_taken_out_by_their_box(self) -> None:
        wave = self.draft()
        self.client.force_login(self.cora)
        self.post(f"/waves/{wave.pk}/who/", {"partner": "Department of Parks", "again": "1"})
        self.post(f"/waves/{wave.pk}/who/", {"partners": [self.parks.pk], "partner": "ROADS", "again": "1"})
        self.assertEqual(Wave.objects.get().audience, {"partners": [self.parks.pk, self.roads.pk]})
        self.post(f"/waves/{wave.pk}/who/", {"partners": [self.roads.pk]})
        self.assertEqual(Wave.objects.get().audience, {"partners": [self.roads.pk]})

    def test_those_who_cannot_be_asked_are_listed_apart_before_anybody_is_asked(self) -> None:
        world.invited(world.wave(key="before"), self.ben_person, self.parks)
        Suppression.objects.create(address="cy@roads.example.gov", reason="opted_out")
        wave = self.draft()
        page = self.reads(self.page(f"/waves/{wave.pk}/look/", by=self.cora))
        for words in ("2 people would be asked.", "Asked too recently: 1", "Asked us to stop: 1"):
            self.assertIn(words, page)
        lines = self.csv(f"/waves/{wave.pk}/look/?format=csv").splitlines()
        self.assertEqual(len(lines), 5)
        self.assertIn("resting", next(line for line in lines if "Ben" in line))

    def test_a_new_wave_is_proposed_to_be_compared_with_the_last_of_its_survey(self) -> None:
        version = world.version()
        last = world.wave(version=version, key="two")
        for key, opened_at in (("one", timezone.now() - timedelta(days=9)), ("three", None)):
            world.wave(version=version, key=key)
            Wave.objects.filter(key=key).update(opened_at=opened_at)
        world.wave(key="other")
        page = self.reads(self.page(f"/waves/new/?version={version.pk}", by=self.cora))
        self.assertIn("Compare with", page)
        chosen = self.page(f"/waves/new/?version={version.pk}").context["form"]["against"].value()
        self.assertEqual(chosen, last.pk)
        for wrong in ("x", "", "9" * 30, "²"):
            self.page(f"/waves/new/?version={wrong}")

    def test_going_to_another_step_or_away_keeps_what_was_chosen(self) -> None:
        wave = self.draft()
        self.client.force_login(self.cora)
        page = self.page(f"/waves/{wave.pk}/who/")
        self.assertContains(page, f'name="to" value="/waves/{wave.pk}/how/"')
        for to, kind in ((f"/waves/{wave.pk}/what/", "court"), (f"/waves/{wave.pk}/", "county")):
            self.post(f"/waves/{wave.pk}/who/", {"kinds": [kind], "to": to}, expect=to)
            self.assertEqual(Wave.objects.get().audience, {"kinds": [kind]})
        elsewhere = {"kinds": ["court"], "to": "https://evil.example/"}
        self.post(f"/waves/{wave.pk}/who/", elsewhere, expect=f"/waves/{wave.pk}/how/")

    def test_whoever_reads_spanish_has_their_mail_shown_too_and_its_gaps_named(self) -> None:
        wave = self.draft()
        url = f"/waves/{wave.pk}/look/"
        self.assertNotIn("The email, in Spanish", self.reads(self.page(url, by=self.cora)))
        Person.objects.filter(pk=self.ben_person.pk).update(language="es")
        page = self.reads(self.page(url))
        for words in ("The email, in Spanish", "¿Cómo lo hicimos?", "Qué pasa con sus respuestas"):
            self.assertIn(words, page)
        self.assertNotIn("Some of them read Spanish", page)
        wave.version.questions.filter(key="ease").update(ask_es="")
        self.assertIn("One part has no Spanish yet.", self.reads(self.page(url)))
        Wave.objects.update(closes_on=None)
        self.assertNotIn("The mail", self.reads(self.page(url)))  # it says until when

    def test_it_warns_of_a_promise_under_which_nothing_could_be_shown(self) -> None:
        wave = self.draft(audience={"partners": [self.parks.pk]})
        for mode, warned in (("named", False), ("confidential", True), ("anonymous", True)):
            Wave.objects.update(mode=mode)
            page = self.reads(self.page(f"/waves/{wave.pk}/look/", by=self.cora))
            self.assertEqual("nothing is shown for fewer than 5 answers" in page, warned)

    def test_opening_what_cannot_be_opened_says_why_where_one_is(self) -> None:
        wave = self.draft(audience={"kinds": ["tribe"]})
        self.client.force_login(self.cora)
        self.post(f"/waves/{wave.pk}/open/", expect=f"/waves/{wave.pk}/look/")
        self.assertIn("Nobody is in the audience.", self.reads(self.page(f"/waves/{wave.pk}/look/")))

    def test_once_opened_its_steps_lead_to_its_page(self) -> None:
        wave = world.wave()
        self.client.force_login(self.cora)
        for step in ("what", "who", "how", "look"):
            self.assertRedirects(self.client.get(f"/waves/{wave.pk}/{step}/"), f"/waves/{wave.pk}/")

    def test_a_draft_can_be_thrown_away(self) -> None:
        wave = self.draft()
        self.page(f"/waves/{wave.pk}/", by=self.cora)
        self.post(f"/waves/{wave.pk}/delete/", expect="/waves/")
        self.assertFalse(Wave.objects.exists())

    def test_the_rules_can_be_changed(self) -> None:
        self.page("/waves/rules/", by=self.cora)
        rules = {
            "rest_days": 14,
            "most_a_year": 6,
            "low_rating": 2,
            "ask_again_after": 5,
            "smallest_group": 1,
        }
        self.assertIn("Enter 2 or more", self.reads(self.post("/waves/rules/", rules, expect=422)))
        self.post("/waves/rules/", {**rules, "smallest_group": 7}, expect="/waves/")


class OneWave(WavePagesTestCase):
    def asked(self, mode: str, **fields: Any) -> Wave:
        wave = world.wave(mode, **fields)
        for person, partner in (
            (self.ben_person, self.parks),
            (self.eve_person, self.parks),
            (self.cy_person, self.roads),
        ):
            world.invited(wave, person, partner)
        return wave

    def test_named_it_says_who_is_silent_so_far(self) -> None:
        wave = self.asked(Mode.NAMED)
        world.answered(wave.participants.get(person=self.ben_person), overall=4)
        page = self.reads(self.page(f"/waves/{wave.pk}/", by=self.olu))
        self.assertIn("1 of 3 who were reached has answered.", page)
        self.assertIn("No answer yet", page)
        self.assertIn("Eve Head", page)
        self.assertNotIn("Ben Okafor", page)
        self.assertNotIn("Remind now", page)
        self.assertIn("Remind now", self.reads(self.page(f"/waves/{wave.pk}/", by=self.cora)))

    def test_confidential_only_the_survey_office_reads_who_answered(self) -> None:
        wave = self.asked(Mode.CONFIDENTIAL)
        world.answered(wave.participants.get(person=self.ben_person), overall=4)
        self.assertIn("No answer yet", self.reads(self.page(f"/waves/{wave.pk}/", by=self.cora)))
        for address in ("", "people/", "people/?silent=1"):
            page = self.reads(self.page(f"/waves/{wave.pk}/{address}", by=self.ana))
            self.assertNotIn("No answer yet", page)
        self.assertNotIn("answered", self.csv(f"/waves/{wave.pk}/people/?format=csv"))
        page = self.reads(self.page(f"/waves/{wave.pk}/", by=self.ana))
        self.assertIn("answers are shown from 5 on; 3 people were reached.", page)

    def test_closed_it_says_what_was_said_and_how_far_they_were_told(self) -> None:
        wave = self.asked(Mode.NAMED)
        world.answered(wave.participants.get(person=self.ben_person), overall=4)
        world.answered(wave.participants.get(person=self.eve_person), overall=2)
        counting.refresh(wave)
        url = f"/waves/{wave.pk}/"
        page = self.page(url, by=self.cora)
        self.assertIn("Results so far All figures 1 of 2 is satisfied.", self.reads(page))
        self.assertContains(
            page, f'<a href="/waves/{wave.pk}/responses/"><b>2</b> <span>answered</span></a>', html=True
        )
        self.assertNotIn("Nothing has been written yet", self.reads(page))
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closed_at=timezone.now())
        wave.refresh_from_db()
        self.assertIn("Nothing has been written yet about what came of it.", self.reads(self.page(url)))
        accounts.say(wave, {"heard_en": "It was slow", "done_en": "It is quicker"}, by=self.cora)
        self.assertIn("1 thing that came of it is written down", self.reads(self.page(url)))
        accounts.publish(wave, by=self.cora)
        self.assertIn("is published, but nobody has been told yet.", self.reads(self.page(url)))
        Account.objects.update(mailed_at=timezone.now())
        self.assertIn("They were told on", self.reads(self.page(url)))

    def test_where_names_are_kept_back_no_reminder_and_no_gap_in_a_list_says_who_answered(self) -> None:
        wave = self.asked(Mode.CONFIDENTIAL)
        bounced = Participant.objects.filter(wave=wave).earliest("pk")
        Participant.objects.filter(pk=bounced.pk).update(state=Participant.State.BOUNCED, answered=True)
        self.client.force_login(self.ana)
        self.assertNotIn("reminders", self.csv(f"/waves/{wave.pk}/people/?format=csv"))
        self.assertIn(bounced.person.name, self.csv(f"/waves/{wave.pk}/people/?unreached=1&format=csv"))
        self.client.force_login(self.cora)
        self.assertIn("reminders", self.csv(f"/waves/{wave.pk}/people/?format=csv"))
        self.assertNotIn(bounced.person.name, self.csv(f"/waves/{wave.pk}/people/?unreached=1&format=csv"))

    def test_who_was_reached_tells_nothing_of_who_answered_where_names_are_kept_back(self) -> None:
        for mode, reached in ((Mode.NAMED, 3), (Mode.CONFIDENTIAL, 2)):
            wave = self.asked(mode, key=f"back-{mode}")
            Participant.objects.filter(wave=wave, person=self.ben_person).update(
                state=Participant.State.BOUNCED, answered=True
            )
            self.assertEqual(response_status.standing_of(wave, self.cora).reached, reached)
            self.assertEqual(results_of(wave).reached, reached)

    def test_its_figures_open_just_the_people_and_answers_they_count(self) -> None:
        wave = self.asked(Mode.NAMED)
        rested, _raw = world.invited(wave, world.person_at(self, self.roads, "Rea"), self.roads)
        back, _raw = world.invited(wave, world.person_at(self, self.roads, "Bea"), self.roads)
        Participant.objects.filter(pk=rested.pk).update(state=Participant.State.RESTING)
        Participant.objects.filter(pk=back.pk).update(state=Participant.State.BOUNCED)
        world.answered(back, overall=4)
        page = self.page(f"/waves/{wave.pk}/", by=self.ana)
        figures = page.context["figures"]
        for name, count in (
            ("asked_url", figures.asked),
            ("reached_url", figures.reached),
            ("answers_url", int(figures.given)),
        ):
            url = page.context[name]
            with self.subTest(url):
                rows = self.csv(f"{url}{'&' if '?' in url else '?'}format=csv").strip().splitlines()
                self.assertEqual(len(rows) - 1, count)

    def test_closed_with_too_few_it_says_fewer_and_not_none(self) -> None:
        wave = self.asked(Mode.ANONYMOUS)
        Wave.objects.filter(pk=wave.pk).update(
            state=Wave.State.CLOSED, closed_at=timezone.now(), figures={"answered": 2}
        )
        page = self.reads(self.page(f"/waves/{wave.pk}/", by=self.cora))
        self.assertIn("answers are shown from 5 on; 3 people were reached.", page)
        self.assertIn("shown from 5 on", self.reads(self.page("/waves/")))
        self.assertNotIn("fewer than 5", page + self.reads(self.page("/waves/")))
        for name in ("Rea", "Bea"):
            world.invited(wave, world.person_at(self, self.roads, name), self.roads)
        self.assertIn("fewer than 5 of 5 who were", self.reads(self.page(f"/waves/{wave.pk}/")))

    def test_anonymous_nobody_reads_who_answered_nor_exactly_how_many(self) -> None:
        wave = self.asked(Mode.ANONYMOUS)
        for number in range(7):
            Held.objects.create(wave=wave, key=str(number), is_complete=True, answers={"overall": 4})
        for user in (self.cora, self.ada, self.ana):
            page = self.reads(self.page(f"/waves/{wave.pk}/", by=user))
            self.assertIn("5 or more of 3", page)
            self.assertNotIn("No answer yet", page)
            listed = self.reads(self.page("/waves/", by=user))
            self.assertIn("5 or more", listed)
            lines = self.csv("/waves/?format=csv")
            self.assertIn("5 or more", lines)
            people = self.csv(f"/waves/{wave.pk}/people/?format=csv")
            self.assertEqual(people.splitlines()[0].lstrip("\ufeff").count("answered"), 0)

    def test_every_number_of_an_anonymous_wave_is_rounded_down(self) -> None:
        wave = world.wave(Mode.ANONYMOUS)
        said = [response_status.given_words(wave, count, self.cora) for count in (0, 4, 5, 9, 10, 1_004)]
        self.assertEqual(
            said, ["fewer than 5", "fewer than 5", "5 or more", "5 or more", "10 or more", "1,000 or more"]
        )
        wave.state = Wave.State.CLOSED
        self.assertEqual(response_status.given_words(wave, 7, self.cora), "7")

    def test_who_was_not_reached_and_why_is_a_link_to_them(self) -> None:
        wave = self.asked(Mode.NAMED)
        wave.participants.filter(person=self.ben_person).update(state="bounced")
        wave.participants.filter(person=self.eve_person).update(state="resting")
        page = self.page(f"/waves/{wave.pk}/", by=self.cora)
        self.assertContains(page, f"/waves/{wave.pk}/people/?state=bounced")
        self.assertIn("1 asked too recently", self.reads(page))
        listed = self.reads(self.page(f"/waves/{wave.pk}/people/?state=bounced"))
        self.assertIn("Ben Okafor", listed)
        self.assertNotIn("Cy Young", listed)

    def test_its_queries_do_not_grow_with_those_who_were_asked(self) -> None:
        wave = self.asked(Mode.NAMED)
        self.page(f"/waves/{wave.pk}/", by=self.cora)
        for number in range(20):
            world.invited(wave, world.person_at(self, self.parks, f"Person {number}"), self.parks)
        with self.assertQueries(10):
            self.page(f"/waves/{wave.pk}/")

    def test_the_last_day_can_be_set_and_they_can_be_reminded(self) -> None:
        wave = self.asked(Mode.NAMED)
        self.page(f"/waves/{wave.pk}/extend/", by=self.cora)
        self.post(f"/waves/{wave.pk}/extend/", {"closes_on": "2020-01-01"}, expect=422)
        day = self.today + timedelta(days=20)
        self.post(f"/waves/{wave.pk}/extend/", {"closes_on": day}, expect=f"/waves/{wave.pk}/")
        self.post(f"/waves/{wave.pk}/remind/", expect=f"/waves/{wave.pk}/")
        self.run_jobs()
        self.assertEqual(len(self.sent_mail()), 3)
        self.post(f"/waves/{wave.pk}/remind/", expect=f"/waves/{wave.pk}/")
        self.assertIn("They have already been reminded today.", self.reads(self.page(f"/waves/{wave.pk}/")))

    def test_remind_steps_forward_when_it_is_time_and_says_when_that_is(self) -> None:
        wave = self.asked(Mode.NAMED)

        def buttons(days: int, plan: tuple[int, ...] = (), **facts: Any) -> tuple[bool, str]:
            """Whether reminding is the first button so many days after inviting, and what is said beside the last day."""
            opened = timezone.now() - timedelta(days=days)
            Wave.objects.filter(pk=wave.pk).update(opened_at=opened, remind_after_days=list(plan), **facts)
            page = self.page(f"/waves/{wave.pk}/", by=self.cora)
            self.assertContains(page, "Remind now", count=1)
            return page.context["remind_now"], page.context["remind_later"]

        def day(number: int) -> str:
            return date_format(self.today + timedelta(days=number), "MONTH_DAY_FORMAT")

        self.assertEqual(buttons(0), (False, f"a reminder makes sense from {day(2)} on"))
        self.assertEqual(buttons(2), (True, ""))
        by_itself = "the next reminder goes out by itself on"
        self.assertEqual(buttons(2, (5,)), (False, f"{by_itself} {day(3)}"))
        self.assertEqual(
            buttons(4, (3, 7), reminded_on=self.today - timedelta(days=1)), (False, f"{by_itself} {day(3)}")
        )
        self.assertEqual(buttons(6, (5, 9), reminded_on=None), (True, ""), "a day that was missed")
        tomorrow = self.today + timedelta(days=1)
        self.assertEqual(buttons(0, closes_on=tomorrow), (False, f"a reminder makes sense from {day(1)} on"))
        wave.participants.update(answered=True)
        self.assertNotContains(self.page(f"/waves/{wave.pk}/"), "Remind now")

    def test_it_can_be_closed_once(self) -> None:
        wave = self.asked(Mode.NAMED)
        self.post(f"/waves/{wave.pk}/close/", by=self.cora, expect=f"/waves/{wave.pk}/")
        self.run_jobs()
        wave.refresh_from_db()
        self.assertEqual(wave.state, Wave.State.CLOSED)
        self.post(f"/waves/{wave.pk}/close/")
        self.assertIn("This wave is already closed.", self.reads(self.page(f"/waves/{wave.pk}/")))

    def test_work_that_failed_can_be_gone_on_with(self) -> None:
        from comity.jobs.models import Work
        from comity.surveys.services import waves

        wave = self.asked(Mode.NAMED, state=Wave.State.OPENING)
        work = waves.go_on_opening(wave, by=self.cora)
        Work.objects.filter(pk=work.pk).update(state="failed", message="It stopped.")
        self.assertIn("It stopped.", self.reads(self.page(f"/waves/{wave.pk}/", by=self.cora)))
        self.post(f"/waves/{wave.pk}/go-on/", expect=f"/waves/{wave.pk}/")
        self.run_jobs()  # the entry of the work that failed, which is no more
        self.run_jobs()
        wave.refresh_from_db()
        self.assertEqual(wave.state, Wave.State.OPEN)


class TheList(WavePagesTestCase):
    def test_waves_and_surveys_are_found_and_stand_as_people_look_them_up(self) -> None:
        names = ["eHealth", "Élan", "Pulse 9", "Pulse 10"]
        for at, name in enumerate(reversed(names)):
            wave = world.wave(key=f"w{at}", name=name)
            wave.version.survey.name = name
            wave.version.survey.save()
        for url in ("/waves/?sort=name", "/surveys/"):
            rows = self.page(url, by=self.cora).context["table"].page
            self.assertEqual([row.name for row in rows], names, url)
            found = self.page(url, data={"q": "elan"}).context["table"].page
            self.assertEqual([row.name for row in found], ["Élan"], url)

    def test_it_shows_each_wave_with_its_figures_in_as_many_queries_whatever_they_hold(self) -> None:
        for number in range(12):
            wave = world.wave(key=f"wave-{number}", name=f"Wave {number}")
            world.invited(wave, self.ben_person, self.parks)
        Participant.objects.filter(wave__key="wave-3").update(answered=True)
        self.page("/waves/", by=self.olu)
        with self.assertQueries(7):
            page = self.page("/waves/")
        self.assertIn("12 waves can be answered now.", self.reads(page))

    def test_it_can_be_filtered(self) -> None:
        world.wave(key="one", name="First")
        world.wave(Mode.ANONYMOUS, key="two", name="Second", state=Wave.State.CLOSED)
        for query, name in (("state=open", "First"), ("mode=anonymous", "Second"), ("q=sec", "Second")):
            page = self.reads(self.page(f"/waves/?{query}", by=self.olu))
            self.assertIn(name, page)
            self.assertNotIn({"First": "Second", "Second": "First"}[name] + " How we did", page)
        self.assertIn("One wave can be answered now.", self.reads(self.page("/waves/")))
