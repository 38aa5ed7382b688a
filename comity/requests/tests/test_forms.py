"""The request form of an offering: written by its owner, put in force, final from then on."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction
from django.urls import reverse

from comity.core.errors import DomainError
from comity.requests import services
from comity.requests.fields import Field, shown
from comity.requests.models import Form
from comity.services.models import Offering, Service
from comity.testing.cast import CastTestCase

EDITOR, FORMS = 6, 5  # queries
SAID: dict[str, Any] = {"en": "How many?", "es": "", "hint_en": "", "hint_es": "", "name": "", "shown": ""}


class FormTestCase(CastTestCase):
    offering: Offering

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        service = Service.objects.create(
            name="Network", promise="It connects.", owner=cls.sol, status="offered"
        )
        cls.offering = Offering.objects.create(service=service, name="Line", code="line", unit="account")

    def put(self, kind: str, en: str, **more: Any) -> Form:
        return services.put(self.offering, Field("", kind, en, **more), by=self.sol)

    def published(self) -> Form:
        """Asks how many, for what (of two), and of the second why; three steps of seven days in all."""
        self.put("number", "How many?", required=True, least="1", most="100", es="¿Cuántas?", name="quantity")
        self.put("choice", "For what?", required=True, choices=[["Work", "Trabajo"], ["Other", "Otra cosa"]])
        self.put("text", "What else?", required=True, shown="f2:2")
        steps = [["1", "Check it", "Revisarla"], ["5", "Lay it", "Tenderla"], ["1", "Test it", ""]]
        services.write(self.offering, {"quantity": "f1", "steps": steps}, by=self.sol)
        return services.publish(self.offering, by=self.sol)

    def arrange(self, act: str, by: Any = None) -> Any:
        self.client.force_login(by or self.sol)
        return self.client.post(
            reverse("requests:arrange", args=[self.offering.pk]), {"act": act}, follow=True
        )

    def labels(self) -> list[str]:
        return [field.en for field in services.latest(self.offering).fields]


class Writing(FormTestCase):
    def test_a_field_of_each_kind_is_added_on_a_page_of_its_own(self) -> None:
        self.page(reverse("requests:form", args=[self.offering.pk]), by=self.sol)
        url = reverse("requests:add_field", args=[self.offering.pk])
        for kind, more in (
            ("number", {"least": "1", "most": "10"}),
            ("choice", {"choices": "Work | Trabajo\r\nOther"}),
            ("date", {"past": "on"}),
            *((kind, {}) for kind in ("text", "long", "place", "person", "cost_center", "file")),
        ):
            self.page(f"{url}?kind={kind}")
            self.assertEqual(self.client.post(f"{url}?kind={kind}", {**SAID, **more}).status_code, 302, kind)
        fields = services.latest(self.offering).fields
        self.assertEqual(len(fields), 9)
        self.assertEqual((fields[0].least, fields[0].most), ("1", "10"))
        self.assertEqual(fields[1].choices, [["Work", "Trabajo"], ["Other", ""]])
        self.assertTrue(fields[2].past)
        self.page(reverse("requests:form", args=[self.offering.pk]))
        with self.assertQueries(EDITOR):
            page = self.page(reverse("requests:form", args=[self.offering.pk]))
        self.assertIn("As partners see it", page.text)

    def test_a_field_that_is_changed_keeps_its_key_and_what_was_filled_in(self) -> None:
        self.put("choice", "For what?", choices=[["Work", "Trabajo"], ["Other", ""]])
        self.put("text", "What else?", shown="f1:2")
        url = reverse("requests:field", args=[self.offering.pk, "f2"])
        self.assertIn("If “For what?” is “Other”", self.page(url, by=self.sol).text)
        self.client.post(url, {**SAID, "en": "What exactly?", "shown": "f1:"})
        field = services.latest(self.offering).fields[1]
        self.assertEqual((field.key, field.en, field.shown), ("f2", "What exactly?", "f1:"))

    def test_fields_move_and_go_without_scripts(self) -> None:
        for label in ("One", "Two", "Three"):
            self.put("text", label)
        self.arrange("up:f3")
        self.assertEqual(self.labels(), ["One", "Three", "Two"])
        self.arrange("down:f1")
        self.arrange("remove:f2")
        self.assertEqual(self.labels(), ["Three", "One"])
        for wrong in ("up:f9", "sideways:f1", "", "remove"):
            self.assertIn("This no longer exists.", self.arrange(wrong).content.decode())

    def test_a_condition_that_points_forward_is_refused_with_a_sentence(self) -> None:
        self.put("choice", "For what?", choices=[["Work", ""], ["Other", ""]])
        self.put("text", "What else?", shown="f1:2")
        page = self.arrange("up:f2").content.decode()
        self.assertIn("“What else?” depends on “For what?”, so it has to come after it.", page)
        page = self.arrange("remove:f1").content.decode()
        self.assertIn("depends on an answer that is no longer there", page)
        self.assertEqual(self.labels(), ["For what?", "What else?"])
        for on in ("f3:", "f9:", "f1:3"):
            with self.assertRaises(DomainError):
                self.put("text", "Why?", shown=on)

    def test_what_means_nothing_is_refused_and_changes_nothing(self) -> None:
        for kind, more in (
            ("choice", {"choices": [["Only one", ""]]}),
            ("number", {"least": "5", "most": "4"}),
            ("color", {}),
        ):
            with self.assertRaises(DomainError):
                self.put(kind, "What?", **more)
        with self.assertRaises(DomainError):
            self.put("text", " ")
        self.client.force_login(self.sol)
        url = reverse("requests:add_field", args=[self.offering.pk])
        self.assertEqual(self.client.post(f"{url}?kind=number", {**SAID, "least": "many"}).status_code, 422)
        self.assertEqual(self.client.get(f"{url}?kind=color").status_code, 404)
        self.assertEqual(self.labels(), [])

    def test_steps_are_written_a_line_each(self) -> None:
        self.put("number", "How many?")
        url = reverse("requests:steps", args=[self.offering.pk])
        self.page(url, by=self.sol)
        said = {"steps": "2 | Check it | Revisarla\n0|Tell them", "quantity": "f1", "item": ""}
        self.client.post(url, said)
        form = services.latest(self.offering)
        self.assertEqual(form.steps, [["2", "Check it", "Revisarla"], ["0", "Tell them", ""]])
        self.assertEqual((form.days, form.quantity), (2, "f1"))
        for wrong in ("two | Check it", "3", "-1 | Check it", "3 | ", "²|x", "\n".join(["1 | Wait"] * 13)):
            answer = self.client.post(url, {**said, "steps": wrong})
            self.assertEqual(answer.status_code, 422, wrong)
        self.assertEqual(services.latest(self.offering).days, 2)
        self.assertEqual(self.client.post(url, {**said, "quantity": "f7"}).status_code, 422)


class Publishing(FormTestCase):
    def test_a_form_needs_to_say_what_happens_then(self) -> None:
        self.put("text", "What?")
        self.assertIn("at least one step", self.arrange("publish").content.decode())
        self.assertFalse(Form.objects.in_force().exists())

    def test_in_force_it_never_changes_and_the_next_version_begins_as_it(self) -> None:
        first = self.published()
        with self.assertRaises(DatabaseError), transaction.atomic():
            Form.objects.filter(pk=first.pk).update(asks=[])
        self.put("text", "And why?")
        draft = services.latest(self.offering)
        self.assertEqual((draft.number, draft.steps, len(draft.fields)), (2, first.steps, 4))
        self.assertEqual(Form.objects.in_force().get(), first)
        self.arrange("publish")
        self.assertEqual(Form.objects.in_force().first(), draft)
        self.assertIn("This no longer exists.", self.arrange("publish").content.decode())

    def test_a_draft_is_discarded_and_the_form_in_force_stays(self) -> None:
        first = self.published()
        self.assertIn("This no longer exists.", self.arrange("discard").content.decode())
        self.put("text", "And why?")
        self.assertEqual(self.arrange("discard", by=self.ana).status_code, 403)
        self.assertIn("Discarded.", self.arrange("discard").content.decode())
        self.assertEqual(services.latest(self.offering), first)
        self.assertEqual(Form.objects.get(), first)

    def test_only_those_who_answer_for_services_write_forms(self) -> None:
        self.published()
        self.assertEqual(self.arrange("up:f2", by=self.ana).status_code, 403)
        page = self.page(reverse("requests:form", args=[self.offering.pk]), by=self.ana)
        self.assertNotIn("Put it in force", page.text)

    def test_the_list_says_what_can_be_asked_for(self) -> None:
        self.published()
        self.page(reverse("requests:forms"), by=self.ana)
        with self.assertQueries(FORMS):
            page = self.page(reverse("requests:forms"))
        self.assertIn("Line", page.text)


class Showing(FormTestCase):
    def test_a_field_that_depends_on_one_that_is_not_asked_is_not_asked_either(self) -> None:
        fields = [
            Field("f1", "choice", "A", choices=[["x", ""], ["y", ""]]),
            Field("f2", "text", "B", shown="f1:2"),
            Field("f3", "text", "C", shown="f2:"),
        ]
        said = {"f1": "1", "f2": "kept by the browser", "f3": "as well"}
        self.assertEqual([field.key for field in shown(fields, said)], ["f1"])
        self.assertEqual([field.key for field in shown(fields, {**said, "f1": "2"})], ["f1", "f2", "f3"])
        self.assertEqual([field.key for field in shown(fields, {"f1": "2"})], ["f1", "f2"])
