"""Closing a wave, in each of its modes."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comity import jobs
from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.core.surveys.tests import attacks
from comity.partners.models import Partner
from comity.surveys.models import Held, Mode, Participant, Question, Remark, Response, Tally, Wave
from comity.surveys.services import closing, response_status
from comity.surveys.services.results import breakdown, results_of
from comity.surveys.services.sealing import held_key, sealed
from comity.surveys.tests import world
from comity.surveys.tests.test_counting import CountingTestCase


class ClosingTestCase(CountingTestCase):
    mode = Mode.NAMED

    def setUp(self) -> None:
        super().setUp()
        Wave.objects.filter(pk=self.asked.pk).update(mode=self.mode, has_answers=True)
        self.asked.refresh_from_db()

    def close(self) -> Wave:
        closing.close_wave(self.asked.pk, by=self.cora)
        jobs.run_waiting()
        self.asked = Wave.objects.get(pk=self.asked.pk)
        return self.asked

    def hold(self, partner: Partner, *said: Any, complete: bool = True) -> list[Participant]:
        """One more person of a partner for each answer, held as an anonymous wave holds it."""
        found = []
        for answer in said:
            answers = answer if isinstance(answer, dict) else {"overall": answer}
            person = world.person_at(self, partner, f"Person {Participant.objects.count()}")
            participant, _raw = world.invited(self.asked, person, partner)
            key = held_key(str(participant.token_hash))
            Held.objects.create(wave=self.asked, key=key, answers=answers, is_complete=complete)
            found.append(participant)
        return found


class ManyDrivers(ClosingTestCase):
    """All are frozen at closing, also where nothing but the figures is kept, and shown the same ever after."""

    mode = Mode.ANONYMOUS
    KEYS = [f"d{number}" for number in range(14)]

    def setUp(self) -> None:
        super().setUp()
        version = self.asked.version
        for order, key in enumerate(self.KEYS, start=10):
            Question.objects.create(
                version=version, order=order, key=key, kind="rating", ask_en=key, ask_es=key, driver=key
            )
        chance = Random(13)
        said = []
        for _person in range(60):
            answers = {key: chance.randint(1, 5) for key in ("ease", *self.KEYS)}
            said.append(answers | {"overall": answers["d13"] if chance.random() < 0.8 else 3})
        self.hold(self.parks, *said)

    def test_all_of_an_anonymous_wave_are_kept_and_the_strongest_is_among_them(self) -> None:
        wave = self.close()
        self.assertFalse(Response.objects.exists())
        found = results_of(wave)
        assert found.drivers
        assert found.alpha
        self.assertEqual({one.key for one in found.drivers.drivers}, {"ease", *self.KEYS})
        self.assertEqual(max(found.drivers.drivers, key=lambda one: one.importance or 0).key, "d13")
        self.assertEqual((found.alpha.items, found.uncounted), (15, 0))
        page = self.page(reverse("surveys:results", args=[wave.pk]), by=self.cora)
        for key in self.KEYS:
            self.assertContains(page, key)

    def test_one_that_was_cut_at_twelve_long_ago_says_so(self) -> None:
        wave = self.close()
        wave.figures["drivers"]["drivers"] = wave.figures["drivers"]["drivers"][:12]
        wave.save()
        said = "at most twelve drivers were counted, so 3 of them are not ranked here"
        self.assertContains(self.page(reverse("surveys:results", args=[wave.pk]), by=self.cora), said)


class CloseANamedWave(ClosingTestCase):
    def test_its_figures_are_counted_and_frozen(self) -> None:
        self.answers(self.parks, 5, 4, 2)
        wave = self.close()
        self.assertEqual((wave.state, wave.closed_at is not None), (Wave.State.CLOSED, True))
        self.assertEqual(self.row().n, 3)
        self.assertEqual(results_of(wave).answered, 3)

    def test_the_trail_says_who_closed_it_and_that_it_was_frozen(self) -> None:
        self.answers(self.parks, 5)
        self.close()
        acts = Entry.objects.filter(target_kind="surveys.Wave").order_by("pk").values_list("action", "actor")
        self.assertEqual(
            list(acts),
            [(closing.CLOSE, f"people.User:{self.cora.pk}"), (closing.FROZEN, "worker")],
        )

    def test_closing_twice_is_refused_with_a_sentence(self) -> None:
        closing.close_wave(self.asked.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "This wave is being closed"):
            closing.close_wave(self.asked.pk, by=self.cora)
        jobs.run_waiting()
        with self.assertRaisesMessage(DomainError, "This wave is already closed."):
            closing.close_wave(self.asked.pk, by=self.cora)

    def test_what_was_never_opened_cannot_be_closed(self) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(state=Wave.State.DRAFT)
        with self.assertRaisesMessage(DomainError, "never opened"):
            closing.close_wave(self.asked.pk, by=self.cora)

    def test_the_work_done_twice_changes_nothing_more(self) -> None:
        self.answers(self.parks, 5)
        wave = self.close()
        work = jobs.start(closing.CLOSING, {"wave_id": wave.pk}, label="Again", by="test")
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.message), ("done", "Closed, with 1 answer."))
        self.assertEqual(Entry.objects.filter(action=closing.FROZEN).count(), 1)

    def test_a_wave_closes_by_itself_after_its_last_day(self) -> None:
        self.answers(self.parks, 5)
        jobs.run_now("surveys.go_on_closing")
        self.asked.refresh_from_db()
        self.assertTrue(self.asked.is_open)
        Wave.objects.filter(pk=self.asked.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
        self.assertTrue(closing.something_to_close())
        jobs.run_now("surveys.go_on_closing")
        jobs.run_waiting()
        self.asked.refresh_from_db()
        self.assertEqual(self.asked.state, Wave.State.CLOSED)
        self.assertFalse(closing.something_to_close())

    def test_closing_that_was_given_up_is_taken_up_again(self) -> None:
        work = closing.close_wave(self.asked.pk, by=self.cora)
        self.assertEqual(closing.go_on(), 0)
        type(work).objects.filter(pk=work.pk).update(state="failed")
        self.assertEqual(closing.go_on(), 1)


class CloseAConfidentialWave(ClosingTestCase):
    mode = Mode.CONFIDENTIAL

    def test_small_groups_are_hidden_and_answers_keep_their_authors(self) -> None:
        self.answers(self.parks, 5, 4, 2, 2, 1)
        self.answers(self.roads, 5, 4, 2, 2, 1)
        self.answers(self.trails, 5, 1)
        wave = self.close()
        question = wave.version.questions.get(key="overall")
        groups = {one.group: one for one in breakdown(wave, question, Tally.Table.PARTNER)}
        self.assertTrue(groups[str(self.trails.pk)].is_hidden)
        self.assertIsNone(groups[str(self.trails.pk)].answered)
        self.assertEqual(
            sum(not one.is_hidden for one in groups.values()), 1, "all - two others tells the third"
        )
        self.assertEqual(Response.objects.filter(wave=wave, person__isnull=False).count(), 12)

    def test_nothing_that_is_hidden_is_stored(self) -> None:
        self.answers(self.parks, 5, 4, 2)
        wave = self.close()
        for row in Tally.objects.filter(wave=wave, n=None):
            self.assertEqual((row.na, row.skipped, row.counts), (None, None, None))
        self.assertFalse(Tally.objects.filter(wave=wave, n__gt=0).exists())
        self.assertNotIn("early_late", wave.figures)
        self.assertNotIn("pairs", wave.figures)


class CloseAnAnonymousWave(ClosingTestCase):
    mode = Mode.ANONYMOUS

    def test_an_answer_of_somebody_whose_mail_came_back_does_not_show_in_who_was_reached(self) -> None:
        held = self.hold(self.parks, *[4] * 6)
        Participant.objects.filter(pk=held[0].pk).update(state=Participant.State.BOUNCED)
        results = results_of(self.close())
        self.assertEqual((results.invited, results.reached, results.answered), (6, 5, 6))
        self.assertEqual(results.response_rate, 1)

    def test_only_tables_figures_and_remarks_are_left(self) -> None:
        self.hold(self.parks, *({"overall": 2, "change": f"Words {n}"} for n in range(6)), {"overall": 5})
        self.hold(self.roads, 1, complete=False)
        wave = self.close()
        self.assertFalse(Held.objects.exists() or Response.objects.exists())
        self.assertEqual(
            {one.text for one in Remark.objects.filter(wave=wave)}, {f"Words {n}" for n in range(6)}
        )
        self.assertEqual((self.row("change").n, results_of(wave).answered), (6, 7))
        self.assertEqual(self.row().counts, {"1": 0, "2": 6, "3": 0, "4": 0, "5": 1})

    def test_nobody_is_marked_and_no_link_leads_back(self) -> None:
        self.hold(self.parks, *[4] * 6)
        wave = self.close()
        self.assertEqual(set(wave.participants.values_list("answered", "token_hash")), {(False, None)})
        counted = response_status.with_counts(Wave.objects.filter(pk=wave.pk)).get()
        self.assertEqual((counted.asked, counted.reached, counted.given), (6, 6, 6))

    def test_what_is_kept_of_whole_sheets_has_four_digits(self) -> None:
        ratings = [1 + number * 7 % 5 for number in range(60)]
        self.hold(
            self.parks, *({"overall": one, "ease": max(1, one - n % 2)} for n, one in enumerate(ratings))
        )
        drivers = self.close().figures["drivers"]
        rho = drivers["drivers"][0]["rho"]
        self.assertEqual((rho, drivers["r2"]), (round(rho, 4), round(drivers["r2"], 4)))
        self.assertGreater(rho, 0.5)

    def test_what_was_sealed_is_counted_and_under_another_secret_key_nothing_of_it_is_lost(self) -> None:
        for place, participant in enumerate(self.hold(self.parks, *(5 for _ in range(6)))):
            key = held_key(str(participant.token_hash))
            answers = {"overall": 3 + place % 2, "change": "Words"}
            Held.objects.filter(key=key).update(answers=sealed(answers, key))
        with self.settings(SECRET_KEY="another installation's secret, long enough to be one"):
            self.assertEqual(self.close().state, Wave.State.CLOSING)
        self.assertEqual((Held.objects.count(), Tally.objects.count()), (6, 0))
        closing.go_on()
        jobs.run_waiting()
        self.assertEqual((Held.objects.count(), (self.row().counts or {})["4"]), (0, 3))
        self.assertEqual(Remark.objects.filter(text="Words").count(), 6)

    def test_too_few_leave_nothing_but_their_number(self) -> None:
        self.hold(self.parks, *({"overall": 2, "change": "Words"} for _ in range(4)))
        wave = self.close()
        self.assertFalse(Held.objects.exists() or Response.objects.exists() or Remark.objects.exists())
        self.assertFalse(Participant.objects.exclude(answered=False, token_hash=None).exists())
        rows = Tally.objects.filter(wave=wave).values_list("table", "question", "n", "counts", "invited")
        self.assertEqual(list(rows), [("all", "", None, None, 4)])
        found = results_of(wave)
        self.assertEqual((found.too_few, found.answered, found.invited), (True, 4, 4))

    def test_an_answer_whose_participant_is_gone_is_counted_with_all(self) -> None:
        people = self.hold(self.parks, 5, 4, 3, 2, 1, 1)
        people[0].delete()
        self.close()
        self.assertEqual(self.row().n, 6)

    def test_the_order_of_what_stays_is_not_that_of_what_was_held(self) -> None:
        said = [f"Words {number}" for number in range(22)]
        self.hold(self.parks, *({"overall": 4, "change": words} for words in said))
        self.hold(self.roads, 5)
        kept = list(self.close().remarks.order_by("pk").values_list("text", flat=True))
        self.assertEqual(sorted(kept), sorted(said))
        self.assertNotEqual(kept, said)

    def test_where_a_rating_is_hidden_nobody_learns_who_was_asked_why(self) -> None:
        """Nobody of three was asked what went badly: so all three were content."""
        Question.objects.filter(key="recommend").update(show_if_question="overall", show_if_values=[1, 2])
        low = {"overall": 2, "recommend": 3}
        self.hold(self.parks, *[low] * 6, 4, 5)
        self.hold(self.roads, *[low] * 6, 3, 5)
        self.hold(self.trails, 4, 5, 5)
        self.close()
        for question in ("overall", "recommend"):
            shown = Tally.objects.filter(wave=self.asked, table="partner", question=question, n__isnull=False)
            self.assertNotIn(str(self.trails.pk), shown.values_list("group", flat=True))
            self.assertLess(shown.count(), 2, "all - two others tells the third")

    def test_dont_know_is_said_of_all_together_only(self) -> None:
        self.hold(self.parks, *[4, 3, 5, 5, 5, "na"])
        self.close()
        self.assertEqual((self.row().na, self.row(table="kind", group="agency").na), (1, None))

    def test_a_group_in_which_all_agree_is_hidden(self) -> None:
        self.hold(self.parks, *[5] * 9)
        self.hold(self.roads, *[4, 5, 3, 2, 1, 1, 2, 3, 4])
        wave = self.close()
        question = wave.version.questions.get(key="overall")
        groups = {one.group: one for one in breakdown(wave, question, Tally.Table.PARTNER)}
        self.assertTrue(groups[str(self.parks.pk)].is_hidden)


class AttackWhatIsShown(ClosingTestCase):
    """Core's attacks, on what the stored tallies of an anonymous wave show."""

    mode = Mode.ANONYMOUS

    def setUp(self) -> None:
        super().setUp()
        self.members: dict[str, set[int]] = {}
        # As in docs/calculations/survey-suppression.md: partner, kind, size, how many answered.
        facts = [
            ("Revenue", "agency", "large", 9),
            ("Nature", "agency", "large", 7),
            ("Adams", "county", "large", 6),
            ("Blount", "county", "small", 5),
            ("Clay", "county", "large", 3),
        ]
        for name, kind, size, count in facts:
            partner = Partner.objects.create(name=name, name_key=name.lower(), kind=kind)
            ratings = [1 + number % 5 for number in range(count)]
            people = self.hold(partner, *ratings)
            Participant.objects.filter(pk__in=[one.pk for one in people]).update(size=size, tier="")

    def shown(self, question: str) -> dict[object, frozenset[object]]:
        """What is shown, as the people behind each cell; the cells that every reader can see and no others."""
        found: dict[object, frozenset[object]] = {}
        path = {"all": None, "kind": "kind", "tier": "tier", "size": "size", "partner": "partner"}
        for row in Tally.objects.filter(wave=self.asked, question=question, n__gt=0):
            field = path[row.table]
            people = Participant.objects.filter(wave=self.asked, **({field: row.group} if field else {}))
            self.assertEqual(people.count(), row.n)
            found[row.table, row.group] = frozenset(people.values_list("pk", flat=True))
        return found

    def test_nothing_below_five_follows_from_what_is_stored(self) -> None:
        self.close()
        everyone = frozenset(Participant.objects.values_list("pk", flat=True))
        for question in ("", "overall"):
            shown = self.shown(question)
            self.assertIn(("all", ""), shown)
            self.assertGreater(len(shown), 4, "so much is hidden that nothing is shown")
            tables = [[cell for cell in shown if cell[0] == table] for table in Tally.Table.values]  # type: ignore[index]
            self.assertEqual(attacks.small_cells(shown, 5), [])
            self.assertEqual(attacks.pairs_that_tell(shown, 5), [])
            self.assertEqual(attacks.siblings_that_tell(shown, tables, 5), [])
            self.assertEqual(attacks.groups_that_follow(shown, everyone, 5), [])

    def test_the_attack_finds_what_hiding_small_cells_alone_would_leave(self) -> None:
        self.close()
        shown = self.shown("overall")
        for partner in Partner.objects.filter(name__in=["Adams", "Blount"]):
            people = Participant.objects.filter(partner=partner).values_list("pk", flat=True)
            shown["partner", str(partner.pk)] = frozenset(people)
        everyone = frozenset(Participant.objects.values_list("pk", flat=True))
        self.assertNotEqual(attacks.groups_that_follow(shown, everyone, 5), [])
