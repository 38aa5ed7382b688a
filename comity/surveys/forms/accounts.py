"""Writing what came of a wave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.followups.models import FollowUp
from comity.office.services import words
from comity.partners.forms.picking import partner_field
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Account, Deed
from comity.ui.widgets import CheckboxList

OFFERED = 30  # follow-ups of a wave


def _some(label: Any, *, hint: Any = "", rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class DeedForm(forms.Form):
    """One thing: who reads it, what was heard, what was done, in both languages, and of what it is said.

    follow_ups  those of the wave, the ones to be offered first
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    heard_en = forms.CharField(
        label=gettext_lazy("What you told us"),
        max_length=300,
        help_text=gettext_lazy("In general words, so that nobody is recognized."),
    )
    done_en = _some(gettext_lazy("What we did"))
    heard_es = forms.CharField(
        label=gettext_lazy("What you told us, in Spanish"), max_length=300, required=False
    )
    done_es = _some(
        gettext_lazy("What we did, in Spanish"),
        hint=gettext_lazy("Left empty, the English is shown."),
        required=False,
    )
    partner = partner_field(Partner.objects.none(), required=False)
    follow_ups = forms.MultipleChoiceField(
        label=gettext_lazy("Of which follow-ups"),
        required=False,
        widget=CheckboxList,
        help_text=gettext_lazy("Only our office sees these."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        follow_ups: Iterable[FollowUp],
        deed: Deed | None = None,
        chosen: FollowUp | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _of(deed) if deed else _because_of(chosen)
        super().__init__(*args, **kwargs)
        self.known = list(follow_ups)[:OFFERED]
        for row in (*(deed.follow_ups.all() if deed else ()), *([chosen] if chosen else ())):
            if row not in self.known:
                self.known.insert(0, row)
        self.fields["follow_ups"].choices = [(row.pk, _line(row)) for row in self.known]  # type: ignore[attr-defined]
        if not self.known:
            del self.fields["follow_ups"]
        self.fields["partner"].label = _("Only for one %(partner)s") % {"partner": words().partner}
        self.fields["partner"].help_text = _("Left empty, everybody who was asked reads it.")
        self.fields["partner"].rows = Partner.objects.visible_to(user).standing()  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What the form says, as the services want it."""
        said = dict(self.cleaned_data)
        chosen = {int(key) for key in said.pop("follow_ups", [])}
        return {**said, "follow_ups": [row for row in self.known if row.pk in chosen]}


def _line(row: FollowUp) -> str:
    return f"{row.partner}: {row.title}" if row.partner else row.title


def _of(deed: Deed) -> dict[str, Any]:
    names = ("version", "heard_en", "heard_es", "done_en", "done_es")
    found: dict[str, Any] = {name: getattr(deed, name) for name in names}
    return {
        **found,
        "partner": deed.partner_id,
        "follow_ups": list(deed.follow_ups.values_list("pk", flat=True)),
    }


def _because_of(follow_up: FollowUp | None) -> dict[str, Any]:
    """What was told to one can be a beginning; what they said is theirs alone and is not."""
    if follow_up is None:
        return {}
    return {"done_en": follow_up.told_words or follow_up.done_words, "follow_ups": [follow_up.pk]}


class IntroForm(forms.Form):
    """What stands above it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    intro_en = _some(gettext_lazy("To begin with"), required=False)
    intro_es = _some(
        gettext_lazy("To begin with, in Spanish"),
        hint=gettext_lazy("Left empty, the English is shown."),
        required=False,
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": account.version if account.pk else None,
            "intro_en": account.intro_en,
            "intro_es": account.intro_es,
        }
        super().__init__(*args, **kwargs)
