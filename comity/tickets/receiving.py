"""Tickets as another tool has them, taken in set by set: made, changed, or left as they are."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.imports import setwise
from comity.tickets.models import SETTLED, Owner, State, StateChange, Ticket

CHUNK = 2_000
FIELDS = (
    *("kind", "partner", "said_by", "service", "offering", "title", "description", "office_notes", "state"),
    *("hold_reason", "priority", "opened_at", "resolved_at", "closed_at", "promised_on", "item", "group"),
    *("history_known", "source_updated_at", "source_mod_count", "external_id", "number"),
)
_NEW: dict[str, Any] = {
    **dict.fromkeys(FIELDS, None),
    **dict.fromkeys(
        ("title", "description", "office_notes", "hold_reason", "item", "group", "external_id"), ""
    ),
    "kind": Ticket.Kind.INCIDENT,
    "said_by": {},
    "priority": 3,
    "history_known": False,
}
NARROWEST_FIRST = tuple(Owner.Field.values)
CHANGE = ("at", "state", "hold_reason", "priority")
Owners = Mapping[tuple[str, str], int]


class Change(NamedTuple):
    """A change of state as a source tells of it; its priority None where it says none."""

    at: datetime
    state: str
    hold_reason: str = ""
    priority: int | None = None


@dataclass(slots=True)
class Seen:
    """A ticket as its source has it now.

    values         what is said of it, by the names of FIELDS, keys of rows as numbers; what is left out stays as it was.
                   A partner is said only by lists of our own: else `said_by` tells whose it is
    changes        its history, as far as it is told: it replaces what we had of the time it covers
    history_known  whether no change was missed since it was opened, or since it was seen last
    """

    number: str
    values: dict[str, Any]
    external_id: str = ""
    changes: Sequence[Change] = ()
    history_known: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of the rows; the counts and the problems (number, why, key in the source) add up to them."""

    made: int = 0
    changed: int = 0
    same: int = 0
    problems: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Planned:
    """What one row comes to: `before` and `after` of what differs; `before` is empty for a new ticket.

    changes, gone  the changes of state that are added, and the keys of those that are taken away
    """

    seen: Seen
    pk: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    version: int = 0
    problem: str = ""

    @property
    def outcome(self) -> str:
        """As imports call it: "new", "changed", "same" or "set_aside"."""
        if self.problem:
            return "set_aside"
        differs = self.before or self.changes or self.gone
        return ("changed" if differs else "same") if self.before or not self.after else "new"


def from_source(source: str, rows: Iterable[Seen]) -> Outcome:
    """Take in what a source says, each 2,000 rows in a transaction of their own (or all in the caller's).

    The same rows again change nothing, and of one that comes twice at once the later counts. A ticket is known again by
    its `external_id`, else by its number; what the source stamped no later than what we have is left alone. Writes nothing
    to the trail: whoever calls does, once.
    """
    done = Outcome()
    for chunk in setwise.chunks(rows, CHUNK):
        with transaction.atomic():
            # Of two sightings of one ticket, as overlapping pages have them, the later is as it is now.
            latest = {(row.external_id, row.external_id or row.number): row for row in chunk}
            planned = list(plan(source, list(latest.values())))
            write(source, planned)
        done.problems += [
            (one.seen.number, one.problem, one.seen.external_id) for one in planned if one.problem
        ]
        counts = Counter(one.outcome for one in planned)
        done.made, done.changed = done.made + counts["new"], done.changed + counts["changed"]
        done.same += counts["same"]
    return done


def owners() -> dict[tuple[str, str], int]:
    """Whose tickets are of which a source says this."""
    return {
        (said, value): pk for said, value, pk in Owner.objects.values_list("field", "value", "partner_id")
    }


def whose(said_by: Mapping[str, str], known: Owners) -> int | None:
    """The partner that the narrowest of what is said leads to; None if nothing does."""
    found = (known.get((name, said_by[name])) for name in NARROWEST_FIRST if name in said_by)
    return next((pk for pk in found if pk), None)


def plan(source: str, rows: Sequence[Seen]) -> Iterator[Planned]:
    """What each row comes to, one for every row. Reads only."""
    owned = owners()
    by_id, by_number, had = _known(source, rows)
    taken: dict[str, str] = {}
    for seen in rows:
        found = by_id.get(seen.external_id) if seen.external_id else None
        named = by_number.get(seen.number)
        if found is None and named and not (seen.external_id and named["external_id"]):
            found = named
        if (named and named is not found) or taken.setdefault(
            seen.number, seen.external_id
        ) != seen.external_id:
            words = _("Two tickets of this source have the number %(number)s. The first one stays.")
            yield Planned(seen, problem=words % {"number": seen.number})
        else:
            yield _planned(seen, found, owned, had)


Had = Mapping[int, Mapping[Change, int]]


def _known(source: str, rows: Sequence[Seen]) -> tuple[dict[str, Any], dict[str, Any], Had]:
    """The tickets that rows may mean, by their key in the source and by their number; and the history of those retold."""
    ids = [row.external_id for row in rows if row.external_id]
    retold = {row.external_id or row.number for row in rows if row.changes}
    ours = Ticket.objects.filter(source=source).values("pk", "version", *FIELDS)
    # Two questions, and the second in the words of its index: each is answered out of one.
    found = list(ours.filter(number__in=[row.number for row in rows]))
    by_id = {row["external_id"]: row for row in found if row["external_id"]}
    further = [one for one in ids if one not in by_id]
    by_id |= {row["external_id"]: row for row in ours.filter(~Q(external_id=""), external_id__in=further)}
    had: dict[int, dict[Change, int]] = defaultdict(dict)
    every = {row["pk"]: row for row in (*found, *by_id.values())}
    pks = [pk for pk, row in every.items() if {row["number"], row["external_id"]} & retold]
    for ticket, pk, *change in StateChange.objects.filter(ticket__in=pks).values_list(
        "ticket", "pk", *CHANGE
    ):
        had[ticket][Change(*change)] = pk
    return by_id, {row["number"]: row for row in found}, had


def _planned(seen: Seen, known: dict[str, Any] | None, owned: Owners, had: Had) -> Planned:
    """What one row comes to: of a ticket we know, or a new one."""
    was = known or _NEW
    if known and _is_old(seen, known):
        return Planned(seen, known["pk"])
    now = {**was, **seen.values, "number": seen.number, "external_id": seen.external_id or was["external_id"]}
    if not (now["number"] and now["opened_at"] and now["state"]):
        return Planned(seen, problem=_("It says no number, no state or not when it was opened."))
    if now["said_by"] and "partner" not in seen.values:
        now["partner"] = whose(now["said_by"], owned)
    _settle(now)
    changes = _changes(seen, known, now)
    now["history_known"] = bool(seen.changes) or (
        (seen.history_known or not changes) and was["history_known"] if known else seen.history_known
    )
    after = {name: now[name] for name in FIELDS if known is None or now[name] != was[name]}
    before = {name: was[name] for name in after} if known else {}
    ours = had.get(known["pk"], {}) if known else {}
    told = set(changes)
    gone = [pk for one, pk in ours.items() if one not in told and changes[0].at <= one.at <= changes[-1].at]
    added = [one for one in changes if one not in ours]
    pk, version = (known["pk"], known["version"]) if known else (None, 0)
    return Planned(seen, pk, before, after, added, gone, version)


def _is_old(seen: Seen, known: Mapping[str, Any]) -> bool:
    """Whether the source stamped it no later than what we have of it."""
    stamp, ours = seen.values.get("source_updated_at"), known["source_updated_at"]
    if seen.changes or stamp is None or ours is None or known["external_id"] != seen.external_id:
        return False
    count = seen.values.get("source_mod_count")
    return bool(stamp < ours or (stamp == ours and count is not None and count == known["source_mod_count"]))


def _settle(now: dict[str, Any]) -> None:
    """When it was resolved and closed, as its state has it."""
    if now["state"] not in SETTLED:
        now["resolved_at"] = now["closed_at"] = None
    elif not (now["resolved_at"] or now["closed_at"]):
        moment = now["source_updated_at"] or timezone.now()
        now["resolved_at" if now["state"] == State.RESOLVED else "closed_at"] = moment
    if now["state"] != State.ON_HOLD:
        now["hold_reason"] = ""


def _changes(seen: Seen, known: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[Change]:
    """The changes of state that a row tells of, or that follow from it."""
    settled = now["resolved_at"] or now["closed_at"]
    last = (now["state"], now["hold_reason"], now["priority"])
    if seen.changes:
        told = _in_order(seen.changes, now["priority"])
        moment = settled or now["source_updated_at"]
        later = told[-1].state != now["state"] and moment and moment > told[-1].at
        return [*told, Change(moment, *last)] if later else told
    if known and last == (known["state"], known["hold_reason"], known["priority"]):
        return []
    found = [] if known else [Change(now["opened_at"], State.NEW, "", now["priority"])]
    if now["state"] in SETTLED:
        closed = now["closed_at"] if now["state"] == State.CLOSED else None
        if not known and closed and closed != settled:
            found.append(Change(settled, State.RESOLVED, "", now["priority"]))
        found.append(Change(closed or settled, *last))
    elif known or now["state"] != State.NEW:
        seen_at = now["source_updated_at"] or (timezone.now() if known else now["opened_at"])
        found.append(Change(seen_at, *last))
    return found


def _in_order(changes: Iterable[Change], priority: int) -> list[Change]:
    """By time, each once; where one says no priority it is that of the one before."""
    found: list[Change] = []
    for one in sorted(set(changes), key=lambda each: (each.at, each.state)):
        said = one.priority or (found[-1].priority if found else priority)
        found.append(Change(one.at, one.state, one.hold_reason, said))
    return found


def write(source: str, planned: Sequence[Planned]) -> None:
    """Write what was planned, in the caller's transaction; new tickets get their keys."""
    made = [one for one in planned if one.after and not one.before]
    for one, pk in zip(made, setwise.reserve_ids(Ticket, len(made)), strict=True):
        one.pk = pk
    names = ("source", *FIELDS, "version", "id")
    rows = ((source, *(_stored(name, one.after[name]) for name in FIELDS), 1, one.pk) for one in made)
    setwise.insert(Ticket, names, rows)
    changed = [one for one in planned if one.outcome == "changed"]
    setwise.update(Ticket, [(one.pk or 0, {**one.after, "version": one.version + 1}) for one in changed])
    setwise.delete(StateChange.objects.filter(pk__in=[pk for one in planned for pk in one.gone]))
    changes = ((one.pk, *change) for one in planned for change in one.changes)
    setwise.insert(StateChange, ("ticket", *CHANGE), changes, once=True)


def _stored(name: str, value: Any) -> Any:
    return json.dumps(value) if name == "said_by" else value
