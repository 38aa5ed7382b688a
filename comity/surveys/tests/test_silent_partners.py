"""The partners of whom nobody answered, as a worklist; never where it may not be known who answered."""

from __future__ import annotations

from django.utils.html import escape

from comity.surveys.models import Mode, Participant, Wave
from comity.surveys.tests import world
from comity.surveys.tests.test_wave_pages import WavePagesTestCase


class SilentPartners(WavePagesTestCase):
    def asked(self, mode: str = Mode.NAMED) -> Wave:
        """Ben of Parks answered, Eve beside him did not; at Roads and Trails nobody did, and Trails was not reached."""
        wave = world.wave(mode)
        for person, partner in (
            (self.ben_person, self.parks),
            (self.eve_person, self.parks),
            (self.cy_person, self.roads),
            (self.flo_person, self.roads),
            (world.person_at(self, self.trails, "Tia"), self.trails),
        ):
            world.invited(wave, person, partner)
        wave.participants.filter(partner=self.trails).update(state=Participant.State.BOUNCED)
        world.answered(wave.participants.get(person=self.ben_person), overall=4)
        return wave

    def test_those_who_were_reached_and_all_kept_silent_are_listed(self) -> None:
        wave = self.asked()
        with self.subTest("the page of the wave leads there"):
            self.assertContains(self.page(f"/waves/{wave.pk}/", by=self.ana), f"/waves/{wave.pk}/silent/")
        page = self.reads(self.page(f"/waves/{wave.pk}/silent/"))
        self.assertIn("Nobody has answered from 1 partner.", page)
        self.assertIn("Department of Roads", page)
        self.assertNotIn("Division of Trails", page)
        lines = self.csv(f"/waves/{wave.pk}/silent/?format=csv").splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn(",2,", lines[1])

    def test_a_contact_sees_their_own(self) -> None:
        wave = self.asked()
        page = self.reads(self.page(f"/waves/{wave.pk}/silent/?mine=1", by=self.ana))
        self.assertNotIn("Department of Roads", page)

    def test_the_number_of_people_opens_those_people(self) -> None:
        wave = self.asked()
        rested, _raw = world.invited(wave, world.person_at(self, self.roads, "Rea"), self.roads)
        Participant.objects.filter(pk=rested.pk).update(state=Participant.State.RESTING)
        narrowed = f"silent=1&partner={self.roads.pk}"
        self.assertContains(self.page(f"/waves/{wave.pk}/silent/", by=self.ana), escape(narrowed))
        people = self.csv(f"/waves/{wave.pk}/people/?{narrowed}&format=csv").splitlines()
        self.assertEqual(len(people) - 1, 2, "as many as the number says")
        page = self.reads(self.page(f"/waves/{wave.pk}/people/?{narrowed}"))
        self.assertIn("Cy Young", page)
        self.assertNotIn("Ben Okafor", page)

    def test_where_names_are_kept_back_it_is_not_there(self) -> None:
        quiet = world.wave(Mode.CONFIDENTIAL, key="quiet")
        for wave, who in ((world.wave(Mode.ANONYMOUS, key="nobody"), self.cora), (quiet, self.ana)):
            world.invited(wave, self.cy_person, self.roads)
            self.client.force_login(who)
            self.assertEqual(self.client.get(f"/waves/{wave.pk}/silent/").status_code, 404)
            self.assertNotContains(self.client.get(f"/waves/{wave.pk}/"), "/silent/")
        self.assertEqual(self.page(f"/waves/{quiet.pk}/silent/", by=self.cora).status_code, 200)

    def test_a_full_page_costs_as_much_as_a_page_of_one(self) -> None:
        wave = self.asked()
        self.page(f"/waves/{wave.pk}/silent/", by=self.ana)
        with self.assertQueries(7):
            self.client.get(f"/waves/{wave.pk}/silent/")
