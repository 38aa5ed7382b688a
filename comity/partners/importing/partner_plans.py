"""What becomes of each row of a list of partners.

A row's key is its code, else its FIPS code, else its full name without case and extra space; other names count
as names, and so does all that a merged one went by. One name in two places or counties is two bodies. Nothing looser
decides: likely spellings are proposed as duplicates afterwards.

Of several rows of one body the first speaks; later ones are *same*, adding a domain or another name it lacks, and
one that contradicts (another kind, another parent) is set aside. A parent may be made by any row of the same file.
A row whose parent is not there, or would close a circle, is set aside, and with it whatever hung on it: so the rows
are read again without those, until nothing more falls out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.parsing import clean
from comity.imports.profiles import Plan, Row
from comity.office.models import VisitTier
from comity.office.services import current_office, words
from comity.partners import names
from comity.partners.importing.directory import FACTS, AmbiguousError, Body, standing_partners
from comity.partners.importing.places import Places
from comity.partners.models import Partner
from comity.partners.services.registry import refuse_far_county

UNKNOWN = Partner.Kind.UNKNOWN.value


def plan(rows: Sequence[Row]) -> Iterator[Plan]:
    """One plan for every row, in the order of lines."""
    tiers = {names.key(name): (pk, name) for pk, name in VisitTier.objects.values_list("pk", "name")}
    aside: dict[int, Plan] = {}
    while True:
        reading = _Reading(tiers)
        reading.read([row for row in rows if row.line not in aside])
        fallen = reading.without_parent()
        if not fallen:
            break
        aside |= fallen
    for row in rows:
        yield aside.get(row.line) or reading.plans[row.line]


class _Reading:
    """One pass over the rows, with everything known before it and everything they say."""

    def __init__(self, tiers: dict[str, tuple[int, str]]) -> None:
        self.tiers, self.office = tiers, current_office()
        self.directory = standing_partners()
        self.plans: dict[int, Plan] = {}
        self.speaker: dict[Body, Row] = {}  # the row that speaks for it
        self.places = Places(self.directory, self.speaker)
        self.body_of: dict[int, Body] = {}  # line -> body
        self.rows: list[Row] = []

    def read(self, rows: Sequence[Row]) -> None:
        """Plan every row as far as it can be without its parent."""
        self.rows = list(rows)
        for row in rows:
            try:
                body = self._find(row)
                kind = row.values.get("kind") or (body.facts.get("kind") if body else "")
                if kind == Partner.Kind.COUNTY:
                    refuse_far_county(row.values.get("fips", ""), "fips", self.office)
                if body is None:
                    self._make(row)
                elif body in self.speaker:
                    self._hear_again(row, body)
                else:
                    self._hear(row, body)
            except DomainError as problem:
                self.plans[row.line] = _aside(row, problem.field, str(problem))

    # --- whom a row means ---

    def _find(self, row: Row) -> Body | None:
        code, fips = row.values.get("code", ""), row.values.get("fips", "")
        by_code = self.directory.by_code.get(names.code_key(code)) if code else None
        by_fips = self.directory.by_fips.get(fips) if fips else None
        if by_code and by_fips and by_code is not by_fips:
            raise DomainError(
                _("The code belongs to %(one)s, but the FIPS code belongs to %(other)s.")
                % {"one": by_code.name, "other": by_fips.name},
                "fips",
            )
        found = by_code or by_fips or self._named(row, code, fips)
        if found is None:
            return None
        for field, said, known in (("code", code, found.code), ("fips", fips, found.fips)):
            if said and known and not found.has(field, said):
                raise DomainError(
                    _("%(name)s is listed here as %(known)s, not %(said)s.")
                    % {"name": found.name, "known": known, "said": said},
                    field,
                )
        return found

    def _named(self, row: Row, code: str, fips: str) -> Body | None:
        """By name alone; one that goes by another code than the row says is another body, and so is one elsewhere."""
        if "name" not in row.values:
            raise DomainError(_("The row has no name."), "name")
        known = self.directory.by_name.get(names.key(row.values["name"]), [])
        alike = [body for body in known if not (code and body.code) and not (fips and body.fips)]
        if not alike and code:
            self._refuse_lost_zeros(known, code)
        there = [body for body in alike if not self.places.is_elsewhere(body, row.values)]
        if len(there) > 1:
            there = [body for body in there if self.places.is_surely_there(body, row.values)] or there
        if len(there) > 1:
            raise AmbiguousError(row.values["name"])
        return there[0] if there else None

    def _refuse_lost_zeros(self, known: Sequence[Body], code: str) -> None:
        """Raises DomainError if one of this name has the code but for its zeros."""
        bare = names.bare_code(code)
        same = next((body for body in known if bare and names.bare_code(body.code) == bare), None)
        if same is not None:
            raise DomainError(
                _(
                    "%(name)s is listed here as %(known)s, not %(said)s. A spreadsheet may have dropped the zeros. "
                    "If it is the same, write the code as it is here; if not, give it another name."
                )
                % {"name": same.name, "known": same.code, "said": code},
                "code",
            )

    # --- the row that speaks ---

    def _make(self, row: Row) -> None:
        values = row.values
        facts = {fact: values[fact] for fact in FACTS if fact in values}
        tier = self._tier(values)
        body = Body(
            None,
            values["name"],
            values.get("code", ""),
            values.get("fips", ""),
            {"kind": UNKNOWN, **facts},
            tier_id=tier[0] if tier else None,
            line=row.line,
            aliases=_by_key(values.get("aliases", []), values["name"]),
            domains=set(values.get("domains", [])),
        )
        self.directory.add(body)
        self._speaks(row, body)
        fields = {"name": body.name, "code": body.code, "fips": body.fips, **facts}
        if tier:
            fields["tier_id"] = tier[0]
        write: dict[str, Any] = {"fields": {key: value for key, value in fields.items() if value != ""}}
        write |= _lists(list(body.aliases.values()), values.get("domains", []))
        self.plans[row.line] = Plan(row, "new", label=body.name, write=write)

    def _speaks(self, row: Row, body: Body) -> None:
        self.speaker[body] = row
        self.body_of[row.line] = body

    def _tier(self, values: dict[str, Any]) -> tuple[int, str] | None:
        if "tier" not in values:
            return None
        tier = self.tiers.get(names.key(values["tier"]))
        if tier is None:
            raise DomainError(
                _("There is no visit tier “%(tier)s”. The office settings list all tiers.")
                % {"tier": values["tier"]},
                "tier",
            )
        return tier

    def _hear(self, row: Row, body: Body) -> None:
        """A row about a body that exists: what it says differently becomes a change."""
        values = row.values
        changes: dict[str, list[Any]] = {}
        change: dict[str, list[Any]] = {}  # column -> [old, new]
        aliases = dict(_by_key(values.get("aliases", []), ""))
        for key in ("code", "fips"):
            if values.get(key) and not getattr(body, key) and not body.has(key, values[key]):
                changes[key] = change[key] = ["", values[key]]
        for fact in FACTS:
            if _differs(fact, body.facts.get(fact), values.get(fact)) and not _was(fact, body, values):
                changes[fact] = change[fact] = [body.facts.get(fact), values[fact]]
        if change.get("status", [None, None])[1] == Partner.Status.FORMER:
            raise DomainError(
                _("Retire %(name)s on its own page, so nothing still open with it is lost.")
                % {"name": body.name},
                "status",
            )
        tier = self._tier(values)
        if tier and tier[0] != body.tier_id:
            change["tier_id"] = [body.tier_id, tier[0]]
            before = next((name for pk, name in self.tiers.values() if pk == body.tier_id), "")
            changes["tier"] = [before, tier[1]]
        if "name" in values and not body.goes_by(names.key(values["name"])):
            changes["name"] = change["name"] = [body.name, values["name"]]
            aliases.setdefault(names.key(body.name), body.name)
        write = {"set": change} if change else {}
        for key, (_old, new) in change.items():
            if key in FACTS:
                body.facts[key] = new
            else:
                setattr(body, key, new)
        added = self._add_lists(body, aliases, values.get("domains", []))
        changes |= {key: [[], value] for key, value in added.items()}
        self.directory.learn(body)
        self.directory.learn_name(body, names.key(body.name))
        self._speaks(row, body)
        outcome = "changed" if changes else "same"
        self.plans[row.line] = Plan(
            row, outcome, label=body.name, changes=changes, write=write | added, target_id=body.pk
        )

    def _add_lists(self, body: Body, aliases: dict[str, str], domains: Sequence[str]) -> dict[str, list[str]]:
        """Other names and domains the body lacks; from now on it has them."""
        new_aliases = {key: name for key, name in aliases.items() if not body.goes_by(key)}
        new_domains = [domain for domain in domains if domain not in body.domains]
        body.aliases |= new_aliases
        body.domains |= set(new_domains)
        for key in new_aliases:
            self.directory.learn_name(body, key)
        return _lists(list(new_aliases.values()), new_domains)

    # --- a row about a body of which a row has spoken ---

    def _hear_again(self, row: Row, body: Body) -> None:
        values, first = row.values, self.speaker[body].line
        kind = values.get("kind", UNKNOWN)
        known = body.facts.get("kind", UNKNOWN)
        if UNKNOWN not in (kind, known) and kind != known:
            raise DomainError(
                _("Line %(line)d says the kind of %(name)s is “%(known)s”, but this row says “%(kind)s”.")
                % {
                    "line": first,
                    "name": body.name,
                    "known": Partner.Kind(known).label,
                    "kind": Partner.Kind(kind).label,
                },
                "kind",
            )
        own = [values["name"]] if "name" in values else []
        aliases = _by_key([*own, *values.get("aliases", [])], "")
        added = self._add_lists(body, aliases, values.get("domains", []))
        write: dict[str, Any] = dict(added)
        if added and body.pk is None:
            write["line"] = first
        self.body_of[row.line] = body
        note = self._note(row, body, first)
        body.facts["place"] = body.facts.get("place") or values.get(
            "place", ""
        )  # so that a third is held against it
        self.plans[row.line] = Plan(
            row,
            "same",
            label=body.name,
            changes={key: [[], value] for key, value in added.items()},
            write=write,
            target_id=body.pk,
            reason=note,
        )

    def _note(self, row: Row, body: Body, first: int) -> str:
        """What a later row says beside, which is not taken over."""
        left_out = [
            fact
            for fact in FACTS
            if fact != "kind" and _differs(fact, body.facts.get(fact), row.values.get(fact))
        ]
        note = _("The same organization as line %(line)d.") % {"line": first}
        if left_out:
            said = ", ".join(str(row.values[fact])[:80] for fact in left_out)
            row.leave_out(left_out[0], _("We used that line. Left out: %(said)s.") % {"said": said})
        return note

    # --- parents ---

    def without_parent(self) -> dict[int, Plan]:
        """Join every row with its parent; those that cannot be, and all that hung on them."""
        fallen: dict[int, Plan] = {}
        hanging: dict[Body, list[Row]] = defaultdict(list)  # parent -> rows
        for row in self.rows:
            body = self.body_of.get(row.line)
            if "parent" not in row.values or body is None:
                continue
            try:
                parent = self._parent(row, body)
                hanging[parent].append(row)
                self._join(row, body, parent)
            except DomainError as problem:
                fallen[row.line] = _aside(row, problem.field, str(problem))
        self._let_fall(fallen, hanging)
        return fallen

    def _parent(self, row: Row, body: Body) -> Body:
        said = row.values["parent"]
        parent = self.directory.named(said, "parent")
        if parent is None:
            raise DomainError(
                _("There is no %(partner)s called “%(parent)s”, here or in this file.")
                % {"parent": said[:100], "partner": words().partner},
                "parent",
            )
        above: Body | None = parent
        while above is not None:
            if above is body:
                raise DomainError(
                    _("%(name)s would be part of itself, because %(parent)s is part of it.")
                    % {"name": body.name, "parent": parent.name}
                    if parent is not body
                    else _("%(name)s cannot be part of itself.") % {"name": body.name},
                    "parent",
                )
            above = above.parent
        return parent

    def _join(self, row: Row, body: Body, parent: Body) -> None:
        speaker = self.speaker[body]
        plan = self.plans[row.line]
        if body.parent is parent or (body.parent and body.was_part_of(parent)):
            return
        if row is not speaker:
            if body.parent is not None:
                self.plans[row.line] = _aside(
                    row,
                    "parent",
                    _("%(name)s is part of %(known)s (line %(line)d), but this row says %(parent)s.")
                    % {
                        "name": body.name,
                        "known": body.parent.name,
                        "line": speaker.line,
                        "parent": parent.name,
                    },
                )
            return
        plan.changes["parent"] = [body.parent.name if body.parent else "", parent.name]
        plan.write["parent"] = {
            "old": body.parent.pk if body.parent else None,
            "pk": parent.pk,
            "line": parent.line if parent.pk is None else None,
        }
        if plan.outcome == "same":
            plan.outcome = "changed"
        body.parent = parent

    def _let_fall(self, fallen: dict[int, Plan], hanging: dict[Body, list[Row]]) -> None:
        """Rows whose parent only a fallen row would have made fall too."""
        speakers = Counter(self.body_of.values())
        waiting = list(fallen)
        while waiting:
            line = waiting.pop()
            body = self.body_of[line]
            speakers[body] -= 1
            if body.pk is not None or speakers[body]:
                continue
            for row in hanging[body]:
                if row.line not in fallen:
                    reason = _("“%(parent)s” is itself set aside (line %(line)d).") % {
                        "parent": body.name,
                        "line": line,
                    }
                    fallen[row.line] = _aside(row, "parent", reason)
                    waiting.append(row.line)


def _aside(row: Row, field: str, reason: str) -> Plan:
    return Plan(row, "set_aside", label=row.values.get("name", ""), field=field, reason=reason)


def _by_key(spellings: Sequence[str], own: str) -> dict[str, str]:
    """Names by their keys, without the body's own."""
    keyed = {names.key(name): name for name in spellings}
    keyed.pop(names.key(own), None)
    return keyed


def _lists(aliases: Sequence[str], domains: Sequence[str]) -> dict[str, list[str]]:
    return {key: list(value) for key, value in (("aliases", aliases), ("domains", domains)) if value}


def _was(fact: str, body: Body, values: dict[str, Any]) -> bool:
    """Whether a row says the place of what was made one with the body, which is no news."""
    return fact == "place" and bool(body.facts.get("place")) and body.has("place", values["place"])


def _differs(fact: str, known: Any, said: Any) -> bool:
    """Whether a row says something else than is known; an empty cell, or a kind of unknown, says nothing."""
    if said is None or (fact == "kind" and said == UNKNOWN):
        return False
    if fact == "place":
        return names.key(str(known or "")) != names.key(said)
    if fact == "website":
        return str(known or "").rstrip("/") != str(said).rstrip("/")
    if fact == "notes":
        return clean(str(known or ""), lines=True) != str(said)
    return bool(known != said)
