"""Choosing, field by field, what the one that stays is to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comity.partners.duplicates.wording import Fact
from comity.partners.models import Partner
from comity.ui.widgets import Radios


class MergeForm(forms.Form):
    """Which of the two stays, and whose facts it keeps."""

    def __init__(
        self, names: tuple[str, str], facts: list[Fact], better: int, *args: Any, **kwargs: Any
    ) -> None:
        """better  the one proposed to stay: 1 or 2"""
        super().__init__(*args, **kwargs)
        self.fields["stays"] = forms.ChoiceField(
            label=_("Which one stays?"),
            choices=[
                ("1", _("The first: %(name)s") % {"name": names[0]}),
                ("2", _("The second: %(name)s") % {"name": names[1]}),
            ],
            initial=str(better),
            widget=Radios,
            help_text=_(
                "Everything from the other one moves to it. The other page will lead here, and its name "
                "is kept."
            ),
        )
        self.facts = [fact for fact in facts if fact.differs]
        says_nothing = {"", str(Partner.Kind.UNKNOWN.label)}
        for fact in self.facts:
            full = [side for side, text in (("1", fact.one), ("2", fact.two)) if text not in says_nothing]
            self.fields[fact.name] = forms.ChoiceField(
                label=fact.label,
                choices=[("1", fact.one or _("nothing")), ("2", fact.two or _("nothing"))],
                initial=full[0] if len(full) == 1 else str(better),
                widget=Radios,
            )

    def theirs(self) -> dict[str, bool]:
        """Facts that are taken from the one that does not stay."""
        stays = self.cleaned_data["stays"]
        return {fact.name: self.cleaned_data[fact.name] != stays for fact in self.facts}
