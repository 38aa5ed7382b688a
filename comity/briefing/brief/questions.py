"""Three questions to ask on a visit, each with its reason: from what is open, by plain rules, always the same for the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.billing.services.righting import DISPUTE
from comity.briefing.glance import Glance
from comity.briefing.numbers_in_words import days_in_words
from comity.business.services import Near
from comity.followups.models import FollowUp, Helped, State
from comity.nouns import Words
from comity.partners.models import Position
from comity.surveys.services.low_ratings import LOW_RATING
from comity.ui.components.days import near_day

ASKED = 3
NEW = timedelta(days=120)  # so long a head is new
A_LOT = 10  # percent by which a bill has to change
Asked = tuple[str, str]  # a question, and why it is asked


def questions(glance: Glance, rows: list[FollowUp], coming: list[Near], today: date) -> list[Asked]:
    """The first three that apply: what went wrong before what is new, and what can be asked of anybody last.

    rows    what is open with the partner, the soonest due first
    coming  what keeps them busy now or soon, the earliest first
    """
    found = [
        *_of_what_is_open(rows, today),
        *_of_the_partner(glance, today),
        *_of_their_year(coming),
        *_of_anybody(),
    ]
    return found[:ASKED]


def _of_what_is_open(rows: list[FollowUp], today: date) -> Iterator[Asked]:
    """One question for each thing that can be wrong, of the first that it is wrong with; of each thing one question."""
    asked: list[FollowUp] = []
    for applies, question, why in _WRONGS:
        row = next((row for row in rows if row not in asked and applies(row, today)), None)
        if row is not None:
            asked.append(row)
            said = {"title": row.title, "days": days_in_words(row.days_late(today))}
            yield str(question) % said, str(why) % said


_WRONGS: tuple[tuple[Callable[[FollowUp, date], bool], Words, Words], ...] = (
    (
        lambda row, today: row.is_late(today),
        gettext_lazy("What does it cost you that “%(title)s” is not done?"),
        gettext_lazy("We are %(days)s late."),
    ),
    (
        lambda row, _today: row.helped == Helped.NO,
        gettext_lazy("What would help with “%(title)s”?"),
        gettext_lazy("What we did has not helped."),
    ),
    (
        lambda row, _today: row.state == State.DONE,
        gettext_lazy("Did what we did about “%(title)s” solve it for you?"),
        gettext_lazy("It is done, and they have not been told."),
    ),
    (
        lambda row, _today: row.kind == DISPUTE,
        gettext_lazy("What should the bill say more clearly?"),
        gettext_lazy("They dispute: %(title)s"),
    ),
    (
        lambda row, _today: row.kind == LOW_RATING,
        gettext_lazy("What would have made you rate it higher?"),
        gettext_lazy("Rated low: %(title)s"),
    ),
)


def _of_the_partner(glance: Glance, today: date) -> Iterator[Asked]:
    heads = [post for post in glance.posts if post.function == Position.Function.HEAD]
    for post in heads:
        if post.person and post.starts_on and today - NEW <= post.starts_on <= today:
            said = {"name": post.person, "day": near_day(post.starts_on)}
            yield (
                _("What does %(name)s want to be different in a year?") % said,
                _("New since %(day)s.") % said,
            )
    if vacant := next((post for post in glance.posts if post.person is None), None):
        yield (
            _("Whom do we call while this post is vacant: %(title)s?") % {"title": vacant.title},
            _("Nobody is known who fills in."),
        )
    bill = glance.last_bill
    if bill and bill.before and bill.before.total_cents:
        change = bill.bill.total_cents - bill.before.total_cents
        if abs(change) * 100 >= A_LOT * abs(bill.before.total_cents):
            yield _("Did you expect your last bill to change so much?"), f"{bill.amount} {bill.words}."


def _of_their_year(coming: list[Near]) -> Iterator[Asked]:
    if coming:
        yield (
            _("What should we keep away from you during “%(season)s”?") % {"season": coming[0].season.name},
            f"{coming[0]}.",
        )


def _of_anybody() -> Iterator[Asked]:
    yield _("What will keep you busiest in the next three months?"), _("Their plans come before ours.")
    yield _("What should we stop doing?"), _("Seldom asked, and often answered.")
    yield _("Whom else here should we know?"), _("One name is not enough when somebody leaves.")
