"""An outage, and what is new of it, as they are typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.outages.models import Outage
from comity.partners.forms.several import SeveralPartnersForm
from comity.partners.models import Partner
from comity.partners.pickers import PARTNERS_WORD
from comity.services.forms import offer_services
from comity.ui.fields import sentences
from comity.ui.widgets import CheckboxList, DateTimeInput


class OutageForm(SeveralPartnersForm):
    """hit: whom it hits as the map has it; each is ticked"""

    class Meta(RowForm.Meta):
        model = Outage
        fields = ("what", "service", "began_at", "ends_at", "planned")
        help_texts = {
            "what": _("In words that those it hits understand. They will read it."),
            "ends_at": _("As far as you know. Planned maintenance needs it."),
        }

    def __init__(self, *args: Any, hit: Iterable[Partner] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer_services(self)
        if keys := [partner.pk for partner in hit]:
            self.fields["named"] = forms.ModelMultipleChoiceField(
                Partner.objects.filter(pk__in=keys),
                label=PARTNERS_WORD,
                required=False,
                widget=CheckboxList,
                initial=keys,
            )


class NewsForm(forms.Form):
    text = sentences(_("What is new"), longest=2_000, hint=_("Everybody it hits gets this by email."))
    over = forms.BooleanField(label=_("It is over"), required=False)
    ended_at = forms.DateTimeField(
        label=_("Over since"), required=False, widget=DateTimeInput, help_text=_("Leave it empty for now.")
    )
