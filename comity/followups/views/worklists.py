"""The sides from which the list and the board are seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.office import services as office
from comity.people.access import Request
from comity.people.models import User


@dataclass(frozen=True)
class Worklist:
    """One side: its name, its sentence for any number of rows, and the one for none."""

    label: Any
    sentence: Any
    nothing: Any


WORKLISTS = {
    "mine": Worklist(
        _("Mine"),
        ngettext_lazy("%(count)s follow-up waits for you.", "%(count)s follow-ups wait for you.", "number"),
        _("Nothing waits for you."),
    ),
    "partners": Worklist(
        _("My %(partners)s’"),
        ngettext_lazy(
            "%(count)s follow-up is open at the %(partners)s you look after.",
            "%(count)s follow-ups are open at the %(partners)s you look after.",
            "number",
        ),
        _("Nothing is open at the %(partners)s you look after."),
    ),
    "unowned": Worklist(
        _("Without an owner"),
        ngettext_lazy("%(count)s follow-up has no owner.", "%(count)s follow-ups have no owner.", "number"),
        _("Everything heard has an owner."),
    ),
    "late": Worklist(
        _("Late"),
        ngettext_lazy("%(count)s follow-up is late.", "%(count)s follow-ups are late.", "number"),
        _("Nothing is late."),
    ),
    "untold": Worklist(
        _("Done, not told"),
        ngettext_lazy(
            "%(count)s follow-up is done, and nobody has been told.",
            "%(count)s follow-ups are done, and nobody has been told.",
            "number",
        ),
        _("Everyone has been told what came of it."),
    ),
    "unanswered": Worklist(
        _("Told, no answer"),
        ngettext_lazy(
            "%(count)s follow-up was told, without an answer yet.",
            "%(count)s follow-ups were told, without an answer yet.",
            "number",
        ),
        _("Everyone who was asked has answered."),
    ),
    "open": Worklist(
        _("Open"),
        ngettext_lazy("%(count)s follow-up is open.", "%(count)s follow-ups are open.", "number"),
        _("Nothing is open."),
    ),
    "all": Worklist(
        _("All"),
        ngettext_lazy("%(count)s follow-up in all.", "%(count)s follow-ups in all.", "number"),
        _("Nothing has been heard yet."),
    ),
}


FIRST = "mine"


def view_of(request: Request) -> str:
    """The side asked for; one's own work, unless said otherwise."""
    asked = request.GET.get("view", "")
    return asked if asked in WORKLISTS else FIRST


def all_of(user: User) -> FollowUpQuerySet:
    """Every follow-up this person may see, with what a row names."""
    return FollowUp.objects.visible_to(user).with_people()


def rows_of(user: User, view: str, today: date) -> FollowUpQuerySet:
    """The rows of one side."""
    rows = all_of(user)
    match view:
        case "mine":
            return rows.needs_me(user, today)
        case "partners":
            return rows.of_partners_of(user, today).open()
        case "unowned":
            return rows.unowned()
        case "late":
            return rows.late(today)
        case "untold":
            return rows.untold()
        case "unanswered":
            return rows.told_without_answer()
        case "open":
            return rows.open()
    return rows


def views() -> list[tuple[str, str]]:
    """The sides as the views of the list: what each is called, and its query."""
    words = {"partners": office.words().partners}
    return [
        (str(worklist.label) % words, "" if key == FIRST else f"view={key}")
        for key, worklist in WORKLISTS.items()
    ]


def nothing(view: str) -> str:
    """What to say when a side is empty."""
    return str(WORKLISTS[view].nothing) % {"partners": office.words().partners}


def sentence(view: str, number: int) -> str:
    """What to say of so many rows."""
    words = office.words()
    said = WORKLISTS[view].sentence % {"number": number, "count": f"{number:,}", "partners": words.partners}
    return capfirst(str(said))
