"""Early against late answers: who needed a reminder stands nearest to those who never answered.

docs/calculations/survey-drivers.md. Days only: times would tell who answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.core.surveys.change import Change, change_between
from comity.core.surveys.tallies import Tally


@dataclass(frozen=True, slots=True)
class EarlyLate:
    """The early answers, the late ones, and how the late differ (late minus early).

    late_from   the first day whose answers count as late
    """

    late_from: date
    early: Tally
    late: Tally
    change: Change


def early_and_late(by_day: Mapping[date, Tally], late_from: date | None = None) -> EarlyLate | None:
    """Compare the answers of early and late days.

    by_day      the answers to one question by the day on which they came
    late_from   the day of the first reminder; None to split where the halves are most nearly equal, the earlier
                day where two are

    None where all answers came on one day, or all before or all after `late_from`.
    """
    days = sorted(day for day, tally in by_day.items() if tally.n)
    if late_from is None and len(days) > 1:
        late_from = min(days[1:], key=lambda day: (abs(_before(by_day, day) - _from(by_day, day)), day))
    early = [by_day[day] for day in days if late_from is None or day < late_from]
    late = [by_day[day] for day in days if late_from is not None and day >= late_from]
    if late_from is None or not early or not late:
        return None
    first, last = _together(early), _together(late)
    return EarlyLate(late_from, first, last, change_between(first, last))


def _before(by_day: Mapping[date, Tally], day: date) -> int:
    return sum(tally.n for at, tally in by_day.items() if at < day)


def _from(by_day: Mapping[date, Tally], day: date) -> int:
    return sum(tally.n for at, tally in by_day.items() if at >= day)


def _together(tallies: list[Tally]) -> Tally:
    total = tallies[0]
    for tally in tallies[1:]:
        total += tally
    return total
