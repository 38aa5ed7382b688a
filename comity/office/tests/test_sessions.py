"""A session brings the office's settings along."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity.office.memory import remembering
from comity.office.models import Office
from comity.office.services import current_office
from comity.office.sessions import SessionStore
from comity.testing.cast import CastTestCase


class Sessions(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ana)
        self.key = str(self.client.session.session_key)

    def test_the_settings_are_those_of_the_row_field_by_field(self) -> None:
        Office.objects.update(
            name='Name "with" quotes, ñ',
            languages=["es", "en"],
            logo="office/l.png",
            set_up_at=timezone.now(),
        )
        with remembering():
            SessionStore(self.key).load()
            with self.assertNumQueries(0):
                found = current_office()
        known = Office.objects.get(pk=1)
        for field in Office._meta.concrete_fields:
            self.assertEqual(getattr(found, field.attname), getattr(known, field.attname), field.name)

    def test_what_changed_is_there_with_the_next_request(self) -> None:
        self.assertContains(self.client.get("/me/"), "Office of IT")
        Office.objects.update(name="Division of Things")
        self.assertContains(self.client.get("/me/"), "Division of Things")

    def test_before_the_office_is_set_up_it_has_its_defaults(self) -> None:
        Office.objects.all().delete()
        with remembering():
            SessionStore(self.key).load()
            self.assertEqual(current_office().name, "Office of IT")

    def test_a_session_is_saved_ended_and_not_found_as_ever(self) -> None:
        store = SessionStore(self.key)
        store["seen"] = 5
        store.save()
        self.assertEqual(SessionStore(self.key)["seen"], 5)
        store.flush()
        self.assertFalse(SessionStore().exists(self.key))
        self.assertEqual(SessionStore(self.key).load(), {})

    def test_a_page_reads_both_in_one_query(self) -> None:
        self.client.get("/find/?q=zz", headers={"Accept": "application/json"})
        with CaptureQueriesContext(connection) as asked:
            self.client.get("/find/?q=parks", headers={"Accept": "application/json"})
        self.assertEqual(len(asked), 3, asked.captured_queries)
