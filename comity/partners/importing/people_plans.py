"""What becomes of each row of a list of people and their posts.

A person's key is the e-mail address; without one, the name together with the partner. Someone who works at
several partners has a row for each: the first row of a person speaks for the person, each row for its post.

Written for 100,000 rows: everything known is read once, into plain tuples and dictionaries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from comity.imports.profiles import Plan, Row
from comity.office.services import words
from comity.partners import names
from comity.partners.importing.directory import Ambiguous, Directory, standing_partners
from comity.partners.models import Person, Position

FACTS = ("name", "email", "phone", "mobile", "language", "notes")
POST_FACTS = ("title", "function", "acting", "shared", "starts_on", "ends_on")
# What a post is where a row does not say; a title nobody gave is that of its function.
_POST_DEFAULTS: dict[str, Any] = {
    "function": Position.Function.OTHER.value,
    "acting": False,
    "shared": False,
    "starts_on": None,
    "ends_on": None,
}


class _SetAside(Exception):  # noqa: N818  (an outcome, not an error)
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(slots=True, eq=False)
class Known:
    """A person: one who exists (`pk`), or one a row of the file makes (`line`)."""

    pk: int | None
    facts: dict[str, str]
    line: int = 0
    posts: list[Post] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Post:
    """A post of a person, existing (`pk`) or made by a row; `line` is the row that spoke of it."""

    pk: int | None
    partner_id: int
    facts: dict[str, Any]
    line: int = 0


def plan(rows: Sequence[Row]) -> Iterator[Plan]:
    """One plan for every row, in the order of lines."""
    reading = _Reading(rows)
    for row in rows:
        try:
            yield reading.plan(row)
        except _SetAside as problem:
            yield Plan(
                row,
                "set_aside",
                label=_name_of(row.values),
                field=problem.field,
                reason=problem.reason,
            )


def _name_of(values: dict[str, Any]) -> str:
    return values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()


class _Reading:
    """Everything known before the file, and what its rows have said so far."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.directory: Directory = standing_partners()
        self.partners: dict[str, int | str] = {}  # what rows say -> partner, or why there is none
        self.by_email: dict[str, list[Known]] = defaultdict(list)
        self.by_post: dict[tuple[str, int], list[Known]] = defaultdict(list)
        self._load_people()
        self.said_titles = self._titles(rows)

    def _load_people(self) -> None:
        people: dict[int, Known] = {}
        rows = Person.objects.standing().order_by("pk").values_list("pk", *FACTS)
        for pk, *facts in rows.iterator(chunk_size=5_000):
            known = people[pk] = Known(pk, dict(zip(FACTS, facts, strict=True)))
            if known.facts["email"]:
                self.by_email[known.facts["email"].lower()].append(known)
        posts = (
            Position.objects.exclude(person=None)
            .order_by("pk")
            .values_list("pk", "partner_id", "person_id", *POST_FACTS)
        )
        for pk, partner_id, person_id, *facts in posts.iterator(chunk_size=5_000):
            holder = people.get(person_id)
            if holder is None:
                continue
            holder.posts.append(Post(pk, partner_id, dict(zip(POST_FACTS, map(_plain, facts), strict=True))))
            alike = self.by_post[names.key(holder.facts["name"]), partner_id]
            if holder not in alike:
                alike.append(holder)

    def _titles(self, rows: Sequence[Row]) -> set[tuple[str, int, str]]:
        """Every post the file names, as (e-mail or name, partner, title): a title that another row says is that
        row's post, and not this row's post under a new title."""
        said = set()
        for row in rows:
            values = row.values
            if (
                "title" in values
                and "partner" in values
                and isinstance(at := self._partner(values["partner"]), int)
            ):
                said.add((values.get("email") or names.key(_name_of(values)), at, names.key(values["title"])))
        return said

    def _partner(self, text: str) -> int | str:
        """The partner a row means, or the sentence why there is none."""
        known = self.partners.get(text)
        if known is None:
            try:
                body = self.directory.named(text)
            except Ambiguous as problem:
                known = str(problem)
            else:
                known = (
                    body.pk
                    if body is not None and body.pk is not None
                    else _("“%(name)s” is no %(partner)s known here.")
                    % {"name": text[:100], "partner": words().partner}
                )
            self.partners[text] = known
        return known

    def plan(self, row: Row) -> Plan:
        values = row.values
        partner_id = self._at(values)
        name = _name_of(values)
        known = self._find(values, name, partner_id)
        if known is None:
            return self._make(row, name, partner_id)
        changes: dict[str, list[Any]] = {}
        write: dict[str, Any] = {}
        if known.line:
            self._contradicts(values, name, known)
        self._hear(values, name, known, changes, write)
        if known.pk is None:
            write["line"] = known.line
        known.line = known.line or row.line
        if partner_id is not None:
            self._hear_post(row, known, partner_id, changes, write)
        outcome = "changed" if changes else "same"
        return Plan(row, outcome, label=known.facts["name"], changes=changes, write=write, target_id=known.pk)

    def _at(self, values: dict[str, Any]) -> int | None:
        if "partner" not in values:
            return None
        partner = self._partner(values["partner"])
        if isinstance(partner, str):
            raise _SetAside("partner", partner)
        return partner

    def _find(self, values: dict[str, Any], name: str, partner_id: int | None) -> Known | None:
        email = values.get("email")
        if email and (found := self.by_email.get(email)):
            if len(found) > 1:
                raise _SetAside(
                    "email", _("Several people have this e-mail address here; make them one first.")
                )
            return found[0]
        if not name:
            raise _SetAside("name", _("The row names nobody: there is no name in it."))
        if partner_id is None:
            if email:
                return None
            raise _SetAside(
                "email",
                _("There is neither an e-mail address nor a %(partner)s, so we cannot tell who this is.")
                % {"partner": words().partner},
            )
        # Of one name at one partner: the same person, unless both have an address and they differ.
        alike = [
            known
            for known in self.by_post.get((names.key(name), partner_id), [])
            if not (email and known.facts["email"])
        ]
        if len(alike) > 1:
            raise _SetAside("email", _("Several people of this name work there; give the e-mail address."))
        return alike[0] if alike else None

    # --- the person ---

    def _make(self, row: Row, name: str, partner_id: int | None) -> Plan:
        values = row.values
        facts = {fact: values.get(fact, "") for fact in FACTS} | {"name": name}
        facts["language"] = facts["language"] or "en"
        known = Known(None, facts, line=row.line)
        if facts["email"]:
            self.by_email[facts["email"]].append(known)
        write: dict[str, Any] = {"person": {fact: value for fact, value in facts.items() if value}}
        if partner_id is not None:
            post = Post(None, partner_id, _post(values), row.line)
            _check_days(post.facts)
            known.posts.append(post)
            self.by_post[names.key(name), partner_id].append(known)
            write["post"] = {"partner": partner_id, **post.facts}
        return Plan(row, "new", label=name, write=write)

    def _contradicts(self, values: dict[str, Any], name: str, known: Known) -> None:
        """Raises _SetAside if a later row says something else of the person than an earlier one."""
        said = {**values, "name": name}
        for fact in FACTS:
            if said.get(fact) and known.facts[fact] and not _alike(fact, known.facts[fact], said[fact]):
                raise _SetAside(
                    fact,
                    _(
                        "Line %(line)d is about the same person and says “%(known)s”; this row says “%(said)s”."
                    )
                    % {"line": known.line, "known": known.facts[fact][:80], "said": said[fact][:80]},
                )

    def _hear(
        self,
        values: dict[str, Any],
        name: str,
        known: Known,
        changes: dict[str, list[Any]],
        write: dict[str, Any],
    ) -> None:
        said = {**values, "name": name}
        for fact in FACTS:
            new, old = said.get(fact), known.facts[fact]
            if new and not _alike(fact, old, new):
                changes[fact] = [old, new]
                write.setdefault("set", {})[fact] = [old, new]
                known.facts[fact] = new
                if fact == "email":
                    self.by_email[new].append(known)

    # --- the post ---

    def _hear_post(
        self,
        row: Row,
        known: Known,
        partner_id: int,
        changes: dict[str, list[Any]],
        write: dict[str, Any],
    ) -> None:
        values = row.values
        post = self._post_of(row, known, partner_id)
        if post is None:
            post = Post(None, partner_id, _post(values), row.line)
            _check_days(post.facts)
            known.posts.append(post)
            write["post"] = {"partner": partner_id, **post.facts}
            place = self.directory.by_pk[partner_id].name
            changes["post"] = ["", f"{post.facts['title']}, {place}"]
            alike = self.by_post[names.key(known.facts["name"]), partner_id]
            if known not in alike:
                alike.append(known)
            return
        change = {
            fact: [post.facts[fact], values[fact]]
            for fact in POST_FACTS
            if fact in values and not _alike(fact, post.facts[fact], values[fact])
        }
        if not change:
            post.line = post.line or row.line
            return
        if post.line:
            fact, (old, new) = next(iter(change.items()))
            raise _SetAside(
                fact,
                _("Line %(line)d speaks of the same post and says “%(known)s”; this row says “%(said)s”.")
                % {"line": post.line, "known": old, "said": new},
            )
        _check_days({**post.facts, **{fact: new for fact, (_old, new) in change.items()}})
        post.line = row.line
        post.facts |= {fact: new for fact, (_old, new) in change.items()}
        changes.update(change)
        write["post_set"] = {"pk": post.pk, "set": change}

    def _post_of(self, row: Row, known: Known, partner_id: int) -> Post | None:
        """The post a row speaks of: that of its title, else the only one there that no row names by its title."""
        there = [post for post in known.posts if post.partner_id == partner_id]
        title = row.values.get("title")
        if title is None:
            standing = [post for post in there if not _is_over(post)] or there
            return standing[0] if standing else None
        key = names.key(title)
        same = [post for post in there if names.key(post.facts["title"]) == key]
        if same:
            return next((post for post in same if not _is_over(post)), same[0])
        who = row.values.get("email") or names.key(known.facts["name"])
        free = [
            post
            for post in there
            if not post.line
            and not _is_over(post)
            and (who, partner_id, names.key(post.facts["title"])) not in self.said_titles
        ]
        return free[0] if len(free) == 1 else None


def _post(values: dict[str, Any]) -> dict[str, Any]:
    facts = {fact: values.get(fact, default) for fact, default in _POST_DEFAULTS.items()}
    function = facts["function"]
    title = values.get("title") or str(
        Position.Function(function).label if function != Position.Function.OTHER else _("Contact")
    )
    return {"title": title, **facts}


def _check_days(facts: dict[str, Any]) -> None:
    if facts["starts_on"] and facts["ends_on"] and facts["ends_on"] < facts["starts_on"]:
        raise _SetAside("ends_on", _("The post would end before it starts."))


def _is_over(post: Post) -> bool:
    return bool(post.facts["ends_on"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _alike(fact: str, known: Any, said: Any) -> bool:
    if fact in {"name", "title"}:
        return bool(known == said or names.key(str(known)) == names.key(str(said)))
    return (
        bool((known or None) == (said or None)) if fact not in {"acting", "shared"} else bool(known == said)
    )
