"""The page of one list and no more: how one is added to it, and how a whole list of such is brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from django.http import HttpResponseBase

from comity.access import Capability
from comity.nouns import Words
from comity.people.access import Request
from comity.ui.tables import Table

Act: TypeAlias = tuple[Words, str, Capability]


def list_page(
    request: Request,
    table: Table,
    heading: Words,
    *,
    lead: Words = "",
    crumbs: Sequence[tuple[Words, str]] = (),
    add: Act | None = None,
    acts: Sequence[Act] = (),
    profile: str = "",
    about: Mapping[str, object] | None = None,
    problem: str = "",
) -> HttpResponseBase:
    """The page, its changing part, or the CSV, as `Table.respond` answers.

    add      where one is added: words, an address, and who may
    acts     what else one may do
    profile  the list that is imported into it, for those who may; about: what is known of such a file
    problem  what is wrong with what the list says
    """
    every = [(act, True) for act in acts] + ([(add, False)] if add else [])
    buttons = [(words, url, quiet) for (words, url, to), quiet in every if request.user.can(to)]
    context = {"heading": heading, "lead": lead, "crumbs": crumbs, "acts": buttons, "problem": problem}
    return table.respond("imports/table.html", {**context, "profile": profile, "about": about or {}})
