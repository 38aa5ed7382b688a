"""What a partner's users read of a survey: their own people's answers beside those of all, and of nobody else."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comity.partners.models import Partner
from comity.people.models import User
from comity.people.roles import Role
from comity.surveys.models import Mode, Wave
from comity.surveys.services import accounts, counting
from comity.surveys.services.partner_results import shared_with
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

SMALLEST = 5


class PortalTestCase(CastTestCase):
    def people(self, wave: Wave, partner: Partner, ratings: list[int | None]) -> None:
        """So many people of a partner rate; None for one who does not answer."""
        for number, rating in enumerate(ratings):
            person = world.person_at(self, partner, f"{partner.code} {number} {wave.key}")
            participant, _raw = world.invited(wave, person, partner)
            if rating is not None:
                world.answered(participant, overall=rating)

    def closed(self, wave: Wave) -> Wave:
        counting.refresh(wave)
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closed_at=timezone.now())
        return Wave.objects.select_related("version").get(pk=wave.pk)

    def more(self, count: int) -> list[Partner]:
        return [self.cast.partner(f"Office {number}", f"O{number}") for number in range(count)]

    def usual(self, key: str = "usual", **facts: Any) -> Wave:
        """Parks 6, Roads 7, and two more that answer enough; Parks is less content than the others."""
        wave = world.wave(key=key, **facts)
        self.people(wave, self.parks, [2, 3, 3, 4, 2, 3, None])
        self.people(wave, self.roads, [5, 4, 5, 4, 5, 4, 5])
        for partner in self.more(2):
            self.people(wave, partner, [4, 5, 4, 5, 4])
        return self.closed(wave)

    def reading(self, wave: Wave, partner: Partner) -> Any:
        return {pair.whole.question.key: pair.own for pair in shared_with(wave, partner, [partner.pk]).pairs}


class Reading(PortalTestCase):
    def test_own_answers_stand_beside_those_of_all(self) -> None:
        wave = self.usual()
        page = self.page(reverse("surveys:portal_wave", args=[wave.pk]), by=self.eve)
        self.assertContains(page, "Your people rate us 2.8 out of 5. Everyone together rates us 4.0.")
        row = page.context["rows"][0]
        self.assertEqual((row["own"].n, row["all"].n), ("6", "23"))
        self.assertContains(page, "points worse than everyone: How satisfied are you?")
        self.assertNotContains(page, "Roads")

    def test_the_list_has_only_closed_waves_in_which_own_people_were_asked(self) -> None:
        wave = self.usual(name="Asked")
        other = world.wave(key="other", name="Roads alone")
        self.people(other, self.roads, [4] * 6)
        self.closed(other)
        still = world.wave(key="open")
        self.people(still, self.parks, [4] * 6)
        counting.refresh(still)
        page = self.page(reverse("surveys:portal_list"), by=self.eve)
        self.assertEqual([row.pk for row in page.context["table"].page], [wave.pk])
        for pk in (other.pk, still.pk, 999_999):
            self.page(reverse("surveys:portal_wave", args=[pk]), status=404)

    def test_whoever_sees_several_partners_chooses_and_no_other(self) -> None:
        wave = world.wave(key="two")
        self.people(wave, self.parks, [2, 3, 2, 3, 2])
        self.people(wave, self.trails, [5, 4, 5, 4, 5, 4])
        self.people(wave, self.roads, [5, 4, 5, 4, 5, 4])
        for partner in self.more(2):
            self.people(wave, partner, [4, 5, 4, 5, 4])
        wave = self.closed(wave)
        url = reverse("surveys:portal_wave", args=[wave.pk])
        self.assertContains(self.page(url, by=self.eve), "Your people rate us 2.4 out of 5")
        self.assertContains(self.page(f"{url}?partner={self.trails.pk}"), "Your people rate us 4.5 out of 5")
        for wrong in (str(self.roads.pk), "x", ""):
            self.page(f"{url}?partner={wrong}", status=404)

    def test_too_few_say_so_kindly_and_show_the_answers_of_all(self) -> None:
        wave = world.wave(key="few")
        self.people(wave, self.parks, [1, 2])
        self.people(wave, self.roads, [5, 4, 5, 4, 5, 4])
        for partner in self.more(2):
            self.people(wave, partner, [4, 5, 4, 5, 4])
        wave = self.closed(wave)
        page = self.page(reverse("surveys:portal_wave", args=[wave.pk]), by=self.eve)
        self.assertContains(page, "18 people answered in all.")
        self.assertContains(page, "not shown separately")
        self.assertNotContains(page, "You: mean")
        self.assertIsNone(page.context["rows"][0]["own"])

    def test_of_a_wave_that_too_few_answered_nothing_is_shown(self) -> None:
        wave = world.wave(key="tiny")
        self.people(wave, self.parks, [1, 2, None])
        page = self.page(reverse("surveys:portal_wave", args=[self.closed(wave).pk]), by=self.eve)
        self.assertContains(page, "Too few people answered to show results.")

    def test_in_spanish_it_is_spanish(self) -> None:
        wave = self.usual()
        User.objects.filter(pk=self.eve.pk).update(language="es")
        self.eve.refresh_from_db()
        page = self.page(reverse("surveys:portal_wave", args=[wave.pk]), by=self.eve)
        self.assertContains(page, "Su personal nos califica con")
        self.assertContains(self.page(reverse("surveys:portal_list")), "Preguntamos a su personal")

    def test_what_came_of_it_is_one_click_away_once_published(self) -> None:
        wave = self.usual()
        url = reverse("surveys:portal_wave", args=[wave.pk])
        self.assertNotContains(self.page(url, by=self.eve), "/told/")
        accounts.say(wave, {"heard_en": "Calls", "done_en": "Four people"}, by=self.cora)
        accounts.publish(wave, by=self.cora)
        self.assertContains(self.page(url), "/told/")

    def test_the_office_has_no_page_here(self) -> None:
        wave = self.usual()
        self.page(reverse("surveys:portal_wave", args=[wave.pk]), by=self.cora, status=403)

    def test_it_costs_the_same_however_many_there_are(self) -> None:
        wave = self.usual()
        url = reverse("surveys:portal_wave", args=[wave.pk])
        self.page(url, by=self.eve)
        with self.assertQueries(PAGE):
            self.client.get(url)
        with self.assertQueries(LIST):
            self.client.get(reverse("surveys:portal_list"))


class NoNeighbour(PortalTestCase):
    def test_of_two_bodies_neither_reads_its_own_since_the_rest_would_be_the_other(self) -> None:
        wave = world.wave(key="pair")
        self.people(wave, self.parks, [2, 3, 2, 3, 2, 3])
        self.people(wave, self.roads, [5, 4, 5, 4, 5, 4])
        wave = self.closed(wave)
        self.assertIsNone(self.reading(wave, self.parks)["overall"])

    def test_where_all_of_a_body_answer_alike_it_is_not_shown(self) -> None:
        wave = world.wave(key="alike")
        self.people(wave, self.parks, [2] * 6)
        self.people(wave, self.roads, [5, 4, 5, 4, 5, 4])
        for partner in self.more(2):
            self.people(wave, partner, [4, 5, 4, 5, 4])
        wave = self.closed(wave)
        self.assertIsNone(self.reading(wave, self.parks)["overall"])
        self.assertIsNotNone(self.reading(wave, self.roads)["overall"])

    def test_all_pages_of_all_partners_together_give_nobody_away(self) -> None:
        chance = random.Random(7)  # the same waves in every run
        offices = [self.parks, self.roads, *self.more(5)]
        for number in range(12):
            mode = (Mode.NAMED, Mode.CONFIDENTIAL)[number % 2]
            wave = world.wave(mode, key=f"attack-{number}", smallest_group=SMALLEST)
            given: dict[int, int] = {}
            for office in offices:
                ratings = [chance.randint(1, 5) for _each in range(chance.randint(0, 9))]
                self.people(wave, office, list(ratings))
                given[office.pk] = len(ratings)
            if mode == Mode.NAMED:
                wave = self.closed(wave)
            else:
                Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closed_at=timezone.now())
                wave = Wave.objects.select_related("version").get(pk=wave.pk)
                counting.refresh(wave)
            with self.subTest(number=number, given=given):
                self._attack(wave, offices, given)

    def _attack(self, wave: Wave, offices: list[Partner], given: dict[int, int]) -> None:
        total = sum(given.values())
        shown = {office.pk: row.n for office in offices if (row := self.reading(wave, office).get("overall"))}
        for pk, n in shown.items():
            self.assertEqual(n, given[pk])
            self.assertGreaterEqual(n, SMALLEST)
        for count in range(len(shown) + 1):
            for taken in combinations(shown.values(), count):
                left = total - sum(taken)
                self.assertTrue(left == 0 or left >= SMALLEST, f"{left} people are left")
        for pk in shown:
            others = [other for other, n in given.items() if n and other != pk]
            self.assertNotEqual(len(others), 1, "what is left would be one neighbour")

    def test_the_roles_that_sign_in_for_a_partner_read_it(self) -> None:
        wave = self.usual()
        url = reverse("surveys:portal_wave", args=[wave.pk])
        for user, role in ((self.ben, Role.PARTNER_IT_LEAD), (self.eve, Role.PARTNER_EXECUTIVE)):
            with self.subTest(role):
                self.assertContains(self.page(url, by=user), "Your people rate us")


PAGE, LIST = 13, 7
