"""Form fields that go with our widgets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comity.ui.money import MINUS, money, quantity
from comity.ui.pickers import Picker, Rows, tidy
from comity.ui.widgets import ComboBox, Typed


def sentences(
    label: Any, *, rows: int = 3, longest: int = 20_000, required: bool = True, hint: Any = ""
) -> forms.CharField:
    """A field for some sentences."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=longest, help_text=hint, widget=box)


class NumberField(forms.DecimalField):
    """An exact number, typed with or without commas, and shown without zeros behind it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"localize": False, **more})

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).translate(_AS_TYPED) if value else value)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else number.quantize(Decimal(1).scaleb(-(self.decimal_places or 0)))

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as it was typed."""
        return quantity(value).replace(MINUS, "-") if isinstance(value, Decimal) else value


class DollarsField(NumberField):
    """An amount in dollars, kept as whole cents; below zero only if `min_value` lets it."""

    def __init__(self, *, min_value: Decimal | None = Decimal(0), **more: Any) -> None:
        super().__init__(max_digits=17, decimal_places=2, min_value=min_value, **more)

    def clean(self, value: Any) -> Any:
        dollars = super().clean(value)
        return None if dollars is None else int(dollars * 100)

    def prepare_value(self, value: Any) -> Any:
        """Cents as dollars; what was typed stays as it was typed."""
        return money(value).replace("$", "").removesuffix(".00") if isinstance(value, int) else value


_AS_TYPED = {ord("$"): None, ord(","): None, ord(" "): None, ord(MINUS): "-"}


class PickField(forms.Field):
    """One row of many: chosen from what is offered as one types, or typed and found when the form is sent.

    picker  how one is picked
    rows    those that may be, already visible_to the person; what the picker gives, unless said. `picked_by` says whose
            they are, or the form's __init__ sets them
    beside  the name of the field whose row brings some of these to the front; where it is chosen and only one of these
            goes with it, that is filled in if this is `fills`
    """

    def __init__(
        self,
        picker: Picker,
        rows: Rows | None = None,
        *,
        beside: str = "",
        fills: bool = False,
        **kwargs: Any,
    ) -> None:
        self.picker, self.rows, self.beside, self.fills = picker, rows, beside, fills
        super().__init__(widget=ComboBox(url=lambda: picker.url, words=self.words_for), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> PickField:
        copied: PickField = super().__deepcopy__(memo)
        copied.widget.words = copied.words_for
        return copied

    def bring_near(self, row: Any, user: Any) -> None:
        """Those near the row in the field beside this one come first, and are what a name means that several have."""
        assert self.picker.near, f"Nothing is near a {self.picker.key}."
        self.rows = self.picker.near(user, self._rows, row.pk)
        offered = self.picker.typed(self.rows.exclude(near=None), "")[:MOST_KNOWN]
        self.widget.known = [self.picker.label(each) for each in offered]

    def as_sent(self, name: str, row: Any) -> dict[str, str]:
        """What a browser sends in which this row is chosen."""
        label = self.picker.label(row)
        return {name: label, f"{name}-label": label, f"{name}-chosen": str(row.pk)}

    def words_for(self, value: Any) -> str:
        """The words for a row by its key; the key itself where there is no such row."""
        row = self.picker.by_key(self._rows, value)
        return self.picker.label(row) if row is not None else str(value)

    @property
    def _rows(self) -> Rows:
        if self.rows is None:
            raise ValueError("Nobody said who picks: see picked_by.")
        return self.rows

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def to_python(self, value: Any) -> Any:
        """The row meant. Raises ValidationError when the words mean none, or several."""
        if value in self.empty_values:
            return None
        if not isinstance(value, Typed):
            row = self.picker.by_key(self._rows, value)
            if row is None:
                raise ValidationError(_("This choice is no longer available. Choose another."), code="gone")
            return row
        text = tidy(value)
        named = nearest(self._rows.filter(self.picker.outright(text))[:6])
        if len(named) == 1:
            return named[0]
        found = nearest(self.picker.typed(self._rows, text)[:6])
        exact = [row for row in found if self.picker.label(row).casefold() == text.casefold()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(_("Nothing is named “%(text)s”."), code="none", params={"text": text[:80]})
        names = "; ".join(self.picker.label(row) for row in found[:5])
        raise ValidationError(
            _("“%(text)s” could be any of these: %(names)s. Enter the full name."),
            code="several",
            params={"text": text[:80], "names": names},
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


MOST_KNOWN = 30


def nearest(rows: Iterable[Any]) -> list[Any]:
    """Those near the field beside; all, if none is."""
    found = list(rows)
    return [row for row in found if getattr(row, "near", None) is not None] or found


def picked_by(form: forms.BaseForm, user: Any) -> None:
    """Say who picks: each field that has no rows yet takes those its picker gives this person."""
    for field in form.fields.values():
        if isinstance(field, PickField):
            field.rows = field.picker.rows(user) if field.rows is None else field.rows
            field.widget.beside = form.add_prefix(field.beside) if field.beside else ""
            field.widget.fills = field.fills


class Picking(forms.BaseForm):
    """Put before a form's other classes: the form is told `user`, who picks in its fields."""

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        picked_by(self, user)
