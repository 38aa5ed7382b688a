"""What becomes of each event, written and taken back as any list that is imported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.imports import setwise
from comity.imports.model_rows import MADE, MET, is_as, plain_of, turn
from comity.imports.models import Import, ImportRow
from comity.imports.obstacles import changed_since, listed, referred_to
from comity.imports.profiles import Act, Handler, Plan, Profile, Row, Staged
from comity.imports.setwise import staged
from comity.meetings.capabilities import LOG
from comity.meetings.importing.addressees import Known
from comity.meetings.importing.fields import FIELDS, asked_on, facts_of, key_of
from comity.meetings.models import PROMISES, CalendarEvent, Going, Meeting, PlannedVisit
from comity.meetings.services.events import host
from comity.meetings.services.planned_visits import LONGEST_AHEAD
from comity.meetings.services.visits import keep_last_met
from comity.office import services as office
from comity.partners.models import Partner, Person, Position
from comity.people.models import User

MOST = 3_000  # meetings and visits of one file: more would hold the database for longer than two seconds
NEW, CHANGED = ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED
_KINDS: dict[str, type[Meeting | PlannedVisit]] = {"meeting": Meeting, "visit": PlannedVisit}
_OURS = re.compile(r"(?:visit|meeting|follow-up)-\d+@")


class Events(Handler):
    """See comity.imports.profiles.Handler."""

    def fingerprint(self) -> str:
        kinds = [model._meta.label for model in (Meeting, PlannedVisit, Partner, Person, Position, User)]
        last = (
            Entry.objects.filter(target_kind__in=kinds).order_by("-pk").values_list("pk", flat=True).first()
        )
        return f"{office.today()} {last} {CalendarEvent.objects.aggregate(Max('pk'))}"

    # --- what becomes of each row ---

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        keys = {row.line: key_of(row.values) for row in rows}
        events = CalendarEvent.objects.filter(key__in=set(keys.values()))
        read = events.select_related("meeting", "visit").prefetch_related(
            "meeting__partners", "visit__partners"
        )
        self.known = {event.key: event for event in read}
        self.who = Known({address for row in rows for _name, address in asked_on(row.values) if address})
        self.now = timezone.localtime(timezone=office.time_zone())
        self.there = self._written({facts_of(row.values)["on"] for row in rows})
        self.said: dict[str, int] = {}
        new = 0
        for row in rows:
            try:
                plan = self._planned(row, keys[row.line])
            except DomainError as error:
                plan = Plan(row, "set_aside", field=error.field, reason=str(error))
            new += plan.outcome == NEW
            if new > MOST:
                raise DomainError(
                    _(
                        "This calendar has more than %(most)s meetings and visits. Export a shorter span of it."
                    )
                    % {"most": f"{MOST:,}"}
                )
            yield plan

    def _planned(self, row: Row, key: str) -> Plan:
        if key in self.said:
            raise DomainError(_("Line %(line)s already says this.") % {"line": self.said[key]})
        self.said[key] = row.line
        event = self.known.get(key)
        return self._again(row, event) if event else self._first(row, key)

    def _written(self, days: set[str]) -> dict[tuple[int, str], list[tuple[str, str]]]:
        """What is there already, by partner and day: the time and what it is called."""
        found: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
        for rows, on, at in (
            (Meeting.objects.standing(), "held_on", "held_at"),
            (PlannedVisit.objects.planned(), "planned_on", "planned_at"),
        ):
            there: QuerySet[Any] = rows.filter(**{f"{on}__in": days}, partners__isnull=False)
            for partner, day, hour, title in there.values_list("partners", on, at, "title"):
                found[partner, day.isoformat()].append((f"{hour:%H:%M}" if hour else "", title))
        return found

    def _first(self, row: Row, key: str) -> Plan:
        """An event that nobody has brought yet. Raises DomainError, with the reason, where it is left out."""
        said, facts = row.values, facts_of(row.values)
        asked = asked_on(said)
        _refuse(said, facts)
        partners = {said["partner"]} if said.get("partner") else set()
        partners |= {there for _name, address in asked for there in self.who.partners(address)}
        if not partners:
            raise DomainError(
                _("Nobody on it is known at any %(partner)s.") % {"partner": office.words().partner},
                "attendees",
            )
        over = (facts["on"], facts["at"] or "00:00") <= (f"{self.now:%Y-%m-%d}", f"{self.now:%H:%M}")
        ahead = (date.fromisoformat(facts["on"]) - self.now.date()).days
        if ahead > LONGEST_AHEAD:
            raise DomainError(_("That is more than two years ahead. Choose an earlier day."), "starts")
        for partner in sorted(partners):
            for at, title in self.there[partner, facts["on"]]:
                if at in ("", facts["at"]) or not facts["at"]:
                    raise DomainError(
                        _("“%(title)s” with %(partner)s on that day is already in Comity.")
                        % {"title": title or _("A meeting"), "partner": self._name(partner)}
                    )
        users = [self.who.users[address] for _name, address in asked if address in self.who.users]
        persons = [self.who.persons[address].pk for _name, address in asked if address in self.who.persons]
        others = [
            name or address
            for name, address in asked
            if address not in {**self.who.users, **self.who.persons}
        ]
        kind = "meeting" if over else "visit"
        names = sorted(map(self._name, partners))
        return Plan(
            row,
            NEW,
            label=_label(kind, names, facts["title"]),
            changes={"partner": [None, names], **_shown(facts)},
            write={
                "kind": kind,
                "key": key,
                "facts": facts,
                "set": {name: [None, new] for name, new in _columns(_KINDS[kind](), facts).items()},
                "partners": sorted(partners),
                "ours": list(dict.fromkeys(users)),
                "theirs": list(dict.fromkeys(persons)),
                "others": ", ".join(dict.fromkeys(others))[:300],
            },
        )

    def _again(self, row: Row, event: CalendarEvent) -> Plan:
        """One that was brought before. Raises DomainError where what is new in the file cannot be taken."""
        facts, was, target = facts_of(row.values), event.facts, event.became
        kind, partners = "meeting" if event.meeting_id else "visit", list(target.partners.all())
        label = _label(kind, list(map(str, partners)), target.title)
        if facts == was:
            return Plan(row, "same", label=label, write={"kind": kind}, target_id=target.pk)
        canceled = facts["canceled"] and not was["canceled"]
        _refuse_moving(target, facts, canceled=canceled)
        if canceled:
            shown = {"status": [_("planned"), _("canceled")]}
            wanted: dict[str, Any] = {
                "state": PlannedVisit.State.CALLED_OFF.value,
                "called_off_reason": _("Canceled in the calendar."),
            }
        else:
            shown, said = _shown(facts, was), _columns(target, facts)
            wanted = {
                name: said[name] for name, before in _columns(target, was).items() if said[name] != before
            }
        sets = {name: [plain_of(target, name), new] for name, new in wanted.items()}
        write = {
            "kind": kind,
            "key": event.key,
            "facts": facts,
            "was": was,
            "partners": [partner.pk for partner in partners],
            "set": {name: pair for name, pair in sets.items() if pair[MET] != pair[MADE]},
        }
        return Plan(row, CHANGED, label, shown, write, target.pk)

    def _name(self, partner: int) -> str:
        if partner not in self.who.names:
            self.who.names[partner] = str(Partner.objects.get(pk=partner))
        return self.who.names[partner]

    # --- writing ---

    def begin(self, batch: Import) -> None:
        if batch.by is None:
            raise DomainError(_("Say whose calendar it is: --as EMAIL."))
        for kind, model in _KINDS.items():
            new = list(
                ImportRow.objects.filter(batch=batch, outcome=NEW, write__kind=kind).values_list(
                    "pk", flat=True
                )
            )
            setwise.set_targets(ImportRow, zip(setwise.reserve_ids(model, len(new)), new, strict=True))

    def commit(self, batch: Import) -> None:
        rows, by = list(staged(batch, NEW)), batch.by
        assert by is not None
        meetings = [row for row in rows if row.write["kind"] == "meeting"]
        visits = [row for row in rows if row.write["kind"] == "visit"]
        Meeting.objects.bulk_create(
            Meeting(pk=row.target_id, others=row.write["others"], written_by=by, **_made(row))
            for row in meetings
        )
        PlannedVisit.objects.bulk_create(
            PlannedVisit(pk=row.target_id, lead_id=_lead(row, by), planned_by=by, **_made(row))
            for row in visits
        )
        for model, of, name, column in (
            (Meeting, meetings, "partners", "partner_id"),
            (Meeting, meetings, "ours", "user_id"),
            (Meeting, meetings, "theirs", "person_id"),
            (PlannedVisit, visits, "partners", "partner_id"),
            (PlannedVisit, visits, "theirs", "person_id"),
        ):
            through: Any = getattr(model, name).through
            mine = f"{model._meta.model_name}_id"
            through.objects.bulk_create(
                through(**{mine: row.target_id, column: pk})
                for row in of
                for pk in (row.write[name] or ([by.pk] if name == "ours" else []))
            )
        Going.objects.bulk_create(
            Going(plan_id=row.target_id or 0, user_id=pk)
            for row in visits
            for pk in dict.fromkeys([_lead(row, by), *row.write["ours"]])
        )
        CalendarEvent.objects.bulk_create(
            CalendarEvent(
                key=row.write["key"],
                facts=row.write["facts"],
                import_id=batch.pk,
                **{f"{row.write['kind']}_id": row.target_id},
            )
            for row in rows
        )
        self._turn(batch)
        keep_last_met({partner for row in meetings for partner in row.write["partners"]})

    def _turn(self, batch: Import, *, back: bool = False) -> None:
        """Write the changes of known events; back, as they were."""
        rows = list(staged(batch, CHANGED))
        for kind, model in _KINDS.items():
            turn(model, (row for row in rows if row.write["kind"] == kind), back=back)
        events = CalendarEvent.objects.in_bulk([row.write["key"] for row in rows], field_name="key")
        for row in rows:
            events[row.write["key"]].facts = row.write["was" if back else "facts"]
        CalendarEvent.objects.bulk_update(events.values(), ["facts"], batch_size=200)
        keep_last_met(
            Partner.objects.filter(meetings__in=_targets(rows, "meeting")).values_list("pk", flat=True)
        )

    def acts(self, batch: Import, rows: Sequence[Staged]) -> list[Act]:
        return [self._act(row) for row in rows if row.write.get("key")]

    def _act(self, row: Staged) -> Act:
        made = row.outcome == NEW
        then, now = row.write.get("was"), row.write["facts"]
        label, partner = _KINDS[row.write["kind"]]._meta.label, next(iter(row.write["partners"]), None)
        return Act(label, row.target_id or 0, row.label, made, then, now, partner)

    # --- taking back ---

    def obstacles(self, batch: Import) -> list[str]:
        found, rows = [], list(staged(batch, NEW, CHANGED))
        for kind, model in _KINDS.items():
            there: dict[int, Any] = model.objects.in_bulk(_targets(rows, kind))
            touched = {
                row.target_id or 0: row.label
                for row in rows
                if row.write["kind"] == kind and _is_touched(row, there.get(row.target_id or 0))
            }
            found += changed_since(batch, model, touched)
            made = _targets([row for row in rows if row.outcome == NEW], kind)
            own = (Going, *(getattr(model, name).through for name in ("partners", "ours", "theirs")))
            found += referred_to(batch, model.objects.filter(pk__in=made), parts=own)
            promised = (
                FollowUp.objects.filter(kind__in=PROMISES, source_id__in=map(str, made))
                if kind == "meeting"
                else ()
            )
            if promised:
                found.append(
                    _("Promises were made there: %(names)s.") % {"names": listed(list(map(str, promised)))}
                )
        return found

    def revert(self, batch: Import) -> None:
        self._turn(batch, back=True)
        rows = list(staged(batch, NEW))
        for kind, model in _KINDS.items():
            model.objects.filter(pk__in=_targets(rows, kind)).delete()
        keep_last_met({partner for row in rows for partner in row.write["partners"]})


def _refuse(said: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Raises DomainError for an event that nobody means to be in Comity."""
    if any(said.get("private", [])):
        raise DomainError(_("The event is private."), "private")
    if facts["canceled"]:
        raise DomainError(_("The event was canceled."), "status")
    uid = said.get("uid", "")
    if _OURS.match(uid) and uid.endswith(f"@{host()}"):
        raise DomainError(_("The event comes from Comity."), "uid")


def _refuse_moving(target: Meeting | PlannedVisit, facts: Mapping[str, Any], *, canceled: bool) -> None:
    """Raises DomainError where what the file says of a known event no longer fits what became of it."""
    if isinstance(target, Meeting):
        if target.withdrawn_at:
            raise DomainError(_("It was withdrawn in Comity."))
        if canceled or facts["on"] > office.today().isoformat():
            raise DomainError(_("It is written down as held. Withdraw it if it was not."))
    elif target.state == PlannedVisit.State.CALLED_OFF:
        raise DomainError(_("It was called off in Comity."))
    elif target.state == PlannedVisit.State.HELD:
        raise DomainError(_("It is written down as held. Change it there."))


def _columns(record: Meeting | PlannedVisit, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a meeting or a visit keeps of an event, as it is staged."""
    verb = "held" if isinstance(record, Meeting) else "planned"
    named = {f"{verb}_on": "on", f"{verb}_at": "at", "title": "title", "place": "place", "how": "how"}
    made = type(record)()
    for column, name in named.items():
        field: Any = record._meta.get_field(column)
        setattr(made, column, field.to_python(facts[name] or (None if field.null else "")))
    return {column: plain_of(made, column) for column in named}


def _shown(facts: Mapping[str, Any], was: Mapping[str, Any] | None = None) -> dict[str, list[Any]]:
    """What is new of an event, as the preview has it."""
    now, then = (
        {
            "starts": f"{each['on']} {each['at']}".strip(),
            **{name: each[name] for name in ("title", "place", "how")},
        }
        if each
        else {}
        for each in (facts, was)
    )
    return {name: [then.get(name), said] for name, said in now.items() if said != then.get(name, "")}


def _made(row: Staged) -> dict[str, Any]:
    """The columns of a new meeting or visit."""
    return {column: new for column, (_old, new) in row.write["set"].items()}


def _lead(row: Staged, by: User) -> int:
    """The first of ours who is on it, the organizer before the others; else who brought it."""
    return next(iter(row.write["ours"]), by.pk)


def _targets(rows: Sequence[Staged], kind: str) -> list[int]:
    return [row.target_id for row in rows if row.target_id and row.write["kind"] == kind]


def _is_touched(row: Staged, record: Any) -> bool:
    """Whether it is no longer as the import wrote it."""
    if record is None:
        return row.outcome == CHANGED
    if row.outcome == NEW:
        return bool(record.version > 1)
    return not is_as(record, row, MADE)


def _label(kind: str, names: Sequence[str], title: str) -> str:
    """ "Meeting with Department of Parks: The new map" """
    with_whom = _("Meeting with %(names)s") if kind == "meeting" else _("Planned visit to %(names)s")
    said = with_whom % {"names": ", ".join(names)}
    return f"{said}: {title}" if title else said


def _link(row: ImportRow) -> str:
    model = _KINDS[row.write["kind"]]
    return model(pk=row.target_id).get_absolute_url()


CALENDARS = Profile(
    "meetings", gettext_lazy("Meetings, from a calendar or a list"), LOG, FIELDS, Events, _link
)
