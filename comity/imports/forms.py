"""Bringing a file, and saying what its columns and values are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.core.errors import DomainError
from comity.imports import services
from comity.imports.models import Import
from comity.imports.profiles import LEAVE_OUT, Field, Profile
from comity.ui.widgets import FileInput, Radios

NOTHING = "nothing"  # chosen where nothing is said: so that no question has to look optional


def _said(chosen: str) -> str:
    return "" if chosen == NOTHING else chosen


class UploadForm(forms.Form):
    """A file, and what its rows are."""

    profile = forms.ChoiceField(label=gettext_lazy("What is in the file"), widget=Radios)
    file = forms.FileField(
        label=gettext_lazy("File"), widget=FileInput(accept=".csv,.xlsx,.tsv,.txt,.ics,.zip")
    )

    def __init__(self, profiles: Iterable[Profile], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["profile"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(one.key, one.label) for one in profiles]
        self.fields["file"].help_text = _(
            "CSV or XLSX up to %(limit)d MB, with headers in the first row; for meetings, also a calendar (.ics, .zip). "
            "Nothing is saved until you have seen what would change."
        ) % {"limit": settings.UPLOAD_LIMIT // 1_000_000}

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            services.check_upload(file)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class MannerForm(forms.Form):
    """How the file is read, where what we found is not what was meant."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header = forms.IntegerField(
        label=gettext_lazy("Line with the headers"),
        help_text=gettext_lazy("Leave it empty, and we look for them."),
        min_value=1,
        max_value=1_048_576,
        required=False,
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("Numbers are written like"),
        choices=[
            (NOTHING, gettext_lazy("1,200.50 (ask about 1.200)")),
            (".", gettext_lazy("1,200.50")),
            (",", gettext_lazy("1.200,50")),
        ],
        widget=Radios,
    )
    without_hidden = forms.BooleanField(
        label=gettext_lazy("Leave out the rows that are hidden in the sheet"), required=False
    )

    def __init__(self, batch: Import, data: QueryDict | None = None) -> None:
        said = batch.manner
        initial = {
            "sheet": batch.found.get("sheet"),
            "header": said.get("header"),
            "mark": said.get("mark", NOTHING),
            "without_hidden": not said.get("hidden", True),
        }
        super().__init__(data, initial=initial)
        sheets = batch.found.get("sheets", [])
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=self.fields["sheet"].label, choices=[(one, one) for one in sheets]
            )
        else:
            del self.fields["sheet"]
        if not batch.found.get("hidden"):
            del self.fields["without_hidden"]

    def manner(self) -> dict[str, Any]:
        """What is said, as reading takes it."""
        said = self.cleaned_data
        manner = {
            "sheet": said.get("sheet"),
            "header": said["header"],
            "mark": _said(said["mark"]),
            "hidden": False if said.get("without_hidden") else None,
        }
        return {key: value for key, value in manner.items() if value not in (None, "")}


class ColumnsForm(forms.Form):
    """Which column holds which field, and what holds for rows that do not say."""

    def __init__(self, batch: Import, profile: Profile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch, self.profile = batch, profile
        for place, header in enumerate(batch.headers):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=header or _("Column %(n)d (no header)") % {"n": place + 1},
                choices=[
                    (NOTHING, _("Leave it out")),
                    *((one.key, one.label) for one in profile.fields if one.column in ("", header)),
                ],
                initial=batch.mapping.get(header) or NOTHING,
                help_text=_samples(batch, place),
            )
        for field in self._choice_fields():
            self.fields[f"default_{field.key}"] = forms.ChoiceField(
                label=str(field.label),
                choices=[(NOTHING, _("No default")), *_choices(field)],
                initial=batch.values.get(field.key, {}).get("") or NOTHING,
            )

    def _choice_fields(self) -> Iterable[Field]:
        return (field for field in self.profile.fields if field.choices and field.assumed)

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def defaults(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("default_")]

    def mapping(self) -> dict[str, str]:
        """Header -> field, as chosen."""
        return {
            header: _said(self.cleaned_data[f"column_{place}"])
            for place, header in enumerate(self.batch.headers)
        }

    def values(self) -> dict[str, dict[str, str]]:
        """What was said of values before, with the new defaults."""
        values = {key: dict(said) for key, said in self.batch.values.items()}
        for field in self._choice_fields():
            values.setdefault(field.key, {})[""] = _said(self.cleaned_data[f"default_{field.key}"])
        return values


class ValuesForm(forms.Form):
    """What the words of the file mean, field by field."""

    def __init__(self, batch: Import, profile: Profile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.said: dict[str, tuple[str, str]] = {}
        for field in profile.fields:
            counts = {
                **dict.fromkeys(batch.values.get(field.key, {}), 0),
                **batch.unmatched.get(field.key, {}),
            }
            counts.pop("", None)
            if field.choices and counts:
                self._ask(field, counts)

    def _ask(self, field: Field, counts: dict[str, int]) -> None:
        otherwise = dict(_choices(field)).get(field.otherwise or "", _("set the row aside"))
        for text, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            name = f"value_{len(self.said)}"
            self.said[name] = (field.key, text)
            rows = ngettext("%(n)d row", "%(n)d rows", count) % {"n": count}
            self.fields[name] = forms.ChoiceField(
                label=_("%(field)s “%(text)s”") % {"field": field.label, "text": text},
                choices=[
                    (NOTHING, _("No match: %(otherwise)s") % {"otherwise": otherwise}),
                    *_choices(field),
                    (LEAVE_OUT, _("Set these rows aside")),
                ],
                initial=self.batch.values.get(field.key, {}).get(text) or NOTHING,
                help_text=rows if count else "",
            )

    def values(self) -> dict[str, dict[str, str]]:
        """What was said before, with what is said now."""
        values = {key: dict(said) for key, said in self.batch.values.items()}
        for name, (key, text) in self.said.items():
            values.setdefault(key, {})[text] = _said(self.cleaned_data[name])
        return values


def _choices(field: Field) -> list[tuple[str, Any]]:
    return list((field.choices or dict)().items())


def _samples(batch: Import, place: int) -> str:
    """What stands in the first rows of a column."""
    cells = [row[place][:60] for row in batch.samples if place < len(row) and row[place].strip()]
    return (
        _("For example: %(cells)s") % {"cells": " · ".join(dict.fromkeys(cells))}
        if cells
        else _("Empty in the first rows.")
    )
