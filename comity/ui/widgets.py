"""Form widgets: a day, a file, a choice among many that is found by typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


class _AlwaysSentAs(forms.widgets.DateTimeBaseInput):
    """The browser's own field, whose value is written in one way in every language."""

    sent_as: str

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=self.sent_as)


class DateInput(_AlwaysSentAs, forms.DateInput):
    """A day: 2026-11-30."""

    input_type, sent_as = "date", "%Y-%m-%d"


class DateTimeInput(_AlwaysSentAs, forms.DateTimeInput):
    """A moment."""

    input_type, sent_as = "datetime-local", "%Y-%m-%dT%H:%M"


class TimeInput(_AlwaysSentAs, forms.TimeInput):
    """A time of day."""

    input_type, sent_as = "time", "%H:%M"


class FileInput(forms.FileInput):
    """A file; `accept` as in HTML (".csv,.xlsx")."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, accept: str = "") -> None:
        super().__init__({**({"accept": accept} if accept else {}), **(attrs or {})})


class CheckboxList(forms.CheckboxSelectMultiple):
    """Several of a few, all in sight."""


class Radios(forms.RadioSelect):
    """One of a few, all in sight."""


class ComboBox(forms.TextInput):
    """One of many, found by typing.

    url    answers `?q=` with JSON: {"items": [{"value", "label", "hint"}]} (or the list alone), best first
    words  gives the label of a value already chosen: lambda pk: str(Partner.objects.get(pk=pk))
    beside the name of the field whose row brings some to the front; `fills`: the only one near it is chosen by itself
    known  labels that the browser offers where scripts are off

    Sends the value of what was chosen; what was typed, if nothing was chosen or scripts are off. A field that takes
    both is `comity.ui.fields.PickField`.
    """

    template_name = "ui/widgets/combo_box.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        url: str | Callable[[], str],
        words: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.url, self.words = url, words
        self.beside, self.fills = "", False
        self.known: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        known = value not in (None, "") and not isinstance(value, Typed)
        label = self.words(value) if known and self.words else ("" if value is None else str(value))
        context["widget"].update(
            url=str(self.url() if callable(self.url) else self.url),
            value=label,
            chosen=value if known else "",
            label=label if known else "",
            beside=self.beside,
            fills=self.fills,
            known=self.known,
        )
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> str | Typed | None:
        """The value chosen while its label still stands in the field; else what was typed."""
        typed, chosen = data.get(name), data.get(f"{name}-chosen")
        if typed is None:
            return None
        if chosen and typed == data.get(f"{name}-label"):
            return str(chosen)
        return Typed(typed.strip())

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return name not in data

    def id_for_label(self, id_: str) -> str:
        return id_


class Typed(str):
    """Words typed into a ComboBox, as opposed to a value chosen from its list."""

    __slots__ = ()
