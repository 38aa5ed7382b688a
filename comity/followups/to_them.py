"""How a follow-up reads to those it is for: in the portal, in notices, in mail.

The office says *owned*, *told*, *raised*; they read who looks after it, by when it is promised, and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.ring import Ring
from comity.followups import kinds
from comity.followups.models import FollowUp, Helped, State, Step
from comity.ui.components.days import day

# Where it stands, as a filter.
STATES = [
    (State.HEARD, gettext_lazy("We heard it")),
    (State.OWNED, gettext_lazy("Someone is looking after it")),
    (State.DONE, gettext_lazy("It is done")),
    (State.TOLD, gettext_lazy("We said what came of it")),
    (State.WITHDRAWN, gettext_lazy("Withdrawn")),
]


def is_promise(follow_up: FollowUp) -> bool:
    """Whether we said it to them, rather than they to us."""
    return kinds.get(follow_up.kind).promise


def heading(follow_up: FollowUp) -> str:
    """What it is to them."""
    return _("What we promised you") if is_promise(follow_up) else _("What you told us")


def ring(follow_up: FollowUp, today: date) -> Ring:
    """Its ring, which says where it stands."""
    return replace(follow_up.ring(today), title=stands(follow_up, today))


def stands(follow_up: FollowUp, today: date) -> str:
    """Where it stands: who looks after it, and by which day it is promised."""
    named = {"owner": follow_up.owner, "day": day(follow_up.due_on)}
    match follow_up.state:
        case State.HEARD if follow_up.own_by < today:
            return _("We heard you. We are late in finding someone to look after it.")
        case State.HEARD:
            return _("We heard you. Someone will take it on.")
        case State.OWNED if follow_up.is_late(today):
            return _("We promised this by %(day)s and are late. %(owner)s is looking after it.") % named
        case State.OWNED:
            return _("We will do this by %(day)s. %(owner)s is looking after it.") % named
        case State.DONE:
            return _("Done. We will tell you what came of it.")
        case State.WITHDRAWN:
            return _("Withdrawn")
    if follow_up.helped == Helped.YES:
        return _("Done, and it helped.")
    if follow_up.helped == Helped.PARTLY:
        return _("Done, and it helped in part.")
    return _("Done. We told you what came of it.")


def briefly(follow_up: FollowUp, today: date) -> str:
    """The same in a list, on a phone too."""
    if follow_up.state == State.OWNED:
        said = _("%(owner)s will do this by %(day)s")
        if follow_up.is_late(today):
            said = _("Late: %(owner)s promised this by %(day)s")
        return said % {"owner": follow_up.owner, "day": day(follow_up.due_on)}
    if follow_up.state == State.TOLD and follow_up.helped:
        return stands(follow_up, today)
    return str(dict(STATES)[State(follow_up.state)])


_HAPPENED: dict[str, Callable[[], str]] = {
    Step.What.OWNED: lambda: _("%(by)s is looking after it. We promised it by %(due_on)s."),
    Step.What.HANDED_OVER: lambda: _("%(to)s is looking after it now."),
    Step.What.GIVEN_BACK: lambda: _("We will find someone else to look after it."),
    Step.What.DUE_MOVED: lambda: _("We moved the day from %(was_due_on)s to %(due_on)s."),
    Step.What.EDITED: lambda: _("We corrected what is written here."),
    Step.What.DONE: lambda: _("%(by)s did it."),
    Step.What.TOLD: lambda: _("%(by)s told %(to)s what came of it."),
    Step.What.HELPED: lambda: _("%(by)s answered: %(helped)s"),
    Step.What.REOPENED: lambda: _("Reopened. We now promise it by %(due_on)s."),
    Step.What.WITHDRAWN: lambda: _("%(by)s withdrew it."),
    Step.What.UNDONE: lambda: _("We took back our last step."),
}


def happened(step: Step) -> str:
    """One thing that happened, as they read it."""
    if step.what == Step.What.HEARD:
        return _heard(step)
    sentence = _HAPPENED.get(step.what)
    return sentence() % step.naming if sentence else step.sentence


def _heard(step: Step) -> str:
    if is_promise(step.follow_up):
        return _("We promised it to you.")
    said_by = step.named.get("from")
    return _("%(name)s told us.") % {"name": said_by} if said_by else _("We heard it.")
