"""In the State of Franklin: problems that several have, one of them solved; and half a year as shadow CIO at Commerce."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from comity.followups.models import FollowUp
from comity.office.services import today
from comity.partners.models import Partner
from comity.patterns.models import Pattern, Proposal
from comity.patterns.services.comparing import problems, regroup
from comity.patterns.services.judging import PATTERNS, act_on, dismiss, put_into, share, shared_by
from comity.patterns.services.rotations import ROTATIONS, WEEKS, learn
from comity.people.models import User
from comity.services.models import Service

EARLY, LATE, ACCOUNTS = (
    "Nobody answers before eight, or on a weekend",
    "Prices and bills come when their books are closed",
    "New people wait for their account",
)
# What tells of each, by how its line begins.
TOLD = {
    EARLY: (
        "Second help-desk line before 8 am",
        "Who do we call when the clerk",
        "Emergency number on the card rings",
        "Nobody could say who to call on a Saturday",
    ),
    LATE: (
        "The monthly bill arrives after our own closing",
        "Your price change reached us after",
        "What will next year cost?",
    ),
    ACCOUNTS: ("New staff wait two weeks for an account", "La cuenta de mi compañera nueva"),
}
SOLVED = "Accounts are made from the payroll file, the night before somebody’s first day. Commerce tried it for a month."
WEEKS_THERE = (
    (
        23,
        "Nobody here knows which of their forty systems are ours. I have begun a list on the wall of the kitchen.",
    ),
    (
        19,
        "Sat with the licensing counter. They keep a paper book of everything that our desk promised to call back about.",
    ),
    (14, "Budget week. The director asked me what we cost next year, and I could not say it either."),
    (
        9,
        "Two examiners began on Monday. One still reads manuals, because her account is somewhere between us and payroll.",
    ),
    (4, "They asked whether I could stay. I take that as a compliment to the office, and as a warning."),
)


def _told(starts: tuple[str, ...]) -> list[FollowUp]:
    """All that was said of one problem so far."""
    return [row for row in problems() if row.title.startswith(starts)]


def patterns(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    made = {}
    for name, owner in ((EARLY, "sam"), (LATE, "ines"), (ACCOUNTS, "ana")):
        made[name] = PATTERNS.enter({"name": name, "owner": staff[owner]}, by=staff["carla"])
        put_into(made[name], [row.pk for row in _told(TOLD[name])], by=staff["carla"])
    desk = Service.objects.filter(name="Help desk").first()
    tried = (
        "A second line from seven on, tried at Health. It takes two people, and the calls of a week say when."
    )
    PATTERNS.mend(made[EARLY], {"solution": tried, "service": desk}, by=staff["sam"])
    PATTERNS.mend(made[ACCOUNTS], {"solution": SOLVED, "status": Pattern.Status.SOLVED}, by=staff["ana"])
    act_on(
        made[EARLY],
        title="Open the help desk at seven for everybody",
        said="What Health has, for all who open before eight; and one number on the card that somebody answers.",
        owner=staff["sam"],
        due_on=today() + timedelta(days=30),
        by=staff["carla"],
    )
    for user in User.objects.filter(memberships__partner=partners["DOH"]).distinct():
        for item in shared_by(user).filter(pattern=made[EARLY]).select_related("follow_up"):
            share(item, True, by=user)


def rotation(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    ben, day = staff["ben"], today()
    there = ROTATIONS.enter(
        {
            "who": ben,
            "partner": partners["COM"],
            "role": "Shadow CIO",
            "place": "Second floor, beside licensing",
            "purpose": "Their CIO retired. Until there is a new one, Ben fills in, and learns how we look from there.",
            "begins_on": day - timedelta(weeks=25),
            "ends_on": day - timedelta(weeks=1),
        },
        by=staff["carla"],
    )
    for weeks, words in WEEKS_THERE:
        facts = {"rotation": there, "begins_on": day - timedelta(weeks=weeks), "words": words}
        WEEKS.enter(facts, by=ben)
    known = {row.name: row for row in Pattern.objects.all()}
    for title, said, becomes, pattern in (
        (
            "An agency without a CIO hears of our changes last",
            "Every letter of ours went to the one who had retired. I found nine of them in a drawer.",
            "follow_up",
            None,
        ),
        ("An examiner without an account costs more than the account", "", "known", known[ACCOUNTS]),
        (
            "They budget in October, and we say our prices in November",
            "The same as at Health, where I was before. I wrote the number in myself, and hoped.",
            "known",
            known[LATE],
        ),
    ):
        learn(there, title=title, said=said, becomes=becomes, name="", pattern=pattern, by=ben)


def proposals(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """What the night proposes; one was looked at, and dismissed."""
    regroup()
    if found := Proposal.objects.open().last():
        dismiss(found, by=staff["carla"])


STORY = ((12, patterns), (6, rotation), (1, proposals))
