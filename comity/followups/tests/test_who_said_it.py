"""Writing it down: the partner and who said it know of each other, with scripts and without."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.office import services as office
from comity.partners.models import Person, Position


class WhoSaidIt(RingTestCase):
    url = reverse("followups:new")

    def said(self, **more: Any) -> dict[str, Any]:
        return {
            "title": "Salt is late",
            "kind": "concern",
            "severity": "normal",
            "heard_on": office.today().isoformat(),
            **more,
        }

    def offered(self, name: str, **asked: Any) -> list[tuple[str, str, bool]]:
        found = self.client_of(self.olu).get(reverse("ui:pick", args=[name]), asked).json()["items"]
        return [(item["label"].partition(" (")[0], item["hint"], item["near"]) for item in found]

    def test_the_people_of_the_partner_are_offered_before_anything_is_typed_its_head_first(self) -> None:
        found = self.offered("person", beside=self.parks.pk)
        titles = [("Eve Head", "PARKS Executive", True), ("Ben Okafor", "PARKS IT lead", True)]
        self.assertEqual(found, titles)

    def test_its_people_come_first_in_what_is_typed_and_others_can_still_be_found(self) -> None:
        other = Person.objects.create(name="Ben Abbott")
        Position.objects.create(partner=self.roads, person=other, title="Engineer")
        names = [(name, near) for name, _hint, near in self.offered("person", q="ben", beside=self.parks.pk)]
        self.assertEqual(names, [("Ben Okafor", True), ("Ben Abbott", False)])

    def test_where_somebody_works_is_offered_first(self) -> None:
        names = [
            name for name, _hint, near in self.offered("partner-today", beside=self.ben_person.pk) if near
        ]
        self.assertEqual(names, ["Department of Parks"])

    def test_a_post_that_is_over_brings_nobody_near(self) -> None:
        Position.objects.filter(person=self.ben_person).update(ends_on=office.today())
        self.assertEqual([name for name, *_ in self.offered("person", beside=self.parks.pk)], ["Eve Head"])

    def test_what_is_no_key_brings_nobody_near(self) -> None:
        for beside in ("x", "9" * 30, "-1", "0", ""):
            with self.subTest(beside):
                self.assertFalse(any(near for *_, near in self.offered("person", q="e", beside=beside)))

    def test_nothing_is_chosen_beforehand_that_the_address_does_not_name(self) -> None:
        form = self.page(self.url, by=self.olu).context["form"]
        self.assertEqual((form["partner"].value(), form["raised_by"].value()), (None, None))

    def test_without_scripts_the_browser_offers_the_people_of_the_partner(self) -> None:
        page = self.page(f"{self.url}?partner={self.parks.pk}", by=self.olu)
        self.assertContains(page, f'<option value="Eve Head ({self.eve.email})">')
        self.assertNotContains(page, "Flo Money")

    def test_of_two_of_one_name_the_one_at_the_partner_is_meant(self) -> None:
        other = Person.objects.create(name="Ben Okafor")
        Position.objects.create(partner=self.roads, person=other, title="Engineer")
        said = self.said(partner="Department of Roads", raised_by="Ben Okafor")
        self.post(self.url, said, by=self.olu)
        self.assertEqual(FollowUp.objects.get().raised_by_person, other)

    def test_someone_of_another_house_is_refused_with_where_they_are(self) -> None:
        said = self.said(partner="Department of Roads", raised_by="Ben Okafor")
        refused = (
            "Ben Okafor has no position at Department of Roads, only at: Department of Parks. "
            "Choose someone who does, change what stands above, or leave this empty."
        )
        answer = self.post_refused(self.url, said, refused, by=self.ana)
        self.assertContains(answer, f'<option value="Flo Money ({self.flo.email})">', status_code=422)
        self.assertFalse(FollowUp.objects.exists())

    def test_where_they_work_is_filled_in_and_saved_again(self) -> None:
        said = self.said(raised_by="Ben Okafor")
        answer = self.post_refused(
            self.url, said, "Ben Okafor works at Department of Parks, so we filled", by=self.ana
        )
        form = answer.context["form"]
        self.assertContains(answer, 'value="Department of Parks (PARKS)"', status_code=422)
        again = {name: value for name, value in form.data.items() if name != "csrfmiddlewaretoken"}
        self.post(self.url, again, by=self.ana)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.partner, follow_up.raised_by_person), (self.parks, self.ben_person))

    def test_it_may_still_be_about_the_office_as_a_whole(self) -> None:
        said = self.said(raised_by="Ben Okafor", asked=self.ben_person.pk)
        self.post(self.url, said, by=self.ana)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.partner, follow_up.raised_by_person), (None, self.ben_person))

    def test_of_several_places_one_is_chosen(self) -> None:
        Position.objects.create(partner=self.roads, person=self.ben_person, title="Adviser")
        asks = "Ben Okafor works at: Department of Parks; Department of Roads. Choose one,"
        answer = self.post_refused(self.url, self.said(raised_by="Ben Okafor"), asks, by=self.ana)
        self.assertContains(answer, '<option value="Department of Roads (ROADS)">', status_code=422)
        self.assertEqual(answer.context["form"]["partner"].value(), None)

    def test_whoever_has_no_post_is_asked_nothing(self) -> None:
        Person.objects.create(name="Kit Stone")
        self.post(self.url, self.said(raised_by="Kit Stone"), by=self.ana)
        self.assertEqual(FollowUp.objects.get().partner, None)
