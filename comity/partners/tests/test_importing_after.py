"""What comes after a list was applied, on its page: what to do next, and why it cannot be undone."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.imports.models import Import
from comity.partners.models import Partner
from comity.partners.services import update_partner
from comity.testing.cast import CastTestCase

LIST = "Name,Code,People\nDepartment of Parks,PARKS,1200\nHarbor Authority,,12\n"


class Applied(CastTestCase):
    def bring(self, text: str = LIST) -> Import:
        file = SimpleUploadedFile("list.csv", text.encode())
        self.post(reverse("imports:new"), {"profile": "partners", "file": file}, by=self.ada)
        self.run_jobs()
        return Import.objects.latest("pk")

    def test_a_refused_undo_says_which_records_who_changed_them_when_and_what_can_be_done(self) -> None:
        batch = self.bring()
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        for name, headcount in (("Harbor Authority", 13), ("Department of Parks", 1_300)):
            partner = Partner.objects.get(name=name)
            update_partner(partner.pk, {"headcount": headcount}, by=self.cora)
        self.client.force_login(self.ada)
        said = self.reads(self.client.post(reverse("imports:undo", args=[batch.pk]), follow=True))
        self.assertIn("This import cannot be undone. Changed since the import, last by Cora", said)
        self.assertIn("“Department of Parks”, “Harbor Authority”", said)
        self.assertIn("Change single records on their pages, or import a corrected list.", said)

    def test_what_to_do_next_is_said_once_it_is_applied(self) -> None:
        batch = self.bring(
            "Name,Kind,City\nHarbor Authority,district,Port\nAuthority of the Harbor,district,Port\n"
        )
        self.assertNotIn("What to do next", self.reads(self.page(batch.get_absolute_url(), by=self.ada)))
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        page = self.page(batch.get_absolute_url(), by=self.ada)
        self.assertIn("2 new partners have no lead contact. Assign contacts", self.reads(page))
        self.assertIn("1 pair may be the same. Look at them", self.reads(page))
