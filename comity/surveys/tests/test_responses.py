"""Single answers, as the office reads them."""

from __future__ import annotations

from django.urls import reverse

from comity.surveys.models import Mode, Participant, Response, Wave
from comity.surveys.services import answering
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class ReadingAnswers(CastTestCase):
    def answered(self, mode: str = Mode.NAMED, *, may_contact: bool = False, people: int = 2) -> Wave:
        wave = world.wave(mode, key=f"wave-{mode}")
        for number in range(people):
            person = world.person_at(self, (self.parks, self.roads)[number % 2], f"Person {number} {mode}")
            made, _raw = world.invited(wave, person, (self.parks, self.roads)[number % 2])
            participant = Participant.objects.answerable().get(pk=made.pk)
            answers = {"overall": 2 if number == 0 else 5, "change": f"Words {number}"}
            answering.answer(
                participant, answers, complete=True, language="en", may_contact=may_contact, revision=0
            )
        return wave

    def test_an_answer_is_read_with_who_when_and_what_comes_of_it(self) -> None:
        wave = self.answered()
        response = Response.objects.get(partner=self.parks, wave=wave)
        read = self.reads(self.page(reverse("surveys:response", args=[response.pk]), by=self.ana))
        for words in (
            "Person 0 named",
            "How satisfied are you?",
            "2 of 5",
            "not answered",
            "Words 0",
            "Person 0 named: “Words 0”",
        ):
            self.assertIn(words, read)

    def test_the_list_finds_the_low_ones_and_costs_the_same_for_many(self) -> None:
        wave = self.answered(people=6)
        url = reverse("surveys:responses", args=[wave.pk])
        self.page(url, by=self.ana)
        many = self.count(url)
        self.assertLessEqual(many, 11)
        kept = ["Person 0 named", "Person 1 named"]
        Response.objects.filter(wave=wave).exclude(person__name__in=kept).delete()
        self.assertEqual(self.count(url), many)
        low = self.reads(self.page(f"{url}?low=1", by=self.ana))
        self.assertIn("Person 0 named", low)
        self.assertNotIn("Person 1 named", low)

    def count(self, url: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.client.get(url)
        return len(asked)

    def test_the_csv_has_names_keys_and_each_answer(self) -> None:
        wave = self.answered()
        self.client.force_login(self.ana)
        answer = self.client.get(reverse("surveys:responses", args=[wave.pk]) + "?format=csv")
        text = answer.getvalue().decode()
        for words in ("person", "partner_code", "overall", "PARKS", "Words 0"):
            self.assertIn(words, text)

    def test_an_imported_response_may_name_nobody(self) -> None:
        wave = world.wave(state=Wave.State.CLOSED, imported=True)
        response = Response.objects.create(
            wave=wave, answers={"overall": 2}, is_complete=True, day=self.today
        )
        self.assertIn(
            "Nobody is named",
            self.reads(self.page(reverse("surveys:responses", args=[wave.pk]), by=self.ana)),
        )
        self.assertIn(
            "2 of 5", self.reads(self.page(reverse("surveys:response", args=[response.pk]), by=self.ana))
        )
        self.client.force_login(self.ana)
        answer = self.client.get(reverse("surveys:responses", args=[wave.pk]) + "?format=csv")
        self.assertIn("Nobody is named", answer.getvalue().decode())

    def test_what_is_only_saved_is_not_read(self) -> None:
        self.answered()
        Response.objects.update(is_complete=False)
        response = Response.objects.first()
        assert response is not None
        self.page(reverse("surveys:response", args=[response.pk]), by=self.cora, status=404)

    def test_confidential_answers_are_read_by_those_who_may(self) -> None:
        wave = self.answered(Mode.CONFIDENTIAL)
        url = reverse("surveys:responses", args=[wave.pk])
        self.assertNotIn("Person 0", self.reads(self.page(url, by=self.ana)))
        self.assertIn("Person 0", self.reads(self.page(url, by=self.cora)))

    def test_an_anonymous_wave_has_no_such_page(self) -> None:
        wave = self.answered(Mode.ANONYMOUS)
        self.page(reverse("surveys:responses", args=[wave.pk]), by=self.cora, status=404)
