"""Somebody holds the whole database, the log and the outbox, but not the secret, and tries to learn who said what.

They may compare two copies, taken before and after any answer. What they find has to be no better than chance.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import logging
import random
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from comity import jobs
from comity.surveys.models import Held, Mode, Participant, Remark, Response, Wave
from comity.surveys.services import closing
from comity.surveys.services.sealing import held_key, opened
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

PEOPLE = 30
# So many right of 30 guesses by an order are chance still: eight and more come once in 100,000 times.
CHANCE = 8

Table = dict[str, tuple[Any, ...]]
Order = Callable[[Any], Any]


def copy_of_everything() -> dict[str, Table]:
    """Every row of every table, with what PostgreSQL keeps beside it: the transactions that wrote and locked it."""
    hidden = ", xmin::text, xmax::text" if connection.vendor == "postgresql" else ""
    found: dict[str, Table] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT *{hidden} FROM "{table}"')
            found[table] = {repr(row): row for row in cursor.fetchall()}
    return found


def changed(before: dict[str, Table], after: dict[str, Table]) -> dict[str, int]:
    """How many rows are new or gone, by table."""
    counts = {name: len(before[name].keys() ^ after[name].keys()) for name in after}
    return {name: count for name, count in counts.items() if count}


class JoinAttack(CastTestCase):
    """Thirty people answer an anonymous wave from their browsers, in an order nobody wrote down."""

    truth: dict[int, str]  # participant -> the key under which its answer is held

    def setUp(self) -> None:
        self.wave = world.wave(Mode.ANONYMOUS)
        self.links: dict[int, str] = {}
        for number in range(PEOPLE):
            partner = (self.parks, self.roads, self.trails)[number % 3]
            person = world.person_at(self, partner, f"Respondent {number}")
            participant, raw = world.invited(self.wave, person, partner)
            self.links[participant.pk] = raw
        few = next(iter(self.links))
        Participant.objects.filter(pk=few).update(language="es", state=Participant.State.SENT)
        self.truth = {row.pk: held_key(str(row.token_hash)) for row in Participant.objects.all()}
        self.order = random.sample(list(self.links), PEOPLE)
        self.log = io.StringIO()
        handler = logging.StreamHandler(self.log)
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, handler)

    def answer(self, participant: int, revision: int = 0, **ratings: int) -> None:
        said = {f"q-{key}": str(value) for key, value in (ratings or {"overall": 1}).items()}
        sent = {**said, "q-change": f"Words {participant}", "revision": str(revision)}
        url = reverse("surveys:answer", args=[self.links[participant]])
        browser = Client()
        browser.get(url + "?overall=1")
        self.assertEqual(browser.post(url, sent).status_code, 302)
        browser.get(f"{url}thank-you/")

    def test_between_two_copies_one_held_row_is_new_and_nothing_else_changed(self) -> None:
        before = copy_of_everything()
        for place, participant in enumerate(self.order[:6]):
            self.answer(participant)
            after = copy_of_everything()
            difference = changed(before, after)
            if place == 0:
                self.assertEqual(difference.pop("surveys_wave"), 2, "that there are answers, once")
            elif connection.vendor == "postgresql":
                difference.pop("surveys_wave", None)  # the lock all answers share
            self.assertEqual(difference, {"surveys_held": 1})
            before = after

    def test_a_change_changes_the_held_row_alone(self) -> None:
        self.answer(self.order[0])
        before = copy_of_everything()
        self.answer(self.order[0], revision=1)
        difference = changed(before, copy_of_everything())
        difference.pop("surveys_wave", None)
        self.assertEqual(difference, {"surveys_held": 2})

    def test_of_two_copies_nobody_reads_what_the_one_who_answered_between_them_said(self) -> None:
        """Whoever knows that this person alone came since the last backup has their row; it must say nothing."""
        sizes = set()
        for participant, ratings in zip(
            self.order, ({"overall": 1}, {"overall": 5, "ease": 4, "recommend": 10}), strict=False
        ):
            before = copy_of_everything()["surveys_held"].keys()
            self.answer(participant, **ratings)
            (new,) = copy_of_everything()["surveys_held"].keys() - before
            for said in ("overall", "ease", "Words", "change"):
                self.assertNotIn(said, new)
            row = Held.objects.get(key=self.truth[participant])
            self.assertEqual(opened(row.answers, row.key).items() & ratings.items(), ratings.items())
            sizes.add(len(row.answers))
        self.assertEqual(
            len(sizes), 1, "how much somebody answered, or wrote, is not to be seen from outside"
        )

    def test_no_value_of_a_held_row_stands_anywhere_else(self) -> None:
        self.everybody()
        elsewhere = {
            str(value)
            for name, table in copy_of_everything().items()
            if name != "surveys_held"
            for row in table.values()
            for value in row
        }
        for row in Held.objects.all():
            self.assertFalse({row.key, str(row.pk), json.dumps(row.answers)} & elsewhere)

    def test_what_can_be_worked_out_of_a_participant_is_no_key(self) -> None:
        self.everybody()
        keys = set(Held.objects.values_list("key", flat=True))
        self.assertEqual(keys, set(self.truth.values()))
        for row in Participant.objects.select_related("person"):
            known = (str(row.pk), str(row.token_hash), row.email, str(row.person_id), row.person.name)
            for first, second in itertools.product(("", *known, str(self.wave.pk), self.wave.key), known):
                for text in (first + second, f"{first}:{second}"):
                    for method in ("sha256", "sha3_256", "blake2s"):
                        self.assertNotIn(hashlib.new(method, text.encode()).hexdigest(), keys)

    def test_no_order_of_rows_leads_from_one_to_the_other(self) -> None:
        self.everybody()
        held = list(Held.objects.order_by())  # as they lie
        asked = list(Participant.objects.order_by())
        as_they_lie: Order = held.index

        def watched(row: Any) -> int:
            """Somebody saw who came when."""
            return self.order.index(row.pk)

        orders_of_held: list[Order] = [
            as_they_lie,
            lambda row: row.pk,
            lambda row: row.key,
            lambda row: (row.revision, row.pk),
        ]
        orders_of_asked: list[Order] = [
            watched,
            asked.index,
            lambda row: row.pk,
            lambda row: row.token_hash,
            lambda row: row.email,
            lambda row: (row.partner_id, row.pk),
        ]
        for one, other in itertools.product(orders_of_held, orders_of_asked):
            if connection.vendor == "postgresql" and one is as_they_lie and other is watched:
                continue  # whose row it is; it is sealed. See "Given up" in docs/decisions/anonymity.md
            for backwards in (False, True):
                guessed = zip(sorted(asked, key=other), sorted(held, key=one, reverse=backwards), strict=True)
                right = sum(self.truth[participant.pk] == row.key for participant, row in guessed)
                self.assertLess(right, CHANCE)

    def test_a_language_few_speak_names_nobody(self) -> None:
        self.everybody()
        self.assertEqual(set(Held.objects.values_list("language", flat=True)), {"en"})

    def test_log_outbox_trail_and_sessions_say_nothing(self) -> None:
        self.client.force_login(self.ben)
        before = copy_of_everything()
        self.everybody()
        after = copy_of_everything()
        for name in (
            "outbox_message",
            "audit_entry",
            "django_session",
            "usersessions_usersession",
            "people_user",
        ):
            self.assertEqual(before[name].keys(), after[name].keys(), name)
        log = self.log.getvalue()
        for secret in (*self.links.values(), *self.truth.values(), "Words", "/answer/"):
            self.assertNotIn(secret, log)

    def test_of_a_closed_wave_no_rating_is_left_and_no_words_lead_to_a_person(self) -> None:
        mine = {
            pk: {"overall": 1 + n % 5, "ease": 1 + n // 5 % 5, "recommend": n // 25} for n, pk in self.told()
        }
        for participant in self.order:
            self.answer(participant, **mine[participant])
        closing.close_wave(self.wave.pk, by=self.cora)
        jobs.run_waiting()
        asked = list(Participant.objects.order_by())
        remarks = list(Remark.objects.order_by())
        self.assertEqual((Response.objects.count(), len(remarks), Held.objects.count()), (0, PEOPLE, 0))
        wrote = {
            row.pk: int(row.text.removeprefix("Words ")) for row in remarks
        }  # the truth, which no row holds
        for one, other in itertools.product(self.orders(asked), self.orders(remarks)):
            for backwards in (False, True):
                pairs = zip(
                    sorted(asked, key=one), sorted(remarks, key=other, reverse=backwards), strict=True
                )
                self.assertLess(sum(left.pk == wrote[right.pk] for left, right in pairs), CHANCE)
        known = {str(value) for row in asked for value in (row.pk, row.person_id, row.email)}
        for row in remarks:
            self.assertFalse(known & {str(row.pk), row.question, row.text}, row)

    def told(self) -> list[tuple[int, int]]:
        """Participants, numbered by chance, so that what they say follows no order of theirs."""
        return list(enumerate(random.sample(list(self.links), PEOPLE), start=0))

    def orders(self, rows: list[Any]) -> list[Order]:
        """Every order that somebody who holds the database could put such rows in."""
        found: list[Order] = [rows.index, lambda row: row.pk]
        if isinstance(rows[0], Participant):
            found += [lambda row: self.order.index(row.pk), lambda row: row.email]
        return found

    def everybody(self) -> None:
        for participant in self.order:
            self.answer(participant)
        self.assertEqual(Held.objects.count(), PEOPLE)
        self.assertTrue(Wave.objects.get(pk=self.wave.pk).has_answers)
