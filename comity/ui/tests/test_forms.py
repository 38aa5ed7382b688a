"""Forms: every field has its label, its hint and its error tied to it; what is wrong is said once above."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.template import Context
from django.test import RequestFactory, SimpleTestCase, TestCase
from django.utils.datastructures import MultiValueDict

from comity.testing import html
from comity.ui.components import forms as tags
from comity.ui.fields import PickField
from comity.ui.pickers import Picker
from comity.ui.tests.hostile import HOSTILE
from comity.ui.widgets import CheckboxList, ComboBox, DateInput, FileInput, Radios, Typed


class Visit(forms.Form):
    said = forms.CharField(label="what was said", help_text="In their words.", widget=forms.Textarea)
    seen_on = forms.DateField(label="When", widget=DateInput)
    bad = forms.ChoiceField(label="How bad", choices=[("a", "Bad"), ("b", "Worse")], widget=Radios)
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("n", "Network"), ("c", "Cost")], widget=CheckboxList, required=False
    )
    private = forms.BooleanField(label="Office only", required=False, help_text="Not in the portal.")
    file = forms.FileField(label="Attach", required=False, widget=FileInput(accept=".pdf"))
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def context(**given: Any) -> Context:
    return Context({"request": RequestFactory().get("/visits/new/"), **given})


class WholeForm(TestCase):
    def test_a_new_form_is_sound_and_says_what_is_optional(self) -> None:
        drawn = tags.form(context(), Visit(), submit="Log it", cancel="/visits/", draft="visit")
        self.assertEqual(html.problems_of_fragment(drawn), [])
        self.assertEqual(drawn.count('<span class="optional">'), 2)  # a box by itself is never required
        self.assertIn('enctype="multipart/form-data"', drawn)
        self.assertIn('data-draft="visit"', drawn)
        self.assertIn("What was said", drawn)
        self.assertNotIn("data-errors", drawn)

    def test_sent_empty_every_problem_is_a_link_to_its_field(self) -> None:
        drawn = tags.form(context(), Visit({}))
        self.assertEqual(html.problems_of_fragment(drawn), [])
        self.assertIn('role="alert" tabindex="-1" autofocus data-errors', drawn)
        self.assertIn("There are 3 problems", drawn)
        for target in ("id_said", "id_seen_on", "id_bad_0"):
            with self.subTest(target):
                self.assertIn(f'<a href="#{target}">', drawn)
                self.assertIn(f'id="{target}"', drawn)

    def test_a_field_is_described_by_its_hint_and_its_error_in_that_order(self) -> None:
        drawn = tags.field(Visit({})["said"])
        self.assertIn('aria-describedby="id_said_hint id_said_error"', drawn)
        self.assertIn('aria-invalid="true"', drawn)
        self.assertLess(drawn.index("id_said_hint"), drawn.index("id_said_error"))

    def test_choices_stand_in_a_fieldset_under_their_question(self) -> None:
        radios, boxes = tags.field(Visit()["bad"]), tags.field(Visit()["topics"])
        self.assertIn("<legend", radios)
        self.assertEqual(radios.count('class="usa-radio__input"'), 2)
        self.assertEqual(boxes.count('class="usa-checkbox__input"'), 2)

    def test_an_error_of_the_whole_form_is_said_above_without_a_link(self) -> None:
        form = Visit({})
        form.add_error(None, "The visit was changed by <b>Ben</b> meanwhile.")
        drawn = tags.errors(form)
        self.assertIn("<li>The visit was changed by &lt;b&gt;Ben&lt;/b&gt; meanwhile.</li>", drawn)

    def test_an_empty_field_says_what_to_do_and_a_form_s_own_words_stay(self) -> None:
        class Asked(Visit):
            name = forms.CharField(label="Name", error_messages={"required": "Who was it?"})

        drawn = tags.errors(Asked({}))
        for line in (
            "What was said: Fill this in.",
            "When: Enter a date.",
            "How bad: Choose one.",
            "Name: Who was it?",
        ):
            with self.subTest(line):
                self.assertIn(f">{line}</a>", drawn)

    def test_a_question_needs_no_colon(self) -> None:
        class Asked(forms.Form):
            who = forms.CharField(label="Who was it?")

        self.assertIn(">Who was it? Fill this in.</a>", tags.errors(Asked({})))

    def test_no_choice_is_said_in_words_not_in_dashes(self) -> None:
        class Asked(forms.Form):
            group = forms.ModelChoiceField(Group.objects.none(), label="Group")
            other = forms.ModelChoiceField(Group.objects.none(), label="Other", required=False)

        self.assertIn('<option value="" selected>Choose one</option>', tags.field(Asked()["group"]))
        self.assertIn('<option value="" selected>None</option>', tags.field(Asked()["other"]))

    def test_one_problem_is_one_thing(self) -> None:
        form = Visit({"said": "a", "seen_on": "2026-11-22"})
        self.assertIn("There is a problem", tags.errors(form))

    def test_a_form_without_a_request_is_drawn_without_a_token(self) -> None:
        self.assertNotIn("csrfmiddlewaretoken", tags.form(Context(), Visit()))

    def test_a_search_form_has_no_token(self) -> None:
        self.assertNotIn("csrfmiddlewaretoken", tags.form(context(), Visit(), method="get"))

    def test_labels_hints_choices_errors_and_values_are_escaped(self) -> None:
        for said in HOSTILE:
            with self.subTest(said):

                class Hostile(forms.Form):
                    text = forms.CharField(label=said, help_text=said, max_length=1)
                    pick = forms.ChoiceField(label=said, choices=[(said, said)], widget=Radios)

                drawn = tags.form(context(), Hostile({"text": said, "pick": said}))
                self.assertNotIn("<script>alert", drawn)
                self.assertNotIn("<img", drawn)

    def test_what_is_no_form_and_no_field_is_refused(self) -> None:
        wrong: Any = "a form by its name"
        for tag in (tags.errors, tags.field, lambda given: tags.form(context(), given)):
            with self.assertRaises(TypeError):
                tag(wrong)


class TitleOfAPageWithErrors(SimpleTestCase):
    def test_it_begins_with_error_while_a_form_has_errors(self) -> None:
        self.assertEqual(tags.title_prefix(context(form=Visit({}))), "Error: ")
        self.assertEqual(tags.title_prefix(context(form=Visit())), "")

    def test_rows_of_forms_count_too(self) -> None:
        rows = forms.formset_factory(Visit)
        data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-said": "only this"}
        self.assertEqual(tags.title_prefix(context(rows=rows(data))), "Error: ")
        self.assertEqual(tags.title_prefix(context(rows=rows())), "")


class ComboBoxWidget(SimpleTestCase):
    widget = ComboBox(url="/partners/find/", words=lambda pk: {"7": "Parks"}[str(pk)])

    def read(self, **data: str) -> Any:
        return self.widget.value_from_datadict(data, MultiValueDict(), "partner")

    def test_what_was_chosen_is_sent_while_its_name_still_stands(self) -> None:
        given = {"partner": "Parks", "partner-chosen": "7", "partner-label": "Parks"}
        self.assertEqual(self.read(**given), "7")
        self.assertNotIsInstance(self.read(**given), Typed)

    def test_without_scripts_a_changed_text_beats_the_old_choice(self) -> None:
        given = {"partner": "Roads", "partner-chosen": "7", "partner-label": "Parks"}
        self.assertEqual(self.read(**given), "Roads")
        self.assertIsInstance(self.read(**given), Typed)

    def test_it_is_a_labelled_text_field_that_shows_the_name_of_its_value(self) -> None:
        drawn = self.widget.render("partner", "7", {"id": "id_partner"})
        self.assertIn('value="Parks"', drawn)
        self.assertIn('name="partner-chosen" value="7"', drawn)
        self.assertIn('data-combo="/partners/find/"', drawn)

    def test_words_that_were_typed_come_back_as_they_were(self) -> None:
        drawn = self.widget.render("partner", Typed('"><script>'), {"id": "id_partner"})
        self.assertIn("&quot;&gt;&lt;script&gt;", drawn)
        self.assertIn('name="partner-chosen" value=""', drawn)


class PickFieldOfRows(TestCase):
    parks: Group
    parkways: Group

    @classmethod
    def setUpTestData(cls) -> None:
        cls.parks = Group.objects.create(name="Parks")
        cls.parkways = Group.objects.create(name="Parkways")

    def field(self, **given: Any) -> PickField:
        rows = Group.objects.order_by("name")
        groups = Picker(
            "group", rows=lambda user: rows, find=lambda found, text: found.filter(name__icontains=text)
        )
        return PickField(groups, rows, **given)

    def test_a_choice_and_an_exact_name_give_the_row(self) -> None:
        field = self.field()
        self.assertEqual(field.clean(str(self.parks.pk)), self.parks)
        self.assertEqual(field.clean(Typed("parks")), self.parks)
        self.assertEqual(field.clean(Typed("parkw")), self.parkways)

    def test_words_that_mean_several_name_them(self) -> None:
        with self.assertRaisesRegex(forms.ValidationError, "any of these: (Parks; Parkways|Parkways; Parks)"):
            self.field().clean(Typed("park"))

    def test_words_that_mean_none_and_rows_that_are_gone_are_said(self) -> None:
        with self.assertRaisesRegex(forms.ValidationError, "Nothing is named “Roads”"):
            self.field().clean(Typed("Roads"))
        for value in ("999999", "not a key"):
            with self.subTest(value), self.assertRaisesRegex(forms.ValidationError, "no longer available"):
                self.field().clean(value)

    def test_a_row_out_of_reach_cannot_be_chosen_by_its_key(self) -> None:
        field = self.field()
        field.rows = Group.objects.filter(name="Parks")
        with self.assertRaises(forms.ValidationError):
            field.clean(str(self.parkways.pk))

    def test_empty_is_none_where_it_may_be_and_refused_where_it_may_not(self) -> None:
        self.assertIsNone(self.field(required=False).clean(Typed("")))
        with self.assertRaises(forms.ValidationError):
            self.field().clean(Typed(""))

    def test_each_form_has_rows_of_its_own(self) -> None:
        class Assign(forms.Form):
            fields: dict[str, Any]
            group = self.field()

        one, other = Assign(initial={"group": self.parks}), Assign()
        one.fields["group"].rows = Group.objects.none()
        self.assertEqual(other.fields["group"].clean(str(self.parks.pk)), self.parks)
        self.assertIn('value="Parks"', str(Assign(initial={"group": self.parks})["group"]))
