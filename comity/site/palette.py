"""What the palette can do besides finding: the common acts, for whom they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.followups import capabilities as followups
from comity.imports import capabilities as imports
from comity.meetings import capabilities as meetings
from comity.people import capabilities as people
from comity.people.access import Capability
from comity.surveys import capabilities as surveys


@dataclass(frozen=True)
class Act:
    """A line of the palette."""

    label: str
    hint: str
    url: str


# label, hint, name of the URL, who may
_ACTS: tuple[tuple[Promise, Promise, str, Capability], ...] = (
    (_("Write down what you heard"), _("a concern, a wish, a complaint"), "followups:new", followups.RAISE),
    (_("Log a visit"), _("who, what was said, what was promised"), "meetings:log", meetings.LOG),
    (_("Plan a visit"), _("when, about what, who comes along"), "meetings:plan_new", meetings.LOG),
    (_("Build a survey"), _("from the library, or an empty one"), "surveys:new_survey", surveys.RUN),
    (_("Prepare a wave"), _("ask a survey of some people"), "surveys:new_wave", surveys.RUN),
    (_("Import a list"), _("from a spreadsheet"), "imports:new", imports.IMPORT),
    (_("Invite someone"), _("to sign in, by mail"), "people:invite", people.MANAGE),
)


def acts_for(request: HttpRequest) -> list[dict[str, str]]:
    """The acts this person may do, ready for the page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        asdict(Act(str(label), str(hint), reverse(name)))
        for label, hint, name, wanted in _ACTS
        if user.can(wanted)
    ]
