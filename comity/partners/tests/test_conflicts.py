"""Two people edit one row: both versions and the original stand side by side, and one of them decides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.partners import services
from comity.partners.models import Partner, Person
from comity.testing.cast import CastTestCase


class Conflict(CastTestCase):
    """Cora has the form of Parks open while Ana saves."""

    @property
    def url(self) -> str:
        return reverse("partners:edit", args=[self.parks.pk])

    def opened(self) -> dict[str, str]:
        """What the form carries from the moment it was opened."""
        return self.seen(self.url, by=self.cora)

    def form(self, began: dict[str, str], **changes: Any) -> dict[str, Any]:
        return {
            **began,
            "name": "Department of Parks",
            "code": "PARKS",
            "kind": "agency",
            "status": "active",
            "tier": self.tier.pk,
            **changes,
        }

    def ana_saves(self, **values: Any) -> None:
        services.update_partner(self.parks.pk, values, by=self.ana)

    def now(self) -> Partner:
        return Partner.objects.get(pk=self.parks.pk)

    def test_without_another_it_is_saved(self) -> None:
        form = self.form(self.opened(), headcount="120", budget_cents="$1,234.50", aliases="DPW\nParks Dept.")
        self.post(self.url, form, expect=reverse("partners:facts", args=[self.parks.pk]))
        self.assertEqual(
            (self.now().headcount, self.now().budget_cents, self.now().version), (120, 123_450, 2)
        )

    def test_yours_theirs_and_the_original_stand_side_by_side(self) -> None:
        began = self.opened()
        self.ana_saves(headcount=130)
        answer = self.post(self.url, self.form(began, headcount="120"), expect=409)
        words = self.reads(answer)
        for said in ("When you started: nothing", "Theirs: 130", "Yours: 120", "while you had it open"):
            self.assertIn(said, words)
        self.assertEqual(self.now().headcount, 130)

    def test_yours_is_kept_where_it_is_chosen(self) -> None:
        began = self.opened()
        self.ana_saves(headcount=130, place="Franklin City")
        answer = self.post(self.url, self.form(began, headcount="120"), expect=409)
        self.assertEqual([each.name for each in answer.context["differences"]], ["headcount"])
        self.post(
            self.url,
            self.chosen(answer, headcount="yours"),
            expect=reverse("partners:facts", args=[self.parks.pk]),
        )
        self.assertEqual((self.now().headcount, self.now().place), (120, "Franklin City"))

    def test_theirs_stays_where_it_is_chosen(self) -> None:
        began = self.opened()
        self.ana_saves(headcount=130)
        answer = self.post(self.url, self.form(began, headcount="120", place="Franklin City"), expect=409)
        self.post(self.url, self.chosen(answer, headcount="theirs"))
        self.assertEqual((self.now().headcount, self.now().place), (130, "Franklin City"))

    def test_a_third_who_saves_while_one_chooses_is_seen_too(self) -> None:
        began = self.opened()
        self.ana_saves(headcount=130)
        answer = self.post(self.url, self.form(began, headcount="120"), expect=409)
        choice = self.chosen(answer)
        services.update_partner(self.parks.pk, {"headcount": 140}, by=self.ada)
        again = self.post(self.url, choice, expect=409)
        self.assertIn("Theirs: 140", self.reads(again))

    def test_a_form_that_was_tampered_with_is_no_way_round(self) -> None:
        self.ana_saves(headcount=130)
        self.client.force_login(self.cora)
        self.post(self.url, self.form({"seen_before": "forged"}, headcount="120"), expect=409)
        self.assertEqual(self.now().headcount, 130)

    def test_what_was_sealed_for_one_row_opens_no_other(self) -> None:
        began = self.opened()
        roads = reverse("partners:edit", args=[self.roads.pk])
        self.post(
            roads,
            {**self.form(began, headcount="9"), "name": "Department of Roads", "code": "ROADS"},
            expect=409,
        )

    def test_refusals_stand_beside_their_field(self) -> None:
        answer = self.post(self.url, self.form(self.opened(), code="ROADS"), expect=422)
        self.assertIn("The code ROADS belongs to Department of Roads.", self.reads(answer))
        self.assertContains(answer, 'id="id_code_error"', status_code=422)

    def test_ten_thousand_characters_and_no_domain_get_a_sentence(self) -> None:
        form = self.form(self.opened(), name="x" * 10_000, domains="no domain")
        words = self.reads(self.post(self.url, form, expect=422))
        self.assertIn("10,000 characters. A name can have up to 300", words)
        self.assertIn("“no domain” is not an internet domain", words)

    def test_a_parent_that_would_close_a_circle_is_refused_beside_its_field(self) -> None:
        answer = self.post(self.url, self.form(self.opened(), parent="Division of Trails"), expect=422)
        self.assertIn("because Division of Trails is part of Department of Parks", self.reads(answer))

    def test_a_parent_that_does_not_exist_is_refused(self) -> None:
        answer = self.post(self.url, self.form(self.opened(), parent="Ministry of Magic"), expect=422)
        self.assertIn("Nothing is named “Ministry of Magic”", self.reads(answer))
        answer = self.post(self.url, self.form(self.opened(), parent="a" * 70_000), expect=422)
        self.assertIn("Nothing is named “aaaa", self.reads(answer))


class PersonConflict(CastTestCase):
    """Cora has the form of Ben open while Ana saves."""

    def test_yours_and_theirs_stand_side_by_side(self) -> None:
        url = reverse("partners:edit_person", args=[self.ben_person.pk])
        began = self.seen(url, by=self.cora)
        services.update_person(self.ben_person.pk, {"phone": "555 1"}, by=self.ana)
        form = {
            **began,
            "name": "Ben Okafor",
            "email": self.ben.email,
            "language": "es",
            "phone": "555 2",
        }
        words = self.reads(self.post(url, form, expect=409))
        self.assertIn("Theirs: 555 1", words)
        self.assertNotIn("Spanish", words)  # only one of them changed it
        self.assertEqual(Person.objects.get(pk=self.ben_person.pk).phone, "555 1")
