"""The sides from which the list and the board are seen."""

from __future__ import annotations

from collections.abc import Callable
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
    """One side: its name, its sentence for any number of rows, the one for none, and which rows they are."""

    label: Any
    sentence: Any
    nothing: Any
    rows: Callable[[FollowUpQuerySet, User, date], FollowUpQuerySet]


WORKLISTS = {
    "mine": Worklist(
        _("Mine"),
        ngettext_lazy("%(count)s follow-up waits for you.", "%(count)s follow-ups wait for you.", "number"),
        _("Nothing waits for you."),
        lambda rows, user, today: rows.needs_me(user, today),
    ),
    "partners": Worklist(
        _("My %(partners)s’"),
        ngettext_lazy(
            "%(count)s follow-up is open at the %(partners)s you look after.",
            "%(count)s follow-ups are open at the %(partners)s you look after.",
            "number",
        ),
        _("Nothing is open at the %(partners)s you look after."),
        lambda rows, user, today: rows.of_partners_of(user, today).open(),
    ),
    "unowned": Worklist(
        _("Without an owner"),
        ngettext_lazy("%(count)s follow-up has no owner.", "%(count)s follow-ups have no owner.", "number"),
        _("Everything heard has an owner."),
        lambda rows, _user, _today: rows.unowned(),
    ),
    "late": Worklist(
        _("Late"),
        ngettext_lazy("%(count)s follow-up is late.", "%(count)s follow-ups are late.", "number"),
        _("Nothing is late."),
        lambda rows, _user, today: rows.late(today),
    ),
    "untold": Worklist(
        _("Done, not told"),
        ngettext_lazy(
            "%(count)s follow-up is done, and nobody has been told.",
            "%(count)s follow-ups are done, and nobody has been told.",
            "number",
        ),
        _("Everyone has been told what came of it."),
        lambda rows, _user, _today: rows.untold(),
    ),
    "unanswered": Worklist(
        _("Told, no answer"),
        ngettext_lazy(
            "%(count)s follow-up was told, without an answer yet.",
            "%(count)s follow-ups were told, without an answer yet.",
            "number",
        ),
        _("Everyone who was asked has answered."),
        lambda rows, _user, _today: rows.told_without_answer(),
    ),
    "open": Worklist(
        _("Open"),
        ngettext_lazy("%(count)s follow-up is open.", "%(count)s follow-ups are open.", "number"),
        _("Nothing is open."),
        lambda rows, _user, _today: rows.open(),
    ),
    "all": Worklist(
        _("All"),
        ngettext_lazy("%(count)s follow-up in all.", "%(count)s follow-ups in all.", "number"),
        _("Nothing has been heard yet."),
        lambda rows, _user, _today: rows,
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
    return WORKLISTS[view].rows(all_of(user), user, today)


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
