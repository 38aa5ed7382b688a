"""The office's settings as forms, a subject each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comity.core.places import STATES, ZONES
from comity.editing.forms import RowForm
from comity.office.models import Closure, Office, VisitTier
from comity.office.services import Keeping
from comity.people.pictures import ACCEPT, LIMIT_MB
from comity.people.sign_in.forms import PASSWORD_HINT, password_field
from comity.ui.fields import sentences
from comity.ui.widgets import CheckboxList, FileInput

STATE_CHOICES = [("", _("Choose a state")), *((state.fips, state.name) for state in STATES)]


class SetUpForm(forms.Form):
    """What an empty install has to know."""

    office_name = forms.CharField(
        label=_("Name of your office"),
        max_length=200,
        help_text=_("The name people know it by, such as “Office of IT”."),
    )
    state_fips = forms.ChoiceField(label=_("State"), choices=STATE_CHOICES)
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your email"),
        help_text=_("You will sign in with this."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = password_field(_("Choose a password"), new=True, hint=PASSWORD_HINT)


class GeneralForm(RowForm):
    """Who the office is, and how it is reached."""

    state_fips = forms.ChoiceField(
        label=_("State"),
        choices=STATE_CHOICES,
        help_text=_("Its public holidays do not count as business days."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=CheckboxList,
        help_text=_("People can read pages and get emails in these languages."),
    )

    class Meta(RowForm.Meta):
        model = Office
        fields = (
            *("name", "state_fips", "address", "email", "phone", "time_zone", "languages"),
            "catalog_is_public",
        )
        help_texts = {"email": _("Shown where someone needs help.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        office = self.instance
        if not office.languages:
            self.initial["languages"] = [code for code, _name in settings.LANGUAGES]
        if office.time_zone not in dict(ZONES):
            self.fields["time_zone"].choices = [*ZONES, (office.time_zone, office.time_zone)]
        if not office.state_fips and office.state_name:
            # A state that the Census does not know, as the one of the demo.
            self.fields["state_fips"].required = False
            self.fields["state_fips"].choices = [("", office.state_name), *STATE_CHOICES[1:]]


class WordsForm(RowForm):
    """What the office calls those it serves."""

    class Meta(RowForm.Meta):
        model = Office
        fields = ("partner_word", "partner_words", "partner_word_es", "partner_words_es")
        help_texts = {
            "partner_word": _(
                "As you would write it in a sentence: “customer”, “agency partner”, “strategic partner”."
            )
        }


class PromisesForm(RowForm):
    """Within how many business days what is due."""

    class Meta(RowForm.Meta):
        model = Office
        fields = ("due_days_urgent", "due_days_high", "due_days_normal", "due_days_low", "own_within_days")
        help_texts = {"own_within_days": _("After that, the chief customer officer is told.")}


class YearForm(RowForm):
    fiscal_year_start = forms.TypedChoiceField(
        label=_("The fiscal year starts in"),
        coerce=int,
        choices=list(MONTHS.items()),
        help_text=_("A fiscal year is named for the year in which it ends."),
    )

    class Meta(RowForm.Meta):
        model = Office
        fields = ("fiscal_year_start",)


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        widget=FileInput(accept=ACCEPT),
        help_text=format_lazy(
            _("PNG, JPEG or WebP, up to {limit} MB. A square image looks best."), limit=LIMIT_MB
        ),
    )


class ClosureForm(RowForm):
    class Meta(RowForm.Meta):
        model = Closure
        fields = ("day", "name")
        help_texts = {"name": _("For example, “Office move” or “Snow day”.")}


class TierForm(RowForm):
    class Meta(RowForm.Meta):
        model = VisitTier
        fields = ("name", "every_days")


class RuleForm(forms.Form):
    keep_days = forms.IntegerField(
        label=_("Days to keep"),
        min_value=1,
        max_value=36_525,
        help_text=_("One year is 365 days, five years 1826, ten years 3652."),
    )
    schedule_item = forms.CharField(
        label=_("Item in your state’s retention schedule"),
        max_length=100,
        required=False,
        help_text=_("For example, “GS-01023”. Shown on the certificate whenever records are destroyed."),
    )

    def __init__(self, keeping: Keeping, data: Any = None) -> None:
        rule = keeping.rule
        super().__init__(
            data,
            initial={"keep_days": keeping.days, "schedule_item": rule.schedule_item if rule else ""},
        )


class HoldForm(forms.Form):
    fields: dict[str, Any]
    kind = forms.ChoiceField(label=_("Records to hold"), required=False)
    reason = sentences(_("Why"), longest=1000, hint=_("The case or the request, and who asked for it."))

    def __init__(self, keepings: Iterable[Keeping], data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("All records")), *((keeping.key, keeping.label) for keeping in keepings)]
        self.fields["kind"].choices = choices


class LiftForm(forms.Form):
    why = sentences(
        _("Why the hold can be lifted"), longest=1000, hint=_("Your reason is kept in the trail.")
    )
