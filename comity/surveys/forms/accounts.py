"""Writing what came of a wave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.followups.models import FollowUp
from comity.office.services import words
from comity.partners.pickers import PARTNER
from comity.people.models import User
from comity.surveys.models import Account, Deed
from comity.ui.fields import PickField, picked_by
from comity.ui.widgets import CheckboxList

OFFERED = 30  # follow-ups of a wave


class DeedForm(RowForm):
    """One thing: who reads it, what was heard, what was done, in both languages, and of what it is said.

    offered  the follow-ups of the wave, those to be shown first
    chosen   the one it is said of, if one comes from there
    """

    partner = PickField(PARTNER, required=False)

    class Meta(RowForm.Meta):
        model = Deed
        fields = ("heard_en", "done_en", "heard_es", "done_es", "partner", "follow_ups")
        widgets = {
            "done_en": forms.Textarea(attrs={"rows": 4}),
            "done_es": forms.Textarea(attrs={"rows": 4}),
            "follow_ups": CheckboxList,
        }
        help_texts = {
            "heard_en": gettext_lazy("Use general words, so that nobody can be recognized."),
            "done_es": gettext_lazy("If you leave this empty, the English is shown."),
            "follow_ups": gettext_lazy("Only our office can see these."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        offered: Iterable[FollowUp],
        chosen: FollowUp | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, initial=_because_of(chosen), **more)
        known = list(offered)[:OFFERED]
        own = self.instance.follow_ups.all() if self.instance.pk else ()
        known = [*(row for row in (*own, *([chosen] if chosen else ())) if row not in known), *known]
        self.fields["follow_ups"].queryset = FollowUp.objects.filter(pk__in=[row.pk for row in known])
        self.fields["follow_ups"].choices = [
            (row.pk, f"{row.partner}: {row.title}" if row.partner else row.title) for row in known
        ]
        if not known:
            del self.fields["follow_ups"]
        self.fields["partner"].label = _("Only for one %(partner)s") % {"partner": words().partner}
        self.fields["partner"].help_text = _("If you leave this empty, everyone who was asked can read it.")
        picked_by(self, user)


def _because_of(follow_up: FollowUp | None) -> dict[str, Any]:
    """What was told to one can be a beginning; what they said is theirs alone and is not."""
    if follow_up is None:
        return {}
    return {"done_en": follow_up.told_words or follow_up.done_words, "follow_ups": [follow_up.pk]}


class IntroForm(RowForm):
    """What stands above it."""

    class Meta(RowForm.Meta):
        model = Account
        fields = ("intro_en", "intro_es")
        widgets = {
            "intro_en": forms.Textarea(attrs={"rows": 4}),
            "intro_es": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"intro_es": gettext_lazy("If you leave this empty, the English is shown.")}
