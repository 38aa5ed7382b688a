"""In the State of Franklin: whose business is written down, by both sides, and who of the office understands it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from comity.business import services
from comity.business.parts import KINDS
from comity.office.services import today
from comity.partners.models import Membership, Partner
from comity.people.models import User

TEXTS = tomllib.loads(Path(__file__).with_name("franklin.toml").read_text())
WRITTEN = 240  # days ago
HEARINGS = 9  # days ahead, or up to two fewer where the page was written before a weekend


def write(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Ours write down what they know."""
    by = {code: staff["ben" if code in {"CHS", "DHS"} else "ana"] for code in TEXTS["missions"]}
    for code, mission in TEXTS["missions"].items():
        services.MISSIONS.enter({"partner": partners[code], "mission": mission}, by=by[code])
    for kind in KINDS:
        for of in TEXTS.get(kind.name, ()):
            code = of["partner"]
            for facts in of["rows"]:
                asked = _season(*facts) if kind.name == "season" else facts
                values = dict(zip(kind.model.ASKED, asked, strict=True))
                kind.keeping.enter({"partner": partners[code], **values}, by=by[code])


def _season(name: str, kind: str, first: list[int], last: list[int], means: str) -> tuple[Any, ...]:
    """As a form has it; one without days is near, whenever the state is made."""
    if not first:
        begins = today() + timedelta(days=WRITTEN + HEARINGS)
        return name, kind, begins, begins + timedelta(days=6), False, means
    return name, kind, date(2025, *first), date(2025, *last) if last else None, True, means


def correct(_staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Theirs put right what ours had wrong."""
    revenue = partners["DOR"]
    theirs = Membership.objects.standing().get(partner=revenue, role="partner_executive")
    row = services.PROCESSES.model.objects.get(partner=revenue, name="Paying refunds")
    said = "A file goes to the Treasurer at four every morning, and at noon in the filing season."
    services.PROCESSES.mend(row, {"how": said}, by=theirs.user)


def understand(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    for who, whom, level, since, note in TEXTS["understand"]["rows"]:
        of = {"partner": partners[whom]} if whom in partners else {"kind": whom}
        values = {"user": staff[who], "level": level, "since": date(since, 3, 1), "note": note, **of}
        services.UNDERSTANDING.enter(values, by=staff[who])


STORY = ((WRITTEN, write), (60, understand), (35, correct))
