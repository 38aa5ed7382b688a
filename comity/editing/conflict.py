"""Two people who change one row at once: the later one is shown both, and loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.choices import flatten_choices
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.values import Said, field_of, plain
from comity.ui.components.days import day
from comity.ui.components.forms import label_of
from comity.ui.fields import PickField

KEEP = "keep-"  # what a choice between two versions is sent under, before the name of the fact
THEIRS = "theirs"
_NOT_SENT_AGAIN = frozenset({"csrfmiddlewaretoken", "seen_before"})


@dataclass(frozen=True)
class Clash:
    """One fact that two people changed, as plain values."""

    name: str
    original: Any
    theirs: Any
    yours: Any


class ConflictError(DomainError):
    """Somebody changed the row since this person opened it; nothing was saved.

    row      as it is now
    clashes  the facts that both changed
    since    what happened meanwhile, in sentences, where an act and no fact is in question
    fresh    the hidden fields by which the form knows what its reader saw, as they are now
    """

    def __init__(
        self,
        row: Model,
        clashes: Sequence[Clash] = (),
        *,
        since: Sequence[str] = (),
        fresh: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(_("Someone else changed this while you had it open."))
        self.row, self.clashes, self.since, self.fresh = row, list(clashes), list(since), dict(fresh or {})


@dataclass(frozen=True)
class Difference:
    """A clash in words."""

    name: str
    label: str
    original: str
    theirs: str
    yours: str


def conflict_page(
    request: HttpRequest, form: forms.BaseForm, error: ConflictError, fresh: Mapping[str, str], back: str
) -> HttpResponse:
    """Yours, theirs and the original side by side; what is sent from there goes where the form went.

    fresh  the hidden fields that say what has now been seen
    back   where someone goes who wants none of it
    """
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_SENT_AGAIN and name not in fresh and not name.startswith(KEEP)
        for value in values
    ]
    context = {
        "row": error.row,
        "since": error.since,
        "differences": [difference(form, clash, error.row) for clash in error.clashes],
        "typed": typed_in(form) if error.since else [],
        "sent": [*sent, *fresh.items()],
        "back": back,
    }
    return render(request, "editing/conflict.html", context, status=409)


def typed_in(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What somebody wrote who comes too late: labels and words, so that it is seen to be kept."""
    said = (
        (bound, words_of(bound.field, plain(form.cleaned_data.get(bound.name))))
        for bound in form.visible_fields()
    )
    return [(label_of(bound), words) for bound, words in said if words]


def difference(form: forms.BaseForm, clash: Clash, row: Model) -> Difference:
    """A clash as people read it, with the form's words, or the model's for what the form does not ask like this."""
    field, name = form.fields.get(clash.name), clash.name
    own: Said | None = getattr(form, "composed", {}).get(name)
    label = own.label if own else label_of(form[name]) if field else field_of(row, name).verbose_name

    def said(value: Any) -> str:
        if own is not None and own.words is not None:
            return own.words(value) if value else _("nothing")
        return (words_of(field, value) if field else _words_of_rows(row, name, value)) or _("nothing")

    return Difference(
        name, str(capfirst(str(label))), said(clash.original), said(clash.theirs), said(clash.yours)
    )


def _words_of_rows(row: Model, name: str, value: Any) -> str:
    """A value of a model's field that the form does not show: rows by their names."""
    other = field_of(row, name).related_model
    if not value or not isinstance(other, type):
        return words_of(None, value)
    keys = value if isinstance(value, list) else [value]
    return ", ".join(map(str, other._base_manager.filter(pk__in=keys).order_by("pk")))


def words_of(field: forms.Field | None, value: Any) -> str:
    """A plain value of a form's field in words; "" for nothing."""
    if isinstance(value, list):
        return ", ".join(words_of(field, one) for one in value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, PickField):
        return field.words_for(value)
    if isinstance(field, forms.DateField):
        return day(date.fromisoformat(str(value)))
    if isinstance(field, forms.ChoiceField):
        every: Any = flatten_choices(field.choices)  # type: ignore[arg-type]  # its stub knows no groups
        return str({str(key): said for key, said in every}.get(str(value), value))
    return str(field.prepare_value(value) if field else value)
