"""A form of a model's own fields, which remembers what its reader saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.core import signing
from django.db import models
from django.forms import ModelForm

from comity.editing.conflict import KEEP, THEIRS, Clash
from comity.editing.values import Related, Said, Values, plain_values
from comity.ui.fields import DollarsField
from comity.ui.widgets import DateInput, DateTimeInput, TimeInput

LONGEST_OPEN = 7 * 24 * 3600  # seconds for which a form left open still knows what it showed
_WIDGETS: tuple[tuple[type[models.Field[Any, Any]], type[forms.Widget]], ...] = (
    (models.DateTimeField, DateTimeInput),
    (models.DateField, DateInput),
    (models.TimeField, TimeInput),
)


def field_for(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
    """The form field of a model's field, with the house's widgets."""
    if isinstance(field, models.BigIntegerField) and field.name.endswith("_cents"):
        options = {"form_class": DollarsField, "min_value": None, **options}
    widget = next((widget for kind, widget in _WIDGETS if isinstance(field, kind)), None)
    if widget is not None and "widget" not in options:
        options["widget"] = widget
    found: Any = field.formfield(**options)
    if (
        isinstance(found, forms.TypedChoiceField)
        and isinstance(found.widget, forms.RadioSelect)
        and not field.blank
    ):
        found.choices = field.get_choices(include_blank=False)  # a row of dashes is no answer
    return cast(forms.Field | None, found)


class RowForm(ModelForm):  # type: ignore[type-arg]  # of any model
    """A ModelForm that saves nothing itself: a service is given its `values`, and what its reader has `seen`.

    It may be told its `user`; most ask nothing of them.
    related   facts kept beside the row that the form asks for too, each in a field of this name
    composed  facts that no single field asks for; `clean` puts them into `cleaned_data`
    """

    related: ClassVar[Mapping[str, Related]] = {}
    composed: ClassVar[Mapping[str, Said]] = {}
    fields: dict[str, Any]
    seen_before = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        formfield_callback = field_for

    def __init__(self, *args: Any, user: Any = None, **more: Any) -> None:
        if more.get("instance") is not None:
            # What is typed goes into the copy: the page goes on showing the row as it is.
            more["instance"] = copy(more["instance"])
        super().__init__(*args, **more)
        for name in self.related.keys() & self.fields.keys():
            self.initial.setdefault(name, self.related[name].read(self.instance) if self.instance.pk else [])
        if self.instance.pk:
            seen = plain_values(self.instance, self.names, self.related)
            self.initial["seen_before"] = self._seal(seen)
        else:
            del self.fields["seen_before"]

    @property
    def names(self) -> Iterable[str]:
        """The facts of the row that the form gives."""
        told = (*(self._meta.fields or ()), *self.related)
        asked = [name for name in self.fields if name in told]
        return [*asked, *(name for name in self.composed if name not in asked)]

    @property
    def values(self) -> Values:
        """What was filled in, by the names of the row's facts; without those for which theirs was chosen."""
        return {
            name: self.cleaned_data[name]
            for name in self.names
            if name in self.cleaned_data and self.data.get(f"{KEEP}{name}") != THEIRS
        }

    @cached_property
    def seen(self) -> Values | None:
        """The facts as the reader saw them; None where nobody says, nothing where the form was tampered with."""
        told = self.data.get("seen_before", "")
        if not told:
            return None
        try:
            found: Values = signing.loads(told, salt=self._salt, max_age=LONGEST_OPEN)
        except signing.BadSignature:
            return {}
        return found

    def fresh(self, clashes: Iterable[Clash]) -> str:
        """What the form carries once its reader has seen both versions: theirs of these facts, the others as before."""
        return self._seal({**(self.seen or {}), **{clash.name: clash.theirs for clash in clashes}})

    def _seal(self, seen: Values) -> str:
        return signing.dumps(seen, salt=self._salt, compress=True)

    @property
    def _salt(self) -> str:
        return f"editing:{self._meta.model._meta.label}:{self.instance.pk}"
