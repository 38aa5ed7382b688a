"""Every page of this room opens, sound, for those who may; and for nobody else."""

from __future__ import annotations

from django.urls import reverse

from comity.partners import capabilities
from comity.partners.models import Partner
from comity.partners.tabs import Tab
from comity.partners.tests.matrix import SUBJECTS
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring

LISTS = ("list", "people")
FORMS = ("add", "add_person")
# What is no page: an act, for a POST alone.
ACTS = {
    "partners:tell_apart_partner",
    "partners:tell_apart_person",
    "partners:undo_merge",
    "partners:undo_assign",
}


class Pages(CastTestCase):
    """Cora may do everything here; Olu looks; Ben belongs to Parks."""

    def test_every_page_of_an_object_opens_for_the_office(self) -> None:
        for name, subject in SUBJECTS.items():
            if name.startswith("partners:card") or name in ACTS:
                continue
            with self.subTest(name):
                self.page(reverse(name, args=subject.make(self.cast, self.parks)), by=self.cora)

    def test_an_act_is_none_of_these_pages(self) -> None:
        self.client.force_login(self.cora)
        for name in ACTS:
            with self.subTest(name):
                url = reverse(name, args=SUBJECTS[name].make(self.cast, self.parks))
                self.assertEqual(self.client.get(url).status_code, 405)

    def test_lists_and_forms_open(self) -> None:
        for name in (*LISTS, *FORMS):
            with self.subTest(name):
                self.page(reverse(f"partners:{name}"), by=self.cora)

    def test_a_partners_user_is_kept_out_of_all_of_them(self) -> None:
        for name, subject in SUBJECTS.items():
            with self.subTest(name):
                self.client.force_login(self.ben)
                url = reverse(name, args=subject.make(self.cast, self.parks))
                self.assertEqual(self.asked(name, url), 403)

    def test_what_does_not_exist_is_not_found(self) -> None:
        for name, subject in SUBJECTS.items():
            with self.subTest(name):
                self.client.force_login(self.cora)
                self.assertEqual(self.asked(name, reverse(name, args=subject.absent)), 404)

    def test_staff_look_and_change_nothing(self) -> None:
        url = reverse("partners:facts", args=[self.parks.pk])
        self.assertNotIn("Edit", self.reads(self.page(url, by=self.olu)))
        for name in ("edit", "retire", "assign", "add_post"):
            answer = self.client.post(reverse(f"partners:{name}", args=[self.parks.pk]), {"name": "Mine"})
            self.assertEqual(answer.status_code, 403, name)

    def test_a_merged_partner_leads_to_the_one_that_stayed(self) -> None:
        Partner.objects.filter(pk=self.trails.pk).update(merged_into=self.parks)
        self.client.force_login(self.olu)
        answer = self.client.get(reverse("partners:facts", args=[self.trails.pk]))
        self.assertRedirects(answer, reverse("partners:facts", args=[self.parks.pk]))

    def asked(self, name: str, url: str) -> int:
        """The status of the answer, to a question of the kind the URL is for."""
        return (self.client.post(url) if name in ACTS else self.client.get(url)).status_code


class Tabs(CastTestCase):
    def test_pages_of_other_rooms_about_a_partner_are_tabs_for_those_who_may_open_them(self) -> None:
        tab = Tab("gap", "Their gap", "partners:retire", capabilities.EDIT)
        url = reverse("partners:facts", args=[self.parks.pk])
        with declaring(tab, alone=True):
            self.assertIn("Their gap", self.reads(self.page(url, by=self.ana)))
            self.assertNotIn("Their gap", self.reads(self.page(url, by=self.olu)))
