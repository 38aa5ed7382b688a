"""The office's settings as forms, a subject each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from comity.core.places import STATES, ZONES
from comity.office.models import Office, VisitTier
from comity.office.services import Keeping
from comity.people.pictures import ACCEPT, LIMIT_MB
from comity.people.sign_in.forms import PASSWORD_HINT, password_field
from comity.ui.widgets import CheckboxList, DateInput, FileInput

ORIGINAL = "original"
SALT = "comity.office.forms"
STATE_CHOICES = [("", _("Choose a state")), *((state.fips, state.name) for state in STATES)]


class SetUpForm(forms.Form):
    """What an empty install has to know."""

    office_name = forms.CharField(
        label=_("Name of your office"), max_length=200, help_text=_("As your people know it: “Office of IT”.")
    )
    state_fips = forms.ChoiceField(label=_("State"), choices=STATE_CHOICES)
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = password_field(_("Choose a password"), new=True, hint=PASSWORD_HINT)


class SettingsForm(forms.Form):
    """Some settings of the office; carries along the values it was shown with, so that a clash is noticed."""

    title: ClassVar[Any] = ""
    original = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, office: Office, data: Any = None) -> None:
        names = [name for name in self.base_fields if name != ORIGINAL]
        self.seen = {name: getattr(office, name) for name in names}
        super().__init__(data, initial={**self.seen, ORIGINAL: signing.dumps(self.seen, salt=SALT)})

    def clean_original(self) -> dict[str, Any]:
        """The values that the form was shown with; the present ones if that was lost on the way."""
        try:
            told: dict[str, Any] = signing.loads(self.cleaned_data[ORIGINAL], salt=SALT)
        except signing.BadSignature:
            return self.seen
        return told if told.keys() == self.seen.keys() else self.seen

    @property
    def wanted(self) -> dict[str, Any]:
        """The values as they should be."""
        return {name: value for name, value in self.cleaned_data.items() if name != ORIGINAL}

    def begin_again(self, office: Office) -> None:
        """Keep what was typed, but take the present values as seen, so that saving now means them."""
        seen = {name: getattr(office, name) for name in self.seen}
        typed: Any = self.data
        data = typed.copy()
        data[ORIGINAL] = signing.dumps(seen, salt=SALT)
        self.data = data

    def words_for(self, name: str, value: Any) -> str:
        """A value of one of its fields as a person reads it."""
        choices: Any = getattr(self.fields[name], "choices", None)
        if choices is None:
            return str(value)
        words = {str(key): str(label) for key, label in choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(each), str(each)) for each in values)


class GeneralForm(SettingsForm):
    title = _("The office")

    name = forms.CharField(label=_("Name of the office"), max_length=200)
    state_fips = forms.ChoiceField(
        label=_("State"), choices=STATE_CHOICES, help_text=_("Its public holidays are no business days.")
    )
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.EmailField(
        label=_("E-mail people may write to"), required=False, help_text=_("Shown where someone needs help.")
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=50)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=CheckboxList,
        help_text=_("In which people may read the pages, and get mail."),
    )

    def __init__(self, office: Office, data: Any = None) -> None:
        super().__init__(office, data)
        if not self.seen["languages"]:
            self.initial["languages"] = [code for code, _name in settings.LANGUAGES]
        zones = self.fields["time_zone"]
        if office.time_zone not in dict(ZONES):
            zones.choices = [*ZONES, (office.time_zone, office.time_zone)]  # type: ignore[attr-defined]
        if not office.state_fips and office.state_name:
            # A state that the Census does not know, as the one of the demo.
            self.fields["state_fips"].required = False
            self.fields["state_fips"].choices = [("", office.state_name), *STATE_CHOICES[1:]]  # type: ignore[attr-defined]


class WordsForm(SettingsForm):
    title = _("Your word")

    partner_word = forms.CharField(
        label=_("One of those you serve"),
        max_length=50,
        help_text=_("As it stands inside a sentence: “customer”, “agency partner”, “strategic partner”."),
    )
    partner_words = forms.CharField(label=_("Several of them"), max_length=50)
    partner_word_es = forms.CharField(label=_("One of them, in Spanish"), max_length=50)
    partner_words_es = forms.CharField(label=_("Several of them, in Spanish"), max_length=50)


class PromisesForm(SettingsForm):
    title = _("What you promise")

    due_days_urgent = forms.IntegerField(
        label=_("Business days for what is urgent"), min_value=1, max_value=250
    )
    due_days_high = forms.IntegerField(label=_("For what is of high importance"), min_value=1, max_value=250)
    due_days_normal = forms.IntegerField(label=_("For what is normal"), min_value=1, max_value=250)
    due_days_low = forms.IntegerField(label=_("For what can wait"), min_value=1, max_value=250)
    own_within_days = forms.IntegerField(
        label=_("Until someone owns it"),
        min_value=1,
        max_value=250,
        help_text=_("Business days; afterwards the chief customer officer is told."),
    )


class YearForm(SettingsForm):
    title = _("Your year")

    fiscal_year_start = forms.TypedChoiceField(
        label=_("The fiscal year starts in"),
        coerce=int,
        choices=list(MONTHS.items()),
        help_text=_("It is named by the year in which it ends."),
    )


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        widget=FileInput(accept=ACCEPT),
        help_text=_("PNG, JPEG or WebP, up to %(limit)s MB; square ones look best.") % {"limit": LIMIT_MB},
    )


class ClosureForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DateInput())
    name = forms.CharField(label=_("Why"), max_length=100, help_text=_("“Moving house”, “Snow day”."))


class TierForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50)
    every_days = forms.IntegerField(label=_("See them every … days"), min_value=1, max_value=3650)

    def __init__(self, tier: VisitTier | None, data: Any = None) -> None:
        super().__init__(data, initial={"name": tier.name, "every_days": tier.every_days} if tier else None)


class RuleForm(forms.Form):
    keep_days = forms.IntegerField(
        label=_("Keep for … days"),
        min_value=1,
        max_value=36_525,
        help_text=_("365 days are a year, 1826 five years, 3652 ten."),
    )
    schedule_item = forms.CharField(
        label=_("Item of your state’s retention schedule"),
        max_length=100,
        required=False,
        help_text=_("It stands on the certificate of everything that is destroyed: “GS-01023”."),
    )

    def __init__(self, keeping: Keeping, data: Any = None) -> None:
        rule = keeping.rule
        super().__init__(
            data,
            initial={"keep_days": keeping.days, "schedule_item": rule.schedule_item if rule else ""},
        )


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label=_("On what"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The case or the request, and who asked for it."),
    )

    def __init__(self, keepings: Iterable[Keeping], data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("All records")), *((keeping.key, keeping.label) for keeping in keepings)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    why = forms.CharField(
        label=_("Why it may go"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept in the trail."),
    )
