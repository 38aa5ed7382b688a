"""How one wants to hear of each kind of notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from comity.notifications import services
from comity.notifications.kinds import kinds_for
from comity.notifications.models import Mail

if TYPE_CHECKING:
    from comity.people.models import User


class PreferencesForm(forms.Form):
    """One field for each kind the person may get."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        wishes = services.wishes_of(user)
        for kind in kinds_for(user):
            self.fields[kind.key] = forms.ChoiceField(
                label=str(kind.label), choices=Mail.choices, initial=wishes[kind.key]
            )
