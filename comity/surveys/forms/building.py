"""The forms on which a survey is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import formset_factory
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.surveys import MOST_CHOICES
from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.surveys.drivers import DRIVERS, driver_words
from comity.surveys.models import Question, Survey, Version
from comity.surveys.services.answers import posted
from comity.surveys.services.building.checks import CHOOSING, LONGEST_CHOICE, answers_of
from comity.surveys.services.building.differences import answer_words
from comity.surveys.services.building.drafts import WORDS
from comity.ui.widgets import CheckboxList

KIND = Question.Kind
LEFT_EMPTY = gettext_lazy("If you leave this empty, the English is shown.")
AT_THE_END = "-"
FIRST = "."


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SurveyForm(RowForm):
    """What the office calls a survey, and what it is for."""

    class Meta(RowForm.Meta):
        model = Survey
        fields = ("name", "purpose", "service")
        help_texts = {
            "name": gettext_lazy("The name your office uses. People who answer see the title instead."),
            "service": gettext_lazy(
                "Its entry in the catalog then says how satisfied people are. Empty for all we do."
            ),
        }


class WordsForm(RowForm):
    """The title, what a survey says first and what it says at its end, in both languages."""

    class Meta(RowForm.Meta):
        model = Version
        fields = WORDS
        widgets = {name: _area(5) for name in WORDS if not name.startswith("title")}
        help_texts = {
            "intro_en": gettext_lazy(
                "Why you are asking. The page itself says how long it takes and when it closes."
            ),
            "thanks_en": gettext_lazy(
                "What else will happen with the answers. The page itself says that they are counted, and "
                "when."
            ),
            "intro_es": LEFT_EMPTY,
            "thanks_es": LEFT_EMPTY,
        }


def _in_lines(choices: list[dict[str, str]]) -> str:
    """Choices as people read them, a line for each."""
    return "\n".join(" / ".join(filter(None, (each.get("en"), each.get("es")))) for each in choices)


class QuestionForm(RowForm):
    """One question of a kind. What its kind cannot have is not asked for.

    others  the questions of its draft; for a new one it is asked where it goes
    lines   of a question with choices: the forms in which they are written
    """

    composed = {"choices": Said(gettext_lazy("Choices"), _in_lines)}
    after = forms.ChoiceField(label=gettext_lazy("Place in the survey"))
    driver = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        required=False,
        help_text=gettext_lazy("For a rating that may explain how satisfied people are."),
    )

    class Meta(RowForm.Meta):
        model = Question
        fields = ("ask_en", "ask_es", "help_en", "help_es", "dont_know", "driver", "outcome", "core")
        widgets = {"ask_en": _area(2), "ask_es": _area(2)}
        help_texts = {
            "help_en": gettext_lazy("Shown in small type below the question."),
            "help_es": LEFT_EMPTY,
            "core": gettext_lazy(
                "All questions you compare are judged together, so that chance is not mistaken for change."
            ),
        }

    def __init__(self, data: Any, *, instance: Question, others: Sequence[Question] = ()) -> None:
        super().__init__(data, instance=instance)
        kind, numeric = instance.kind, instance.is_numeric
        for name, wanted in (
            ("after", bool(others)),
            ("dont_know", kind != KIND.TEXT),
            ("driver", numeric),
            ("outcome", numeric),
            ("core", numeric or kind == KIND.YES_NO),
        ):
            if not wanted:
                del self.fields[name]
        if "after" in self.fields:
            self.fields["after"].choices = _places(others)
            self.initial["after"] = AT_THE_END
        if "driver" in self.fields:
            self.fields["driver"].choices = _drivers(instance.driver)
        self.lines = _choice_forms(data, instance.choices) if kind in CHOOSING else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.lines is None or not self.lines.is_valid():
            return said
        return {**said, "choices": _choices_said(self.lines)}

    @property
    def place(self) -> str | None:
        """The key of the question it follows; "" for the first place, None for the end."""
        after: str = self.cleaned_data.get("after", AT_THE_END)
        return {AT_THE_END: None, FIRST: ""}.get(after, after)


def _places(questions: Sequence[Question]) -> list[tuple[str, str]]:
    after = [
        (each.key, _("After “%(question)s”") % {"question": Truncator(each.ask_en).chars(60)})
        for each in questions
    ]
    return [(AT_THE_END, _("At the end")), (FIRST, _("First")), *after[:-1]]


def _drivers(present: str) -> list[tuple[str, str]]:
    known = {key: str(words) for key, words in DRIVERS.items()}
    if present and present not in known:
        known[present] = driver_words(present)
    return [("", _("None of these")), *known.items()]


class ChoiceForm(forms.Form):
    """One choice, in both languages; an empty line is none."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    en = forms.CharField(label=gettext_lazy("Choice"), max_length=LONGEST_CHOICE, required=False)
    es = forms.CharField(label=gettext_lazy("In Spanish"), max_length=LONGEST_CHOICE, required=False)


ChoiceFormSet = formset_factory(ChoiceForm, extra=0, max_num=MOST_CHOICES, absolute_max=MOST_CHOICES + 1)


def _choice_forms(data: Any, choices: Sequence[Mapping[str, str]]) -> Any:
    """The lines for choices: those there are and an empty one, three at least; a button adds more without scripts."""
    if data is None:
        lines = [dict(each) for each in choices]
        lines += [{}] * max(3 - len(lines), 1)
        return ChoiceFormSet(initial=lines[:MOST_CHOICES], prefix="choice")
    if "more" in data:
        data = data.copy()
        count = data.get("choice-TOTAL_FORMS", "")
        known = int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 0
        data["choice-TOTAL_FORMS"] = str(min(known + 2, MOST_CHOICES))
    return ChoiceFormSet(data, prefix="choice")


def _choices_said(lines: Any) -> list[dict[str, str]]:
    """The lines that say something, in their order."""
    return [
        {name: line.cleaned_data.get(name, "") for name in ("key", "en", "es")}
        for line in lines
        if line.cleaned_data.get("en") or line.cleaned_data.get("es")
    ]


class HangForm(forms.Form):
    """After which answers to an earlier question another one is asked."""

    fields: dict[str, Any]
    values = forms.MultipleChoiceField(label="", widget=CheckboxList)

    def __init__(self, on: Question, present: Sequence[Any], data: Any = None) -> None:
        self.answers = {str(posted(value)): value for value in answers_of(on)}
        super().__init__(data, initial={"values": [str(posted(value)) for value in present]})
        self.fields["values"].label = _("Ask it after these answers")
        self.fields["values"].choices = [
            (key, answer_words(on, value)) for key, value in self.answers.items()
        ]

    @property
    def chosen(self) -> list[Any]:
        """The answers as they are kept."""
        return [self.answers[key] for key in self.cleaned_data["values"]]


# What each kind of answer is good for, for whoever has to choose.
GOOD_FOR = {
    KIND.RATING: gettext_lazy("How satisfied, how easy, how clear. The best way to compare years."),
    KIND.RECOMMEND: gettext_lazy("How likely they are to recommend you."),
    KIND.EFFORT: gettext_lazy("How easy it was, in seven steps from not at all to completely."),
    KIND.YES_NO: gettext_lazy("Whether something is true."),
    KIND.ONE: gettext_lazy("One answer from a list you write."),
    KIND.MANY: gettext_lazy("All that apply, from a list you write."),
    KIND.TEXT: gettext_lazy("What you did not think to ask."),
}
