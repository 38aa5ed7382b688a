"""The charter: written by the chief customer officer, endorsed by the CIO, read by everybody, and final from then on."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction
from django.urls import reverse

from comity.audit.models import Entry
from comity.charter import services
from comity.charter.models import ROLES, Charter, Part
from comity.notifications.models import Notice
from comity.testing.cast import CastTestCase

PAGE, PORTAL = 4, 5  # queries
SAID: dict[str, Any] = {
    **dict.fromkeys(ROLES, "not_ours"),
    **{f"{name}_words": "" for name in ROLES},
    "purpose": "Everybody has somebody to call.",
    "bridge": "ours",
    "bridge_words": "Face to face.",
}


class CharterTestCase(CastTestCase):
    def written(self, **more: Any) -> Charter:
        return services.write({**SAID, **more}, by=self.cora)

    def endorsed(self, **more: Any) -> Charter:
        made = self.written(**more)
        return services.endorse(made.pk, version=made.version, by=self.ira)

    def endorse(self, charter: Charter, version: object, by: Any) -> Any:
        self.client.force_login(by)
        return self.client.post(reverse("charter:endorse", args=[charter.pk]), {"version": version})


class Writing(CharterTestCase):
    def test_a_draft_is_written_and_the_cio_is_asked_once(self) -> None:
        self.page(reverse("charter:in_force"), by=self.cora)
        url = reverse("charter:write")
        self.page(url, by=self.cora)
        self.post(url, SAID)
        self.post(url, {**SAID, "sell": "shared"})
        draft = Charter.objects.get()
        self.assertEqual((draft.sell, draft.bridge, draft.written_by), ("shared", "ours", self.cora))
        self.assertEqual(Notice.objects.get(kind=services.TO_ENDORSE).user, self.ira)

    def test_a_new_draft_begins_as_the_charter_in_force(self) -> None:
        self.endorsed()
        self.assertIn("Face to face.", self.page(reverse("charter:write"), by=self.cora).text)
        self.written(help_desk="ours")
        self.assertEqual(Charter.objects.in_force().get().help_desk, Part.NOT_OURS)

    def test_a_charter_without_a_purpose_or_a_role_is_refused(self) -> None:
        self.client.force_login(self.cora)
        for wrong in ({"purpose": " "}, {"bridge": "not_ours"}, {"bridge": "perhaps"}):
            answer = self.client.post(reverse("charter:write"), {**SAID, **wrong})
            self.assertEqual(answer.status_code, 422)
        self.assertFalse(Charter.objects.exists())


class Endorsing(CharterTestCase):
    def test_the_cio_puts_it_in_force_and_partners_read_it(self) -> None:
        draft = self.written()
        self.page(draft.get_absolute_url(), by=self.ira)
        with self.assertQueries(PAGE):
            self.page(draft.get_absolute_url())
        self.endorse(draft, draft.version, self.ira)
        draft.refresh_from_db()
        self.assertEqual((draft.endorsed_by, Charter.objects.in_force().get().bridge), (self.ira, Part.OURS))
        self.assertFalse(Notice.objects.exists())
        self.assertEqual(Entry.objects.about(draft).latest("pk").action, services.ENDORSE)
        self.page(reverse("charter:portal"), by=self.ben)
        with self.assertQueries(PORTAL):
            page = self.page(reverse("charter:portal"))
        self.assertIn("Face to face.", page.text)

    def test_what_changed_since_it_was_read_is_not_endorsed(self) -> None:
        draft = self.written()
        self.written(sell="ours")
        for version in (draft.version, "x", ""):
            self.endorse(draft, version, self.ira)
        draft.refresh_from_db()
        self.assertIsNone(draft.endorsed_at)

    def test_nobody_but_the_cio_endorses(self) -> None:
        draft = self.written()
        self.assertEqual(self.endorse(draft, draft.version, self.cora).status_code, 403)

    def test_what_is_endorsed_never_changes_again(self) -> None:
        old = self.endorsed()
        self.endorse(old, old.version, self.ira)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Charter.objects.filter(pk=old.pk).update(sell="ours")
        with self.assertRaises(DatabaseError), transaction.atomic():
            old.delete()
        new = self.endorsed(sell="ours")
        self.assertIn("A later charter is in force", self.page(old.get_absolute_url(), by=self.ana).text)
        self.assertEqual(list(Charter.objects.visible_to(self.ben)), [new])

    def test_a_partner_never_reads_a_draft(self) -> None:
        self.written()
        self.assertIn("has not written", self.page(reverse("charter:portal"), by=self.ben).text)
