"""What each table of ServiceNow is read for: which fields, what they are here, and which room keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comity.applications import services as applications
from comity.itsm.client import Fields
from comity.services.models import Offering, Service
from comity.tickets import services as tickets
from comity.tickets.models import Source, State, Ticket
from comity.tickets.words import HOLD, PRIORITY, STATE, meaning
from comity.ui.tables.columns import Words

SOURCE = "snow"  # its key among the sources of tickets
OURS = "comity-"  # how the ids of our orders begin; of these only what moves there is taken over
KEYS = ("sys_id", "sys_updated_on", "sys_mod_count")
TASK = (
    *("number", "opened_at", "closed_at", "state", "priority", "short_description", "description"),
    *("due_date", "cmdb_ci.name", "business_service.name", "service_offering.name", "assignment_group.name"),
)
STEP = ("number", "request_item", "short_description", "state", "assignment_group.name", "closed_at")
CLOCK = (
    *("task", "sla.name", "stage", "planned_end_time", "has_breached", "pause_time"),
    *("duration", "business_duration", "business_pause_duration"),
)
ITEM = {"external_id": "sys_id", "name": "name", "class": "sys_class_name"}
RELATION = {"external_id": "sys_id", "from": "parent", "to": "child", "type": "type.name"}
WHO = {"caller": "", "department": ".department", "company": ".company", "location": ".location"}
AT = {name: name for name in ("opened_at", "resolved_at", "closed_at")} | {"source_updated_at": KEYS[1]}
# What the states of requests and their tasks are called, which have other numbers than those of incidents.
REQUEST_STATES = {"-5": "pending", "1": "open", "2": "work in progress", "3": "closed complete"}
REQUEST_STATES |= {"4": "closed incomplete", "7": "closed skipped"}
# Rows that are new or changed, and how often those known were written; what is set aside, and why.
Take = Callable[[Sequence[Fields], Mapping[str, int]], Mapping[str, str]]


@dataclass(frozen=True)
class Table:
    """One table of theirs.

    take    hands rows to the room that keeps them
    parent  the field of the row that a row belongs to; what is said of such a row is kept beside it, as it is said
    """

    name: str
    label: Words
    fields: tuple[str, ...]
    take: Take = lambda _rows, _counts: {}
    parent: str = ""


def _take_tickets(kind: str, who: Mapping[str, str]) -> Take:
    def take(rows: Sequence[Fields], counts: Mapping[str, int]) -> dict[str, str]:
        told, problems, known = [], {}, _Known()
        for row in rows:
            try:
                told.append(known.ticket(row, kind, who, counts.get(row["sys_id"])))
            except ValueError as problem:
                problems[row["sys_id"]] = f"{row['number']}: {problem}"
        done = tickets.from_source(SOURCE, told)
        return problems | {key: f"{number}: {why}" for number, why, key in done.problems}

    return take


class _Known:
    """What is known here by the names that ServiceNow has for it."""

    def __init__(self) -> None:
        known = {"name": "ServiceNow", "zone": "UTC"}
        self.source, _made = Source.objects.get_or_create(key=SOURCE, defaults=known)
        self.services = {row.name.casefold(): row.pk for row in Service.objects.only("name")}
        offerings = Offering.objects.only("name", "service_id")
        self.offerings = {row.name.casefold(): (row.pk, row.service_id) for row in offerings}

    def ticket(self, row: Fields, kind: str, who: Mapping[str, str], count: int | None) -> tickets.Seen:
        """A row as the tickets' room takes it. Raises ValueError with a sentence."""
        said = REQUEST_STATES.get(row["state"], row["state"]) if kind == Ticket.Kind.REQUEST else row["state"]
        found = meaning(self.source, STATE, said)
        if found is None:
            raise ValueError(_now("Nobody has said yet what its state “%(state)s” means.") % {"state": said})
        state, _colon, reason = found.partition(":")
        hold = reason or meaning(self.source, HOLD, row.get("hold_reason", "")) or ""
        offering, service = self.offerings.get(row["service_offering.name"].casefold(), (None, None))
        now, due = int(row["sys_mod_count"] or 0), moment(row["due_date"])
        values: dict[str, Any] = {ours: moment(row.get(theirs, "")) for ours, theirs in AT.items()}
        values.update(state=state, hold_reason=hold if state == State.ON_HOLD else "", source_mod_count=now)
        values["group"] = row["assignment_group.name"][:200]
        if not link(row):
            service = self.services.get(row["business_service.name"].casefold(), service)
            priority = int(meaning(self.source, PRIORITY, row["priority"]) or 3)
            title, item = row["short_description"][:300] or row["number"], row["cmdb_ci.name"][:200]
            values.update(kind=kind, title=title, description=row["description"], item=item)
            values.update(service=service, offering=offering, priority=priority)
            values["promised_on"] = due and due.date()
            values["said_by"] = {name: row[field] for name, field in who.items() if row[field]}
        # Its count tells whether it was written since it was opened, or since it was seen last.
        seen_all = now == 0 if count is None else now <= count + 1
        return tickets.Seen(row["number"], values, row["sys_id"], history_known=seen_all)


def link(row: Fields) -> bool:
    """Whether it is the item of an order of ours, which is known by it from now on."""
    ours = row.get("correlation_id", "")
    if not ours.startswith(OURS) or not ours.removeprefix(OURS).isdecimal():
        return False
    rows = Ticket.objects.filter(pk=ours.removeprefix(OURS), order__isnull=False)
    rows.filter(source="").update(source=SOURCE, external_id=row["sys_id"], number=row["number"])
    return rows.filter(source=SOURCE, external_id=row["sys_id"]).exists()


def _end_tickets(ids: Sequence[str]) -> None:
    """Open ones that were deleted there are canceled here; what was settled stays as it was: old rows are archived there."""
    values = {"state": State.CANCELLED, "closed_at": timezone.now(), "office_notes": _now("Deleted there.")}
    rows = Ticket.objects.filter(source=SOURCE, external_id__in=ids).open()
    tickets.from_source(SOURCE, [tickets.Seen(row.number, values, row.external_id) for row in rows])


def moment(said: str) -> datetime | None:
    """A moment as it is kept, in UTC. Raises ValueError with a sentence."""
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC) if said else None
    except ValueError:
        raise ValueError(_now("“%(said)s” is no date and time.") % {"said": said}) from None


def _ours(rows: Sequence[Fields], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{ours: row[theirs] for ours, theirs in names.items()} for row in rows]


def _take_items(rows: Sequence[Fields], _counts: Mapping[str, int]) -> dict[str, str]:
    applications.from_source(SOURCE, items=_ours(rows, ITEM))
    return {}


def _take_relations(rows: Sequence[Fields], _counts: Mapping[str, int]) -> dict[str, str]:
    return applications.from_source(SOURCE, relations=_ours(rows, RELATION)).problems


def _of_tickets(name: str, label: Words, kind: str, whose: str, *more: str) -> Table:
    who = {said: f"{whose}{end}.name" for said, end in WHO.items()}
    fields = (*KEYS, *TASK, *more, *who.values())
    return Table(name, label, fields, _take_tickets(kind, who))


CALLER, ASKER = "caller_id", "request.requested_for"
OF_INCIDENTS = ("resolved_at", "hold_reason")
INCIDENTS = _of_tickets("incident", _("Incidents"), Ticket.Kind.INCIDENT, CALLER, *OF_INCIDENTS)
REQUESTS = _of_tickets("sc_req_item", _("Requested items"), Ticket.Kind.REQUEST, ASKER, "correlation_id")
STEPS = Table("sc_task", _("Steps of requests"), (*KEYS, *STEP), parent="request_item")
CLOCKS = Table("task_sla", _("Service level clocks"), (*KEYS, *CLOCK), parent="task")
ITEMS = Table("cmdb_ci", _("Configuration items"), (*KEYS, "name", "sys_class_name"), _take_items)
ENDS = ("parent", "child", "type.name")
RELATIONS = Table("cmdb_rel_ci", _("Relations between items"), (*KEYS, *ENDS), _take_relations)
TABLES = {one.name: one for one in (INCIDENTS, REQUESTS, STEPS, CLOCKS, ITEMS, RELATIONS)}


def end(table: Table, ids: Sequence[str]) -> None:
    """Tell the room that keeps them that these rows are gone."""
    if table in {INCIDENTS, REQUESTS}:
        _end_tickets(ids)
    elif table == ITEMS:
        applications.from_source(SOURCE, gone_items=ids)
    elif table == RELATIONS:
        applications.from_source(SOURCE, gone_relations=ids)
