"""In the State of Franklin: an initiative to replace what somebody built, and how she came to terms with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from comity.meetings.services import log_visit
from comity.office.services import today
from comity.partners.models import Partner, Person, Position
from comity.partners.services.people import add_person_with_post
from comity.people.models import User
from comity.stakeholders.models import Stakeholder
from comity.stakeholders.services import INITIATIVES, STAKEHOLDERS, plan_step

Make = Callable[[Mapping[str, User], Mapping[str, Partner]], object]
INITIATIVE, LONG_TIMER = "One eligibility system", "Dolores Marsh"
# Who has a say in it: code, function, role, influence, interest, stance, how sure
PEOPLE = (
    ("DHS", "head", "decides", 5, 3, "supporter", "checked"),
    ("DHS", "it_lead", "advises", 3, 4, "neutral", "assumed"),
    ("DHS", "finance", "pays", 4, 2, "doubter", "heard"),
    ("DHS", "operations", "affected", 2, 5, "champion", "checked"),
    ("HCA", "head", "decides", 4, 2, "neutral", "assumed"),
    ("HCA", "it_lead", "carries_out", 3, 3, "supporter", "heard"),
)
# And at Revenue by itself; the last one is sensitive.
AT_REVENUE = (
    ("DOR", "head", "decides", 5, 4, "supporter", "checked"),
    ("DOR", "operations", "affected", 3, 5, "doubter", "checked"),
    ("DOR", "finance", "pays", 4, 3, "opposed", "heard"),
)


def _enter(partners: Mapping[str, Partner], who: tuple[Any, ...], by: User, **facts: Any) -> Stakeholder:
    code, function, role, influence, interest, stance, sure = who
    post = Position.objects.held().filter(partner=partners[code], function=function).order_by("pk").first()
    assert post is not None
    rated = {"influence": influence, "interest": interest, "stance": stance, "sure": sure}
    return STAKEHOLDERS.enter(
        {"person": post.person, "partner": partners[code], "role": role, **rated, **facts}, by=by
    )


def begin(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    ben, human = staff["ben"], partners["DHS"]
    facts = {"begun_on": today(), "partners": [human, partners["HCA"]]}
    purpose = "A family says once what it earns, and not at three counters."
    initiative = INITIATIVES.enter({"name": INITIATIVE, "purpose": purpose, **facts}, by=ben)
    others = [_enter(partners, who, ben, initiative=initiative) for who in PEOPLE]
    leads = Position.objects.held().filter(partner=human, function__in=("it_lead", "operations"))
    post = {
        "title": "Chief of eligibility systems",
        "starts_on": date(1997, 3, 3),
        "reports_to": list(leads),
    }
    dolores = add_person_with_post(by=ben, partner=human, post=post, name=LONG_TIMER)
    rated = {"influence": 4, "interest": 5, "stance": "opposed", "sure": "heard", "role": "advises"}
    seen = {"long_timer": True, "since": post["starts_on"], "influences": [others[1], others[3]]}
    note = "Wrote the system that is to be replaced, and knows every exception in it."
    STAKEHOLDERS.enter(
        {"person": dolores, "partner": human, "initiative": initiative, "note": note, **rated, **seen}, by=ben
    )
    STAKEHOLDERS.mend(others[0], {"influences": [others[2]]}, by=ben)
    STAKEHOLDERS.mend(others[3], {"influences": [others[0]]}, by=ben)


def _visited(staff: Mapping[str, User], title: str, said: str, **rated: Any) -> None:
    """Ben goes to see her, and writes down how she stands now."""
    ben, dolores = staff["ben"], Person.objects.get(name=LONG_TIMER)
    row = Stakeholder.objects.get(person=dolores)
    log_visit(by=ben, partners=[row.partner], held_on=today(), title=title, theirs=[dolores], said=said)
    STAKEHOLDERS.mend(row, rated, by=ben)


def first_visit(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    said = (
        "She showed me forty rules that no manual has. Nobody had asked her what the new system has to know."
    )
    _visited(staff, "How the old system decides", said, sure="checked")


def second_visit(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    said = "Her forty rules are in the tender now, with her name. She will say whether they were understood."
    _visited(staff, "Her rules in the tender", said, stance="neutral", interest=5)


def plan(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """What Ben does next."""
    ben = staff["ben"]
    rows = Stakeholder.objects.filter(initiative__name=INITIATIVE)
    for row, title, days in (
        (rows.get(long_timer=True), "Ask her to judge the test of her forty rules", 12),
        (rows.get(role="pays"), "Show what three counters cost in a year", 9),
    ):
        due_on = today() + timedelta(days=days)
        plan_step(row, title=title, said="", owner=ben, due_on=due_on, by=ben)


def at_revenue(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    rows = [_enter(partners, who, staff["ana"]) for who in AT_REVENUE]
    note = "Asked us not to say in meetings that he compares prices."
    STAKEHOLDERS.mend(rows[-1], {"sensitive": True, "note": note}, by=staff["ana"])
    STAKEHOLDERS.mend(rows[-1], {"influences": rows[:1]}, by=staff["ana"])


STORY: tuple[tuple[int, Make], ...] = (
    (410, begin),
    (290, first_visit),
    (170, second_visit),
    (60, at_revenue),
    (6, plan),
)
