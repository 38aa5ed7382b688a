"""Tickets out of lists, as ServiceNow, Jira Service Management and we ourselves write them; and their histories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.errors import DomainError
from comity.core.places import ZONES
from comity.editing.values import plain
from comity.imports import setwise
from comity.imports.model_lists import Fact, fields_of
from comity.imports.models import Import, ImportRow
from comity.imports.parsing import CellError, Lookup, moment, text
from comity.imports.profiles import Field, Handler, Plan, Profile, Row
from comity.imports.setwise import staged
from comity.partners.importing.fields import PARTNER
from comity.services.models import Service
from comity.tickets import receiving
from comity.tickets.capabilities import WORK
from comity.tickets.models import Hold, Owner, Priority, Source, State, StateChange, Ticket
from comity.tickets.receiving import Change, Planned, Seen
from comity.tickets.words import COLUMNS, HISTORY, HOLD, KNOWN, PRIORITY, STATE, meaning

MOST = 20_000  # written in one transaction of at most two seconds
HERE = "-"  # a list of tickets that are worked here
MONTH_FIRST, DAY_FIRST = "month", "day"
ORDERS = [
    ("", _l("As last time")),
    (MONTH_FIRST, _l("Month first: 12/31/2026")),
    (DAY_FIRST, _l("Day first: 31/12/2026")),
]
_NEW, _CHANGED = ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED
_MOMENTS = ("opened_at", "resolved_at", "closed_at", "source_updated_at")
# How what a row says is kept, of what is no text.
_KEPT: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys((*_MOMENTS, "at"), datetime.fromisoformat),
    "promised_on": date.fromisoformat,
    "priority": int,
}
# What a person may say that a word of the tool means.
_MEANINGS: dict[str, dict[str, Any]] = {
    STATE: {
        **dict(State.choices),
        **{f"{State.ON_HOLD}:{hold}": hold.label for hold in Hold if hold},
    },
    PRIORITY: {str(value): label for value, label in Priority.choices},
    HOLD: {value: label for value, label in Hold.choices if value},
}


def sources() -> list[tuple[str, str]]:
    """Where tickets come from: here, and the tools."""
    return [(HERE, _("Worked here")), *Source.objects.values_list("key", "name")]


class AboutForm(forms.Form):
    """Which tool wrote a file; its time zone and its order of dates are said once, and remembered."""

    source = forms.CharField(
        label=_l("From which tool"),
        max_length=40,
        initial=HERE,
        help_text=_l("Such as ServiceNow; - for tickets worked here."),
    )
    zone = forms.ChoiceField(
        label=_l("Time zone"),
        required=False,
        choices=[("", _l("As last time, or the office’s")), ("UTC", "UTC"), *ZONES],
    )
    order = forms.ChoiceField(label=_l("Dates"), required=False, choices=ORDERS)

    def clean_source(self) -> str:
        return slugify(self.cleaned_data["source"]) or HERE


def _source(about: Mapping[str, Any]) -> Source:
    """The tool that a file is from, as it is known or was just told."""
    key = about["source"].strip(HERE)
    found = Source.objects.filter(key=key).first() or Source(key=key, name=key.replace("-", " ").capitalize())
    found.zone = about.get("zone") or found.zone
    found.day_first = about["order"] == DAY_FIRST if about.get("order") else found.day_first
    return found


def _profile(batch: Import | None = None, *, history: bool = False) -> Profile:
    """Tickets, or changes of their states; of a file, as its tool writes them."""
    source = _source(batch.about) if batch else Source(zone="UTC")
    return Profile(
        key="ticket-history" if history else "tickets",
        label=_l("Changes of state of tickets") if history else _l("Tickets"),
        to=WORK,
        fields=list(_fields(source, history=history)),
        handler=lambda: TicketRows(source, history=history),
        link=lambda row: reverse("tickets:ticket", args=[row.target_id]),
        about=AboutForm,
        told=partial(_profile, history=history),
    )


def _fields(source: Source, *, history: bool) -> Iterator[Field]:
    """What a row of such a list says, under the headers that the tools give it."""
    when = moment(source.zone_info, day_first=source.day_first)
    more: dict[str, dict[str, Any]] = {
        **{key: {"parse": when, "strict": True, "required": False} for key in (*_MOMENTS, "at")},
        "number": {"tells": True, "required": True},
        "external_id": {"tells": True, "label": "sys_id"},
        "source_updated_at": {"parse": when, "label": _l("Updated")},
        "kind": {"spellings": KNOWN["kind"]},
        "title": {"required": False},
        "service": {"names": Lookup(Service.objects.all, by=("name",))},
        "partner": {"names": PARTNER, "label": _l("Whose")},
    }
    for name, synonyms in (HISTORY if history else COLUMNS).items():
        fact: Fact | Field = Fact(name, synonyms, **more.get(name, {}))
        if name in Owner.Field.values:
            fact = Field(name, Owner.Field(name).label, parse=text(200), synonyms=synonyms)
        found = fields_of(StateChange if name == "at" else Ticket, [fact])[0]
        yield _of_words(source, found) if name in _MEANINGS else found


def _of_words(source: Source, field: Field) -> Field:
    """A field whose cells are words of the tool."""

    def reads(cell: str) -> str:
        if found := meaning(source, field.key, cell):
            return found
        raise CellError(_("Nobody has said yet what “%(text)s” means.") % {"text": cell[:80]})

    choices = partial(_MEANINGS.__getitem__, field.key)
    return replace(field, choices=choices, reads=reads, strict=True, required=False)


class TicketRows(Handler):
    """See comity.imports.profiles.Handler. Its rows come in by `receiving`, as those of a sync do."""

    def __init__(self, source: Source, *, history: bool) -> None:
        self.source, self.key, self.history = source, source.key, history

    def fingerprint(self) -> str:
        tickets = Ticket.objects.filter(source=self.key).aggregate(Count("pk"), Max("pk"), Sum("version"))
        rules = Owner.objects.aggregate(Count("pk"), Max("pk"), Sum("version"))
        return f"{[*tickets.values(), *rules.values()]}"

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        if len(rows) > MOST:
            words = _("A list of tickets can have up to %(most)s rows. This one has %(rows)s. Split it.")
            raise DomainError(words % {"most": f"{MOST:,}", "rows": f"{len(rows):,}"})
        seen = self._seen(row.values for row in rows if not self._lacks(row))
        planned: dict[str, Planned] = {}
        for chunk in setwise.chunks(seen, receiving.CHUNK):
            planned |= {one.seen.number: one for one in receiving.plan(self.key, chunk)}
        first: dict[str, int] = {}
        for row in rows:
            line = first.setdefault(row.values.get("number", ""), row.line)
            if reason := self._lacks(row):
                yield Plan(row, ImportRow.Outcome.SET_ASIDE, reason=reason)
            elif not self.history and line != row.line:
                reason = _("Line %(line)s is about the same ticket.") % {"line": line}
                yield Plan(row, ImportRow.Outcome.SET_ASIDE, field="number", reason=reason)
            else:
                yield self._plan(row, planned[row.values["number"]])

    def _lacks(self, row: Row) -> str:
        """What a row does not say, and has to; "" for nothing."""
        needed = ("number", "at", "state") if self.history else ("number",)
        lacking = [name for name in needed if name not in row.values]
        return _("It does not say its “%(field)s”.") % {"field": lacking[0]} if lacking else ""

    def _plan(self, row: Row, one: Planned) -> Plan:
        title = row.values.get("title") or one.seen.values.get("title", "")
        found = Plan(row, one.outcome, label=f"{one.seen.number} {title}".strip(), target_id=one.pk)
        if self.history and one.pk is None:
            found.outcome, found.reason = ImportRow.Outcome.SET_ASIDE, _("We do not have this ticket.")
        elif one.problem:
            found.field, found.reason = "number", one.problem
        elif one.outcome != ImportRow.Outcome.SAME:
            told = [name for name in one.after if name in row.values]
            found.write = row.values
            found.changes = {name: [plain(one.before.get(name)), plain(one.after[name])] for name in told}
        return found

    def _seen(self, rows: Iterable[Mapping[str, Any]]) -> list[Seen]:
        """What rows say, once for each ticket: its first row, or all of its history."""
        found: dict[str, Seen] = {}
        for values in rows:
            one = _seen(values)
            if self.history:
                said, one.values = one.values, {}
                more = said["at"], said["state"], said.get("hold_reason", ""), said.get("priority")
                one.changes = [*(found[one.number].changes if one.number in found else ()), Change(*more)]
            found[one.number] = one if self.history else found.get(one.number, one)
        return list(found.values())

    def commit(self, batch: Import) -> None:
        rows = list(staged(batch, _NEW, _CHANGED))
        planned = list(receiving.plan(self.key, self._seen(row.write for row in rows)))
        receiving.write(self.key, planned)
        if self.key:
            self.source.save()
        keys = {one.seen.number: one.pk or 0 for one in planned}
        setwise.set_targets(ImportRow, [(keys[row.write["number"]], row.pk) for row in rows])

    def obstacles(self, batch: Import) -> list[str]:
        return [_("Tickets stay as their tool has them.")]


def _seen(row: Mapping[str, Any]) -> Seen:
    """What one row of a list says."""
    said = {name: row[name] for name in Owner.Field.values if name in row}
    values = {
        name: _KEPT[name](value) if name in _KEPT else value
        for name, value in row.items()
        if name not in {*said, "number", "external_id"}
    }
    if "state" in values:
        values["state"], _colon, hold = values["state"].partition(":")
        values |= {"hold_reason": hold} if hold else {}
    values |= {"said_by": said} if said else {}
    return Seen(row["number"], values, row.get("external_id", ""))


TICKETS, CHANGES = _profile(), _profile(history=True)
