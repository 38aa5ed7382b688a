"""The charter, as it is typed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from comity.charter.models import ROLES, Charter
from comity.editing.forms import RowForm
from comity.ui.widgets import Radios


class CharterForm(RowForm):
    class Meta(RowForm.Meta):
        model = Charter
        fields = ("purpose", *(field for name in ROLES for field in (name, f"{name}_words")))
        widgets = dict.fromkeys(ROLES, Radios)
        help_texts = {"purpose": _("Two or three sentences. Everyone you serve can read the charter.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in ROLES.items():
            self.fields[f"{name}_words"].label = _("%(role)s: what that means here") % {"role": label}
