"""What has to be said of a file of responses: which wave it belongs to, and how its cells are meant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.core.surveys import NUMBER_SCALES
from comity.surveys.models import Mode, Survey, Wave
from comity.surveys.services.building.question_keys import free_key
from comity.ui.widgets import DateInput, Radios

REFUSED = "refused"  # well said, and cannot be done
NEW = "-"  # said instead of a key
PROMISED = [
    (Mode.NAMED, gettext_lazy("Named: our office may see who said what")),
    (
        Mode.CONFIDENTIAL,
        gettext_lazy(
            "Confidential: only the survey office may see who said what, and small groups are hidden"
        ),
    ),
    (
        Mode.ANONYMOUS,
        gettext_lazy(
            "Anonymous: once the answers are counted, the file and its rows are destroyed, and small groups are hidden"
        ),
    ),
]


def takes_responses(wave: Wave) -> bool:
    """Whether responses from elsewhere can be imported into a wave."""
    return wave.state == Wave.State.DRAFT or (wave.imported and wave.mode != Mode.ANONYMOUS)


def refuse_wave(wave: Wave) -> None:
    """Raises DomainError, saying why, if a wave does not take responses from elsewhere."""
    if takes_responses(wave):
        return
    if wave.imported:
        raise DomainError(
            _(
                "“%(wave)s” is anonymous and already counted, so one response more would show what it says. Undo its "
                "import, then import all responses in one file."
            )
            % {"wave": wave}
        )
    raise DomainError(
        _("“%(wave)s” asks people itself. Responses from elsewhere go into a wave of their own.")
        % {"wave": wave}
    )


def _waves() -> list[tuple[str, Any]]:
    """Those that take responses from elsewhere."""
    imported = Wave.objects.filter(imported=True).exclude(mode=Mode.ANONYMOUS)
    found = (imported | Wave.objects.filter(state=Wave.State.DRAFT)).order_by("-created_at", "-pk")
    return [(NEW, _("A new wave")), *found.values_list("key", "name")]


def _surveys() -> list[tuple[str, Any]]:
    asked = Survey.objects.standing().filter(versions__questions__isnull=False).distinct()
    return [(NEW, _("A new survey, made from the columns")), *asked.values_list("key", "name")]


class AboutForm(forms.Form):
    """What is said of a new wave means nothing where there is one."""

    wave = forms.RegexField(
        r"^(?:-|[a-z0-9][a-z0-9_-]{0,59})\Z",
        label=gettext_lazy("Wave"),
        help_text=gettext_lazy("One that is being prepared or was imported before, or a new one."),
        initial=NEW,
        widget=forms.Select,
        error_messages={
            "invalid": gettext_lazy(
                "This cannot be a wave's key: use small letters, digits and hyphens, up to 60."
            )
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Name of a new wave"),
        help_text=gettext_lazy("Needed if the wave is new."),
        required=False,
        max_length=200,
    )
    survey = forms.ChoiceField(
        label=gettext_lazy("Survey of a new wave"),
        help_text=gettext_lazy("Waves of one survey are compared question by question."),
        initial=NEW,
        choices=_surveys,
    )
    day = forms.DateField(
        label=gettext_lazy("When people were asked"),
        help_text=gettext_lazy("Where a new wave stands among the others. Today, if you leave it empty."),
        required=False,
        widget=DateInput,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("What people were promised"),
        help_text=gettext_lazy("In a new wave. It cannot be changed later."),
        initial=Mode.CONFIDENTIAL,
        choices=PROMISED,
        widget=Radios,
    )
    scale = forms.ChoiceField(
        label=gettext_lazy("Scale of questions made from columns"),
        initial="1-5",
        choices=[(key, key) for key in NUMBER_SCALES],
    )
    na = forms.CharField(
        label=gettext_lazy("Cells that mean “I don’t know”"),
        help_text=gettext_lazy("For example 9 or N/A. Separate several with commas."),
        required=False,
    )
    population = forms.IntegerField(
        label=gettext_lazy("How many people could have answered"),
        help_text=gettext_lazy(
            "If you know it, the figures become more certain. A file with rows of those who did not answer says it itself."
        ),
        required=False,
        min_value=1,
        max_value=10**9,
    )
    raise_low = forms.BooleanField(
        label=gettext_lazy("Raise a follow-up for each low rating"),
        help_text=gettext_lazy("It goes to the lead contact. Undoing the import does not take it back."),
        required=False,
    )
    others = forms.BooleanField(
        label=gettext_lazy("These responses are from other people"),
        help_text=gettext_lazy(
            "Check this if they match responses already in the wave, and the file is not a repeat."
        ),
        required=False,
    )
    drivers = forms.RegexField(
        r"^(?:[^\n]+=[^\n]+(?:\n|\Z))*\Z",
        label=gettext_lazy("What a rating made from a column may drive: COLUMN=DRIVER"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["wave"].widget.choices = _waves()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        wave = Wave.objects.filter(key=said.get("wave", "")).first()
        if wave is not None:
            said["mode"] = wave.mode
            try:
                refuse_wave(wave)
            except DomainError as error:
                self.add_error("wave", ValidationError(str(error), code=REFUSED))
        elif said.get("wave") == NEW:
            said["wave"] = free_key(said.get("name", ""), Wave.objects.all(), otherwise="imported")
            if not said.get("name"):
                self.add_error("name", _("Enter a name for the new wave."))
        if said.get("raise_low") and said.get("mode") != Mode.NAMED:
            sentence = _("Where names are kept back, no follow-up is raised for a single response.")
            self.add_error("raise_low", ValidationError(sentence, code=REFUSED))
        return said
