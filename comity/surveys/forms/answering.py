"""The form on which a survey is answered: made of a version's questions, in the language of whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.models.survey import LANGUAGES
from comity.surveys.services.answers import (
    KIND,
    LONGEST_TEXT,
    YES,
    accepted,
    asked,
    ends,
    in_words,
    offered,
    posted,
)
from comity.ui.pickers import as_key
from comity.ui.widgets import CheckboxList, Radios

SEEN = "seen"


def field_name(key: str) -> str:
    """Questions are named apart from what else the form holds."""
    return f"q-{key}"


OPTION = (
    '<div class="ask-option"><input type="{control}" name="{name}" id="{id}" value="{value}"{checked}{wrong}>'
    '<label for="{id}"{language}>{label}{aside}</label></div>'
)


@dataclass(frozen=True)
class Asked:
    """One question as the page draws it.

    number   its place, or 0 where it is asked only after another's answer
    shown    whether it is asked, as things stand
    stored   what was saved meanwhile on the same link, in words, where it differs
    """

    question: Question
    bound: BoundField
    language: str
    number: int
    shown: bool
    stored: str = ""

    @property
    def look(self) -> str:
        """How it is drawn: scale, choices, or words."""
        kind = self.question.kind
        if kind == KIND.TEXT:
            return "words"
        return "scale" if self.question.is_numeric or kind == KIND.YES_NO else "choices"

    @property
    def ask(self) -> str:
        return self.question.said("ask", self.language)

    @property
    def help(self) -> str:
        return self.question.said("help", self.language)

    @property
    def ask_language(self) -> str:
        return self.question.foreign("ask", self.language)

    @property
    def help_language(self) -> str:
        return self.question.foreign("help", self.language)

    @property
    def ends(self) -> tuple[str, str]:
        return ends(self.question)

    @property
    def waits_for(self) -> str:
        """The name of the field it depends on, for the script."""
        before = self.question.show_if_question
        return field_name(before) if before else ""

    @property
    def waits_for_values(self) -> str:
        return " ".join(str(posted(value)) for value in self.question.show_if_values)

    @property
    def described_by(self) -> str:
        parts = {"hint": self.help, "error": self.bound.errors, "stored": self.stored}
        return " ".join(f"{self.bound.auto_id}_{name}" for name, there in parts.items() if there)

    @cached_property
    def options(self) -> list[tuple[bool, SafeString]]:
        """Of each whether it is "I don't know", and its markup, made here and not by a template: a page has a hundred."""
        chosen = self.bound.value()
        given = {str(one) for one in (chosen if isinstance(chosen, list) else [chosen])}
        low, high = self.ends
        aside = {len(offered(self.question, self.language)) - 1: high, 0: low}
        own = {str(choice["key"]) for choice in self.question.choices if not choice.get(self.language)}
        return [
            (
                value == DONT_KNOW,
                format_html(
                    OPTION,
                    control="checkbox" if self.question.kind == KIND.MANY else "radio",
                    name=self.bound.html_name,
                    id=f"{self.bound.auto_id}_{place}",
                    value=value,
                    checked=SafeString(" checked") if value in given else "",
                    wrong=SafeString(' aria-invalid="true"') if self.bound.errors else "",
                    language=format_html(' lang="{}"', LANGUAGES[0]) if value in own else "",
                    label=label,
                    aside=format_html('<span class="usa-sr-only">, {}</span>', aside[place])
                    if aside.get(place)
                    else "",
                ),
            )
            for place, (value, label) in enumerate(self.bound.field.choices)  # type: ignore[attr-defined]
        ]


class AnswerForm(forms.Form):
    """All questions of a version. `AnswerForm(questions, language="es")` alone draws a preview.

    answers   what is filled in: what was kept, or the one click in a mail
    stored    what was saved meanwhile on this link, to be shown beside what was typed
    revision  how often this link's answers were kept when the page was made; None for that of the page sent
    also      what else it asks for; `initial` says what is filled in there
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        language: str = "en",
        data: Mapping[str, Any] | None = None,
        answers: Mapping[str, Any] | None = None,
        stored: Mapping[str, Any] | None = None,
        revision: int | None = None,
        also: Mapping[str, forms.Field] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.questions, self.language = questions, language
        self.filled_in, self.stored = dict(answers or {}), stored or {}
        for question in questions:
            self.fields[field_name(question.key)] = _field(question, language, self.filled_in)
        self.fields.update(also or {})
        # One that no page of ours had is as good as none.
        sent = as_key(str(self.data.get("revision", ""))) or 0
        self.revision = sent if revision is None else revision

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What was answered, as it is kept. Only of a valid form."""
        return accepted(self.questions, self._given(self.cleaned_data.get))

    @property
    def unseen(self) -> list[Question]:
        """Questions that what was answered leads to, and that the page had not shown yet."""
        seen = set(getattr(self.data, "getlist", list)(SEEN)) if self.is_bound else set()
        return [
            question
            for question in asked(self.questions, self.answers)
            if question.show_if_question and question.key not in seen and question.key not in self.answers
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questions:
            name = field_name(question.key)
            given = cleaned.get(name)
            if isinstance(given, list) and DONT_KNOW in given and len(given) > 1:
                self.add_error(name, _("Choose either “I don’t know” or other answers, not both."))
        return cleaned

    def _given(self, read: Callable[[str], Any]) -> dict[str, Any]:
        """What the fields say as answers, those that say nothing left out."""
        given = ((question, read(field_name(question.key))) for question in self.questions)
        return {
            question.key: _as_answer(question, value)
            for question, value in given
            if value not in (None, "", [])
        }

    def now(self) -> dict[str, Any]:
        """What stands in the form, right or wrong: it decides which questions are shown."""
        return self._given(lambda name: self[name].value()) if self.is_bound else self.filled_in

    @property
    def asked(self) -> Iterator[Asked]:
        """The questions in order, those not asked as things stand marked so."""
        shown = {question.key for question in asked(self.questions, self.now())}
        number = 0
        for question in self.questions:
            number += not question.show_if_question
            stored = self.stored.get(question.key)
            differs = self.is_bound and self.stored and self.now().get(question.key) != stored
            yield Asked(
                question,
                self[field_name(question.key)],
                self.language,
                0 if question.show_if_question else number,
                question.key in shown,
                in_words(question, stored, self.language) if differs and stored is not None else "",
            )

    @property
    def count(self) -> int:
        """How many questions everybody is asked."""
        return sum(1 for question in self.questions if not question.show_if_question)

    @property
    def answered_count(self) -> int:
        now = self.now()
        return sum(1 for question in self.questions if not question.show_if_question and question.key in now)


def _field(question: Question, language: str, answers: Mapping[str, Any]) -> forms.Field:
    label, value = question.said("ask", language), answers.get(question.key)
    initial = None if value is None else posted(value)
    if question.kind == KIND.TEXT:
        return WordsField(label=label, initial=initial)
    choices = offered(question, language)
    if question.dont_know:
        choices = [*choices, (DONT_KNOW, _("I don’t know"))]
    several = question.kind == KIND.MANY
    return (forms.MultipleChoiceField if several else forms.ChoiceField)(
        label=label,
        choices=choices,
        required=False,
        initial=initial,
        widget=CheckboxList if several else Radios,
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid_list"), _("Choose one of the answers shown.")
        ),
    )


class WordsField(forms.CharField):
    """Own words, of a bounded length; a line's end counts as one character, however a browser sends it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 4}), **more)

    def to_python(self, value: Any) -> str:
        words = str(value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
        if len(words) > LONGEST_TEXT:
            raise forms.ValidationError(
                ngettext(
                    "Your answer can have up to 5,000 characters. It is %(over)s character too long.",
                    "Your answer can have up to 5,000 characters. It is %(over)s characters too long.",
                    len(words) - LONGEST_TEXT,
                )
                % {"over": f"{len(words) - LONGEST_TEXT:,}"}
            )
        return words


def _as_answer(question: Question, value: Any) -> Any:
    if value == DONT_KNOW or question.kind == KIND.TEXT:
        return value
    if question.kind == KIND.MANY:
        return DONT_KNOW if value == [DONT_KNOW] else value
    if question.kind == KIND.YES_NO:
        return value == YES
    if question.is_numeric:
        # Posted by hand it may be anything; as long as the form has not looked at it, that stays as it is.
        return next((each for each in question.values if str(each) == value), value)
    return value
