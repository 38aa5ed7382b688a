"""What someone answers for beyond their own work, as the first sentence of their day: each number leads to its rows.

Who answers for the whole office hears of its follow-ups and of who has nobody to call; who tends the machinery, of what
stands still there; who leads people, of what is late with them; and everyone of what they wrote down and nobody took on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.briefing.numbers import Numbers, Reader
from comity.briefing.numbers_in_words import spelled
from comity.briefing.office_figures import OfficeFigures, of_office
from comity.followups.models import State
from comity.imports.models import Import
from comity.office.services import words
from comity.outbox.models import Message

HERE = "\N{OBJECT REPLACEMENT CHARACTER}"  # where the number stands in a clause


@dataclass(frozen=True)
class Clause:
    """Part of a sentence: how many, of what, and where they are.

    pile, heading  of the follow-ups that were counted, where the page shows some of them itself (`picked`)
    """

    count: int
    words: str
    url: str
    heading: str = ""
    pile: str = ""

    def markup(self, *, first: bool) -> SafeString:
        """The clause, its number a link and in words where it is small."""
        number = spelled(self.count, inside=not first)
        before, _here, after = self.words.partition(HERE)
        return format_html('{}<a href="{}">{}</a>{}', before, self.url, number, after)


def sentence_of(clauses: Sequence[Clause], opening: str = "") -> SafeString:
    """The clauses as one sentence, after an opening if there is one."""
    parts = [conditional_escape(opening)] if opening else []
    for clause in clauses:
        parts.append(clause.markup(first=not parts))
    return mark_safe("; ".join(parts) + ".") if parts else SafeString("")  # noqa: S308  (each part is escaped)


def clauses_of(numbers: Numbers, today: date, reader: Reader) -> list[Clause]:
    """What this person answers for and does not stand well."""
    found: list[Clause] = []
    if reader.whole and reader.overview:
        found += _office(of_office(numbers), today)
    if reader.machinery:
        found += _machinery(numbers)
    if not reader.whole:
        found += _people_and_words(numbers)
    if not reader.overview:
        found.append(_reviews(numbers["services"][1]))
    return [clause for clause in found if clause.count]


def _office(office: OfficeFigures, today: date) -> list[Clause]:
    said = words()
    unowned = ngettext(
        "%(number)s follow-up has no owner", "%(number)s follow-ups have no owner", office.unowned
    )
    late = (
        ngettext(
            "%(number)s is late by more than a week",
            "%(number)s are late by more than a week",
            office.late_long,
        )
        if office.unowned
        else ngettext(
            "%(number)s follow-up is late by more than a week",
            "%(number)s follow-ups are late by more than a week",
            office.late_long,
        )
    )
    nobody = ngettext(
        "%(number)s %(partner)s has nobody to call",
        "%(number)s %(partners)s have nobody to call",
        office.gaps,
    )
    return [
        Clause(
            office.unowned,
            unowned % {"number": HERE},
            links.follow_ups(view="unowned"),
            _("Without an owner"),
            "unowned",
        ),
        Clause(
            office.late_long,
            late % {"number": HERE},
            links.late_for_the_cio(today),
            _("Late by more than a week"),
            "late",
        ),
        Clause(
            office.gaps,
            nobody % {"number": HERE, "partner": said.partner, "partners": said.partners},
            reverse("coverage"),
        ),
    ]


def _machinery(numbers: Numbers) -> list[Clause]:
    """Mail that could not leave, lists that wait to be looked at, bodies and people that may be there twice."""
    dead, lists, pairs = (numbers[what][0] for what in ("mail", "lists", "pairs"))
    could_not = ngettext("%(number)s email could not be sent", "%(number)s emails could not be sent", dead)
    wait = ngettext("%(number)s import waits for review", "%(number)s imports wait for review", lists)
    twice = ngettext("%(number)s pair may be a duplicate", "%(number)s pairs may be duplicates", pairs)
    return [
        Clause(dead, could_not % {"number": HERE}, f"{reverse('outbox:list')}?state={Message.State.DEAD}"),
        Clause(lists, wait % {"number": HERE}, f"{reverse('imports:list')}?state={Import.State.PREVIEW}"),
        Clause(pairs, twice % {"number": HERE}, reverse("partners:duplicates")),
    ]


def _reviews(due: int) -> Clause:
    """Entries of the catalog that this person owns and has not looked at in time."""
    words = ngettext(
        "%(number)s service of yours is due for review",
        "%(number)s services of yours are due for review",
        due,
    )
    return Clause(due, words % {"number": HERE}, reverse("my_services"))


def _people_and_words(numbers: Numbers) -> list[Clause]:
    """Late with those who answer to this person; written down by this person and without an owner."""
    team, written, *_rest = numbers["people"]
    late = ngettext(
        "%(number)s follow-up on your team is late", "%(number)s follow-ups on your team are late", team
    )
    alone = ngettext(
        "%(number)s thing you wrote down has no owner yet",
        "%(number)s things you wrote down have no owner yet",
        written,
    )
    return [
        Clause(
            team,
            late % {"number": HERE},
            links.follow_ups(team=1, late=1),
            _("Late on your team"),
            "team",
        ),
        Clause(
            written,
            alone % {"number": HERE},
            links.follow_ups(written=1, state=State.HEARD),
            _("You wrote it down; nobody owns it yet"),
            "written",
        ),
    ]
