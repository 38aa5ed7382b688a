"""Driver figures, as somebody begins them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.rates.models import DriverSnapshot


class FiguresForm(RowForm):
    class Meta(RowForm.Meta):
        model = DriverSnapshot
        fields = ("driver", "offering", "as_of", "source")
        help_texts = {
            "offering": _("Of fixed shares alone: the offering that they split."),
            "as_of": _("They hold from this day until there are newer ones."),
            "source": _("Such as the payroll of June 30."),
        }
