"""What people type about themselves, and administrators about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comity.core.places import ZONES
from comity.editing.forms import RowForm
from comity.people import duties
from comity.people.models import User
from comity.people.pickers import colleagues
from comity.people.pictures import ACCEPT, LIMIT_MB
from comity.people.roles import OFFICE_ROLES
from comity.people.services.profile import ROLES
from comity.people.sign_in.forms import PASSWORD_HINT, password_field
from comity.ui.widgets import CheckboxList, DateInput, FileInput

NAME = {"autocomplete": "name"}


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For pages and email.")
    )


class JoinForm(forms.Form):
    """The first password."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs=NAME))
    password = password_field(_("Choose a password"), new=True, hint=PASSWORD_HINT)


class ProfileForm(RowForm):
    """What one says of oneself."""

    language = language_field()
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=[("", _("Same as the office")), *ZONES]
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=FileInput(accept=ACCEPT),
        help_text=format_lazy(
            _("PNG, JPEG or WebP, up to {limit} MB. It will be cropped to a square."), limit=LIMIT_MB
        ),
    )
    remove_photo = forms.BooleanField(label=_("Remove my photo"), required=False)
    single_keys = forms.BooleanField(
        label=_("Use single-key shortcuts, such as ? and J"),
        required=False,
        help_text=_("Turn these off if you use speech input, or if they get in your way."),
    )

    class Meta(RowForm.Meta):
        model = User
        fields = ("name", "title", "phone", "language", "time_zone", "single_keys")
        widgets = {
            "name": forms.TextInput(attrs=NAME),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    field_order = ("name", "title", "phone")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["seen_before"]  # nobody else changes it
        if not self.instance.photo:
            del self.fields["remove_photo"]
        zone = self.instance.time_zone
        if zone and zone not in dict(ZONES):
            self.fields["time_zone"].choices += [(zone, zone)]


class AbsenceForm(forms.Form):
    """Being away."""

    fields: dict[str, Any]
    starts_on = forms.DateField(label=_("First day away"), widget=DateInput())
    until_on = forms.DateField(label=_("Last day away"), widget=DateInput())
    stand_in = forms.ModelChoiceField(
        label=_("Stand-in"),
        queryset=User.objects.none(),
        help_text=_("Anything new also goes to this person during the absence."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = colleagues().exclude(pk=user.pk)


class InviteForm(forms.Form):
    """Someone new in the office."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("We will send the invitation here, and they will sign in with this address."),
    )
    title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[(role.value, role.label) for role in OFFICE_ROLES], widget=CheckboxList
    )
    supervisor = forms.ModelChoiceField(label=_("Supervisor"), queryset=colleagues(), required=False)
    language = language_field()


class PersonForm(RowForm):
    """What an administrator writes about someone of the office."""

    related = ROLES
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in OFFICE_ROLES],
        widget=CheckboxList,
        required=False,
    )

    class Meta(RowForm.Meta):
        model = User
        fields = ("name", "title", "phone", "supervisor")
        help_texts = {"supervisor": _("Gets notified when something they own is late.")}

    field_order = ("name", "title", "phone", "roles", "supervisor")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["supervisor"].queryset = colleagues().exclude(pk=self.instance.pk)
        if not self.instance.is_office:
            del self.fields["roles"], self.fields["supervisor"]


class EmailForm(forms.Form):
    """Another address to sign in with."""

    email = forms.EmailField(
        label=_("New email address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class DeactivateForm(forms.Form):
    """Who takes over what someone answers for."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Kept in the trail. For example, “Retired” or “Moved to Revenue”."),
    )

    def __init__(self, person: User, held: Iterable[duties.Held], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"to_{number}": each.duty.key for number, each in enumerate(held)}
        for (name, _key), each in zip(self.names.items(), held, strict=True):
            self.fields[name] = forms.ModelChoiceField(
                label=_("Who takes over %(count)s %(what)s") % {"count": each.count, "what": each.duty.label},
                queryset=colleagues().exclude(pk=person.pk),
            )
        self.order_fields([*self.names, "reason"])

    @property
    def successors(self) -> dict[str, User]:
        """Who was chosen, by the key of the duty."""
        return {key: self.cleaned_data[name] for name, key in self.names.items()}
