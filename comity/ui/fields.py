"""Form fields that go with our widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.ui.widgets import ComboBox, Typed


class PickField(forms.Field):
    """One row of many, by a ComboBox: chosen from its list, or typed and found by `search`.

    rows    the rows that may be chosen, already visible_to the person; may be set in the form's __init__
    search  function(rows, text) that leaves the rows the words may mean, the exact one first
    url     where the ComboBox asks
    label_of  the words for a row; str, unless given
    """

    def __init__(
        self,
        rows: QuerySet[Any, Any],
        *,
        search: Callable[[Any, str], QuerySet[Any, Any]],
        url: str | Callable[[], str],
        label_of: Callable[[Any], str] = str,
        **kwargs: Any,
    ) -> None:
        self.rows, self.search, self.label_of = rows, search, label_of
        super().__init__(widget=ComboBox(url=url, words=self.words_for), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> PickField:
        copied: PickField = super().__deepcopy__(memo)
        copied.widget.words = copied.words_for
        return copied

    def words_for(self, value: Any) -> str:
        """A row by its key, in words; of one that is out of reach the key."""
        row = self._by_key(value)
        return self.label_of(row) if row is not None else str(value)

    def _by_key(self, value: Any) -> Any:
        try:
            return self.rows.filter(pk=value).first()
        except (ValueError, ValidationError):
            return None

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def to_python(self, value: Any) -> Any:
        """The row meant. Raises ValidationError when the words mean none, or several."""
        if value in self.empty_values:
            return None
        if not isinstance(value, Typed):
            row = self._by_key(value)
            if row is None:
                raise ValidationError(_("This choice is no longer there; look for another."), code="gone")
            return row
        found = list(self.search(self.rows, str(value))[:6])
        exact = [row for row in found if self.label_of(row).casefold() == value.casefold()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(
                _("Nothing is called “%(text)s”."), code="none", params={"text": value[:80]}
            )
        names = "; ".join(self.label_of(row) for row in found[:5])
        raise ValidationError(
            _("“%(text)s” could be: %(names)s. Write the whole name."),
            code="several",
            params={"text": value[:80], "names": names},
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")
