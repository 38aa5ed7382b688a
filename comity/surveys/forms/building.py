"""The forms on which a survey is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core import signing
from django.forms.formsets import formset_factory
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.surveys import MOST_CHOICES
from comity.surveys.drivers import DRIVERS, driver_words
from comity.surveys.models import Purpose, Question
from comity.surveys.services.building.checks import CHOOSING, LONGEST_CHOICE, answers_of
from comity.surveys.services.building.conditions import answer_words
from comity.surveys.services.building.drafts import WORDS
from comity.surveys.services.wording import posted
from comity.ui.widgets import CheckboxList

SALT = "comity.surveys.forms.building"
KIND = Question.Kind
LEFT_EMPTY = gettext_lazy("Left empty, the English is shown.")
AT_THE_END = "-"
FIRST = "."
BESIDE = {"choices": gettext_lazy("Choices")}  # asked for in lines of their own


class SeenForm(forms.Form):
    """Carries along the values it was shown with, so that a change in between is noticed."""

    original = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, seen: Mapping[str, Any], data: Any = None) -> None:
        self.shown_with = dict(seen)
        initial = {**self.shown_with, "original": signing.dumps(self.shown_with, salt=SALT)}
        super().__init__(data, initial=initial)

    @property
    def seen(self) -> dict[str, Any]:
        """The values that the form was shown with; the present ones if that was lost on the way."""
        try:
            told: dict[str, Any] = signing.loads(self.cleaned_data["original"], salt=SALT)
        except signing.BadSignature:
            return self.shown_with
        return told

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, under the names the services know."""
        return {name: value for name, value in self.cleaned_data.items() if name != "original"}

    def begin_again(self, present: Mapping[str, Any], **beside: Any) -> list[dict[str, Any]]:
        """Keep what was typed, and take the present values as seen; what differs, as yours, theirs, and as it was.

        beside  what was typed in other forms of the page
        """
        told, seen = {**self.said, **beside}, self.seen
        labels = {**BESIDE, **{name: field.label for name, field in self.fields.items()}}
        typed: Any = self.data
        data = typed.copy()
        data["original"] = signing.dumps(dict(present), salt=SALT)
        self.data = data
        return [
            {
                "label": labels[name],
                "yours": _shown(name, told[name]),
                "theirs": _shown(name, present[name]),
                "original": _shown(name, seen.get(name)),
            }
            for name in told
            if name in present and name in labels and present[name] != seen.get(name)
        ]


def _shown(name: str, value: Any) -> str:
    """A value as people read it; of choices a line for each."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "driver" and value:
        return driver_words(value)
    if isinstance(value, list):
        return "\n".join(" / ".join(filter(None, (each.get("en"), each.get("es")))) for each in value)
    return str(value or "")


class SurveyForm(forms.Form):
    """What the office calls a survey, and what it is for."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As your office calls it. People who answer read the title instead."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=Purpose.choices)


def _longer(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=3_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WordsForm(SeenForm):
    """The title, what a survey says first and what it says at its end, in both languages."""

    title_en = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    title_es = forms.CharField(label=gettext_lazy("Title in Spanish"), max_length=200, required=False)
    intro_en = _longer(
        gettext_lazy("What it says first"),
        gettext_lazy("Why you ask. How long it takes, and until when, is said by itself."),
    )
    intro_es = _longer(gettext_lazy("The same in Spanish"), LEFT_EMPTY)
    thanks_en = _longer(
        gettext_lazy("What it says at the end"),
        gettext_lazy(
            "What else will happen with the answers. That they are counted, and when, is said by itself."
        ),
    )
    thanks_es = _longer(gettext_lazy("The same in Spanish"), LEFT_EMPTY)

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS}


class QuestionForm(SeenForm):
    """One question of a kind. What its kind cannot have is not asked for.

    others  the questions of its draft; for a new one it is asked where it goes
    """

    fields: dict[str, Any]
    after = forms.ChoiceField(label=gettext_lazy("Where it is asked"))
    ask_en = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ask_es = forms.CharField(
        label=gettext_lazy("Question in Spanish"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_en = forms.CharField(
        label=gettext_lazy("Hint"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Stands small below the question."),
    )
    help_es = forms.CharField(
        label=gettext_lazy("Hint in Spanish"), max_length=300, required=False, help_text=LEFT_EMPTY
    )
    dont_know = forms.BooleanField(label=gettext_lazy("Offer “I don’t know” as an answer"), required=False)
    driver = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        required=False,
        help_text=gettext_lazy("For a rating that may explain how satisfied people are."),
    )
    outcome = forms.BooleanField(
        label=gettext_lazy("The overall rating, which the others explain"), required=False
    )
    core = forms.BooleanField(
        label=gettext_lazy("Compared from wave to wave"),
        required=False,
        help_text=gettext_lazy(
            "All that are compared are judged together, so that chance is not taken for a change."
        ),
    )

    def __init__(
        self, seen: Mapping[str, Any], data: Any = None, *, kind: str, others: Sequence[Question] = ()
    ) -> None:
        super().__init__(seen, data)
        numeric = kind in Question.NUMERIC
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
            self.fields["driver"].choices = _drivers(str(seen.get("driver") or ""))

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("original", "after")}

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
    return [(AT_THE_END, _("At the end")), (FIRST, _("First of all")), *after[:-1]]


def _drivers(present: str) -> list[tuple[str, str]]:
    known = {key: str(words) for key, words in DRIVERS.items()}
    if present and present not in known:
        known[present] = driver_words(present)
    return [("", _("Nothing of these")), *known.items()]


class ChoiceForm(forms.Form):
    """One choice, in both languages; an empty line is none."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    en = forms.CharField(label=gettext_lazy("Choice"), max_length=LONGEST_CHOICE, required=False)
    es = forms.CharField(label=gettext_lazy("In Spanish"), max_length=LONGEST_CHOICE, required=False)


ChoiceFormSet = formset_factory(ChoiceForm, extra=0, max_num=MOST_CHOICES, absolute_max=MOST_CHOICES + 1)


def choice_forms(data: Any, choices: Sequence[Mapping[str, str]]) -> Any:
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


def choices_said(lines: Any) -> list[dict[str, str]]:
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
    KIND.YES_NO: gettext_lazy("Whether something is so."),
    KIND.ONE: gettext_lazy("One answer out of a list that you write."),
    KIND.MANY: gettext_lazy("All that apply, out of a list that you write."),
    KIND.TEXT: gettext_lazy("What you could not think of asking."),
}


def is_choice(kind: str) -> bool:
    """Whether a question of this kind has choices of its own."""
    return kind in CHOOSING
