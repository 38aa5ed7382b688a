"""The form on which something is asked for, made of a form's fields; and the forms on which that one is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.billing.plans import exact
from comity.editing.forms import RowForm
from comity.files.kinds import ACCEPT
from comity.office.services import today
from comity.partners.models import Partner, Person
from comity.partners.pickers import PARTNER_WORD, PERSON
from comity.people.models import User
from comity.requests.fields import LONGEST, LONGEST_TEXT, Field, Kind, conditions, shown
from comity.requests.models import Form, ServiceRequest, Threshold
from comity.ui.fields import NumberField, PickField, picked_by
from comity.ui.widgets import DateInput, FileInput

OUR_PERSON = replace(PERSON, key="our-person", rows=Person.objects.visible_to, hint=None)
LIMIT: Any = {"required": False, "max_digits": 14, "decimal_places": 4}
CENTERS: Any = Partner._meta.get_field("cost_centers").related_model


def _number(field: Field, **said: Any) -> forms.Field:
    least, most = (Decimal(each) if each else None for each in (field.least, field.most))
    return NumberField(max_digits=18, decimal_places=4, min_value=least, max_value=most, **said)


def _text(field: Field, **said: Any) -> forms.Field:
    top = LONGEST_TEXT if field.kind == Kind.LONG else LONGEST
    least, most = max(int(Decimal(field.least or 0)), 0), min(int(Decimal(field.most or top)), top)
    widget = forms.Textarea(attrs={"rows": 4}) if field.kind == Kind.LONG else forms.TextInput()
    return forms.CharField(min_length=least, max_length=most, widget=widget, **said)


def _choice(field: Field, **said: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Choose one")), *field.options], **said)


class CenterField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none where it runs
    """A cost center, by its words and whose it is: somebody may ask for several partners."""

    def label_from_instance(self, row: Any) -> str:
        return f"{row}, {row.partner}"


MADE: dict[str, Callable[..., forms.Field]] = {
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.DATE: lambda _field, **said: forms.DateField(widget=DateInput, **said),
    Kind.PERSON: lambda _field, **said: PickField(OUR_PERSON, **said),
    Kind.COST_CENTER: lambda _field, **said: CenterField(CENTERS.objects.none(), **said),
    Kind.FILE: lambda _field, **said: forms.FileField(widget=FileInput(accept=ACCEPT), **said),
}


class AskForm(forms.Form):
    """What somebody asks for. What is not asked as things stand is neither required nor kept.

    found     what was said before, where it was sent back; else empty
    partners  for whom this person may ask

    A field that appears with an answer that has just been sent is shown first, and asked for the next time.
    """

    fields: dict[str, Any]
    partner = forms.ModelChoiceField(Partner.objects.none(), label=PARTNER_WORD)

    def __init__(self, data: Any, files: Any, *, found: ServiceRequest, user: User, partners: Any) -> None:
        self.form, self.before, self.answers = found.form, found.answers, dict(found.answers)
        self.asker = partners.filter(memberships__user=user).first() or partners.first()
        self.now = shown(found.form.fields, found.answers)
        again = {key: said["key"] if isinstance(said, Mapping) else said for key, said in self.before.items()}
        super().__init__(data, files, initial={"partner": self.asker, **again})
        self.fields["partner"].queryset = partners
        if len(partners) < 2:
            del self.fields["partner"]
        for field in self.form.fields:
            needed = field.required and not (field.kind == Kind.FILE and field.key in self.before)
            made: Any = MADE.get(field.kind, _text)
            self.fields[field.key] = made(field, label=field.label, help_text=field.hint, required=needed)
            if field.kind == Kind.COST_CENTER:
                centers = CENTERS.objects.filter(partner__in=partners).select_related("partner")
                self.fields[field.key].queryset = centers
        picked_by(self, user)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.asker = said.get("partner") or self.asker
        answers = {field.key: self._plain(field) for field in self.form.fields}
        self.now = shown(self.form.fields, answers)
        self.answers = {field.key: answers[field.key] for field in self.now if answers[field.key] is not None}
        seen = self.data.getlist("seen") if hasattr(self.data, "getlist") else ()
        unseen = [field for field in self.now if field.shown and field.key not in seen]
        for field in self.form.fields:
            if field not in self.now or field in unseen:
                self.errors.pop(field.key, None)
            elif wrong := self._wrong(field, said.get(field.key)):
                self.add_error(field.key, wrong)
        if unseen:
            more = _("With this answer there is more to fill in. Look through the form once more.")
            self.add_error(None, more)
        return said

    def _wrong(self, field: Field, said: Any) -> str:
        if field.kind == Kind.DATE and said and not field.past and said < today():
            return _("Choose today or a later day.")
        if field.kind == Kind.COST_CENTER and said and said.partner != self.asker:
            return _("This is not a cost center of %(name)s.") % {"name": self.asker}
        return ""

    def _plain(self, field: Field) -> Any:
        """An answer as it is kept, of a file the upload; None where there is none."""
        said = self.cleaned_data.get(field.key)
        if said in (None, ""):
            return self.before.get(field.key) if field.kind == Kind.FILE else None
        if isinstance(said, Model):
            return {"key": said.pk, "words": str(said)}
        if isinstance(said, Decimal):
            return exact(said)
        return said.isoformat() if isinstance(said, date) else said

    @property
    def asked(self) -> Iterable[tuple[Field, BoundField, bool]]:
        """Every field, with whether it is asked as things stand."""
        return [(field, self[field.key], field in self.now) for field in self.form.fields]


# --- writing a form ---


class LinesField(forms.CharField):
    """A line each, in parts: English | Spanish."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, parts: int = 2, **more: Any) -> None:
        self.parts = parts
        super().__init__(**more)

    def prepare_value(self, value: Any) -> Any:
        return (
            value if isinstance(value, str) else "\n".join(" | ".join(filter(None, each)) for each in value)
        )

    def to_python(self, value: Any) -> Any:
        lines = str(value or "").replace("\0", "").splitlines()
        split = [(line + "|" * self.parts).split("|") for line in lines if line.strip(" |")]
        return [[part.strip()[:LONGEST] for part in parts[: self.parts]] for parts in split]


def _words(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST)


class FieldForm(forms.Form):
    """One field of a kind. What its kind cannot have is not asked for.

    earlier  the fields before it, on which it may depend
    """

    fields: dict[str, Any]
    en = _words(_l("Label"), required=True)
    es = _words(_l("Label in Spanish"), _l("If you leave this empty, the English is shown."))
    hint_en = _words(_l("Hint"), _l("Shown in small type below the label."))
    hint_es = _words(_l("Hint in Spanish"))
    choices = LinesField(
        label=_l("Choices"), help_text=_l("A line each: English | Spanish. Add new ones at the end.")
    )
    least = NumberField(label=_l("At least (of a text: characters)"), **LIMIT)
    most = NumberField(label=_l("At most (of a text: characters)"), **LIMIT)
    past = forms.BooleanField(label=_l("It may be in the past"), required=False)
    required = forms.BooleanField(label=_l("It has to be filled in"), required=False)
    shown = forms.ChoiceField(label=_l("Ask it"), required=False)
    name = _words(_l("Name in the ITSM tool"), _l("The variable of the catalog item."))

    def __init__(self, data: Any, *, field: Field, earlier: Sequence[Field]) -> None:
        self.field = field
        super().__init__(data, initial=vars(field))
        limits = (Kind.NUMBER, Kind.TEXT, Kind.LONG)
        only_of = {"choices": (Kind.CHOICE,), "past": (Kind.DATE,), "least": limits, "most": limits}
        for name in [name for name, kinds in only_of.items() if field.kind not in kinds]:
            del self.fields[name]
        self.fields["shown"].choices = list(conditions(earlier).items())

    @property
    def filled(self) -> Field:
        """The field as it was filled in."""
        said = self.cleaned_data
        limits = {name: exact(said[name]) if said.get(name) is not None else "" for name in ("least", "most")}
        return replace(self.field, **{**said, **limits})


class WorkForm(RowForm):
    """What the office does with a request, and what it costs."""

    quantity = forms.ChoiceField(label=_l("What the estimate multiplies"), required=False)
    steps = LinesField(
        3,
        label=_l("Steps"),
        required=False,
        help_text=_l("A line each: working days | English | Spanish, such as 3 | Set it up | Instalarlo."),
    )

    class Meta(RowForm.Meta):
        model = Form
        fields = ("steps", "quantity", "item")
        help_texts = {"item": _l("The sys_id of a catalog item. A request is then ordered there.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        numbers = [(each.key, each.en) for each in self.instance.fields if each.kind == Kind.NUMBER]
        self.fields["quantity"].choices = [("", _("Nothing")), *numbers]


ThresholdForm: Any = forms.modelform_factory(Threshold, form=RowForm, fields=("above_cents",))
