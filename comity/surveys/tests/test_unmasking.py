"""Somebody holds the whole database after an anonymous wave was closed, and a solver, and works out who said what.

What they find has to be no better than what the pages of results say to everybody.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from comity.jobs.progress import Unwatched
from comity.partners.models import Partner, Person
from comity.people import tokens
from comity.surveys.models import Held, Mode, Participant, Question, Response, Wave
from comity.surveys.services import closing
from comity.surveys.services.sealing import held_key, sealed
from comity.surveys.tests import unmasking, world
from comity.surveys.tests.unmasking import Evidence, Sheet, guess
from comity.testing.cast import CastTestCase

RATINGS = 9
KINDS, SIZES = ("agency", "county", "city", "district"), ("small", "medium", "large", "largest")
AROUND = (-2, -1, -1, 0, 0, 1, 1, 2)
# People, their bodies, and the seeds each is tried with.
SMALL, LARGE = (24, 8, (1, 2, 3, 4)), (120, 40, (5, 6))


class Unmasking(CastTestCase):
    truth: dict[int, Sheet]  # participant -> what they said, which no row holds

    def closed(self, people: int, bodies: int, seed: int) -> Wave:
        """An anonymous wave that some of those it asked answered with nine ratings, closed."""
        chance = random.Random(seed)
        version = world.version(key=f"survey-{seed}")
        version.questions.exclude(key__in=["overall", "ease"]).delete()
        Question.objects.bulk_create(
            Question(
                version=version, key=f"driver-{n}", ask_en=f"Driver {n}", driver=f"driver-{n}", order=n + 2
            )
            for n in range(RATINGS - 2)
        )
        wave = world.wave(Mode.ANONYMOUS, key=f"wave-{seed}", version=version, has_answers=True)
        at = Partner.objects.bulk_create(
            Partner(name=f"Body {seed} {n}", name_key=f"body {seed} {n}", kind=chance.choice(KINDS))
            for n in range(bodies)
        )
        kept = {one.pk: (chance.choice(("", "Tier 1", "Tier 2")), chance.choice(SIZES)) for one in at}
        names = Person.objects.bulk_create(Person(name=f"Person {seed} {n}") for n in range(people))
        asked = []
        for person in names:
            body = chance.choice(at)
            tier, size = kept[body.pk]
            asked.append(
                Participant(
                    wave=wave,
                    person=person,
                    partner=body,
                    kind=body.kind,
                    tier=tier,
                    size=size,
                    state=Participant.State.SENT,
                    token_hash=tokens.new_token()[1],
                )
            )
        asked = Participant.objects.bulk_create(asked)
        keys = [one.key for one in version.questions.all()]
        self.truth = {one.pk: _ratings(chance) for one in asked if chance.random() < 0.9}
        held = [held_key(str(one.token_hash)) for one in asked]
        Held.objects.bulk_create(
            Held(
                wave=wave,
                key=key,
                answers=sealed(dict(zip(keys, self.truth[one.pk], strict=True)), key),
                is_complete=True,
            )
            for one, key in zip(asked, held, strict=True)
            if one.pk in self.truth
        )
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSING)
        closing.finish(Unwatched(), wave_id=wave.pk)
        return Wave.objects.get(pk=wave.pk)

    def as_it_was_kept_before(self, wave: Wave) -> None:
        """Each person's answers together and nobody's, in random order; and a mark on whoever answered."""
        keys = [one.key for one in wave.version.questions.all()]
        sheets = [dict(zip(keys, sheet, strict=True)) for sheet in self.truth.values()]
        random.Random(wave.pk).shuffle(sheets)
        Response.objects.bulk_create(Response(wave=wave, answers=sheet, is_complete=True) for sheet in sheets)
        Participant.objects.filter(pk__in=self.truth).update(answered=True)

    def right(self, evidence: Evidence, seed: int) -> tuple[int, int]:
        """How many people's nine ratings a guess has right, and how many single ratings."""
        found = guess(evidence, random.Random(seed))
        pairs = [(found.get(pk, ()), said) for pk, said in self.truth.items()]
        ratings = sum(one == other for told, said in pairs for one, other in zip(told, said, strict=False))
        return sum(told == said for told, said in pairs), ratings

    def in_their_group(self, evidence: Evidence, found: Mapping[int, Sheet]) -> int:
        """How many sheets a guess puts with the right kind, tier and size."""
        told, true = (
            Counter((evidence.people[pk][1:], said[pk]) for pk in self.truth) for said in (found, self.truth)
        )
        return (told & true).total()

    def alone(self, evidence: Evidence) -> set[int]:
        """Who answered as the only one of their kind, tier and size."""
        groups = Counter(evidence.people[pk][1:] for pk in self.truth)
        return {pk for pk in self.truth if groups[evidence.people[pk][1:]] == 1}

    def no_better_than_the_pages(self, people: int, bodies: int, seeds: tuple[int, ...]) -> None:
        for seed in seeds:
            with self.subTest(people=people, seed=seed):
                wave = self.closed(people, bodies, seed)
                held, shown = unmasking.of_the_database(wave), unmasking.of_the_pages(wave)
                self.assertEqual((held.sheets, held.answered), ((), frozenset()))
                self.assertTrue(shown.counts, "nothing is shown, so that there is nothing to attack")
                self.assertEqual(held.counts, shown.counts)
                self.assertEqual(self.right(held, seed), self.right(shown, seed))
                self.assertLessEqual(self.right(held, seed)[0], len(self.truth) // 10)

    def test_of_a_small_wave_the_database_tells_what_the_pages_say(self) -> None:
        self.no_better_than_the_pages(*SMALL)

    @pytest.mark.slow
    def test_of_a_large_wave_the_database_tells_what_the_pages_say(self) -> None:
        self.no_better_than_the_pages(*LARGE)

    def bites(self, people: int, bodies: int, seed: int) -> None:
        wave = self.closed(people, bodies, seed)
        without = self.right(unmasking.of_the_database(wave), seed)
        self.as_it_was_kept_before(wave)
        evidence = unmasking.of_the_database(wave)
        self.assertEqual(Counter(evidence.sheets), Counter(self.truth.values()))
        found = guess(evidence, random.Random(seed))
        alone = self.alone(evidence)
        self.assertGreater(self.right(evidence, seed)[0], 2 * without[0])
        self.assertGreater(self.in_their_group(evidence, found), len(self.truth) * 3 // 4)
        self.assertEqual({pk for pk in alone if found[pk] == self.truth[pk]}, alone)
        self.assertTrue(alone)

    def test_the_attack_names_people_where_their_ratings_stay_together(self) -> None:
        self.bites(24, 8, 1)

    @pytest.mark.slow
    def test_the_attack_names_people_of_a_large_wave_as_well(self) -> None:
        self.bites(120, 40, 5)

    def test_what_lies_in_rows_of_an_import_or_in_figures_is_found_as_well(self) -> None:
        wave = self.closed(24, 8, 7)
        sheet = dict.fromkeys(("overall", "ease"), 4)
        Wave.objects.filter(pk=wave.pk).update(figures={**wave.figures, "deep": [{"in": [sheet]}]})
        self.assertEqual(len(unmasking.of_the_database(wave).sheets), 1)


def _ratings(chance: random.Random) -> Sheet:
    overall = chance.choice((1, 2, 3, 3, 4, 4, 5))
    return (overall, *(max(1, min(5, overall + chance.choice(AROUND))) for _n in range(RATINGS - 1)))
