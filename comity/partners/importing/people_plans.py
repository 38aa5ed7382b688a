"""What becomes of each row of a list of people and their posts.

A person's key is the e-mail address; without one, the name together with the partner. Someone who works at
several partners has a row for each: the first row of a person speaks for the person, each row for its post. A row
that names nobody is one for a vacant post.

Written for 100,000 rows: everything known is read once, into small objects and dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.parsing import clean
from comity.imports.profiles import Plan, Row
from comity.office.services import words
from comity.partners import names
from comity.partners.importing.directory import AmbiguousError, Directory, standing_partners, survivor_of
from comity.partners.importing.posts import (
    POST_FACTS,
    Post,
    Vacancies,
    change,
    differences,
    is_vacant,
    known_post,
    post_of,
)
from comity.partners.models import Person, Position

FACTS = ("name", "email", "phone", "mobile", "language", "notes")


@dataclass(slots=True, eq=False)
class Known:
    """A person: one who exists (`pk`), or one a row of the file makes (`line`)."""

    pk: int | None
    name: str
    email: str
    phone: str
    mobile: str
    language: str
    notes: str
    line: int = 0
    posts: list[Post] = field(default_factory=list)
    merged: frozenset[str] = frozenset()  # names' keys and addresses of those made one with them


def plan(rows: Sequence[Row]) -> Iterator[Plan]:
    """One plan for every row, in the order of lines."""
    for row in rows:
        if "email" in row.values:
            row.values["email"], *row.values["further"] = row.values["email"]
    reading = _Reading(rows)
    for row in rows:
        try:
            if row.values.get("further"):
                said = ", ".join(row.values["further"])
                note = _("One address is kept for a person. Left out: %(said)s.")
                row.leave_out("email", note % {"said": said})
            yield reading.plan(row)
        except DomainError as problem:
            yield Plan(row, "set_aside", label=_name_of(row.values), field=problem.field, reason=str(problem))


def _name_of(values: dict[str, Any]) -> str:
    return values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()


class _Reading:
    """Everything known before the file, and what its rows have said so far."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.directory: Directory = standing_partners()
        self.partners: dict[str, int | str] = {}  # what rows say -> partner, or why there is none
        self.by_email: dict[str, tuple[Known, ...]] = {}
        self.by_post: dict[str, tuple[Known, ...]] = {}  # name and partner -> who works there
        self.vacancies = Vacancies()
        self._load_people()
        self.said_titles = self._titles(rows)

    def _load_people(self) -> None:
        people: dict[int, Known] = {}
        gone: dict[int, int] = {}
        rows = (
            Person.objects.filter(arriving=False).order_by("pk").values_list("merged_into_id", "pk", *FACTS)
        )
        for into, *row in rows.iterator(chunk_size=5_000):
            known = people[row[0]] = Known(*row)
            known.language = intern(known.language)
            if into is not None:
                gone[known.pk or 0] = into
            elif known.email:
                self._has_address(known, known.email.lower())
        posts = (
            Position.objects.exclude(person=None)
            .order_by("pk")
            .values_list("person_id", "pk", "partner_id", *POST_FACTS)
        )
        for person_id, *post in posts.iterator(chunk_size=5_000):
            holder = people.get(person_id)
            if holder is None:
                continue
            holder.posts.append(known_post(*post))
            self._works_at(holder, holder.posts[-1].partner_id)
        for pk in gone:
            self._lead(people[pk], people[survivor_of(pk, gone)])

    def _lead(self, gone: Known, survivor: Known) -> None:
        """Let who was made one with another be met as that one, where nobody else goes by it today."""
        email = gone.email.lower()
        survivor.merged |= {names.key(gone.name), email} - {""}
        if email:
            self.by_email.setdefault(email, (survivor,))
        for post in survivor.posts:
            self.by_post.setdefault(_place(gone.name, post.partner_id), (survivor,))

    def _has_address(self, known: Known, email: str) -> None:
        self.by_email[email] = (*self.by_email.get(email, ()), known)

    def _works_at(self, known: Known, partner_id: int) -> None:
        place = _place(known.name, partner_id)
        there = self.by_post.get(place, ())
        if known not in there:
            self.by_post[place] = (*there, known)

    def _titles(self, rows: Sequence[Row]) -> set[tuple[str, int, str]]:
        """Every post the file names of people who are known, as (e-mail or name, partner, title): a title that
        another row says is that row's post, and not this row's post under a new title."""
        said = set()
        for row in rows:
            values = row.values
            if "title" not in values or not isinstance(at := self._named(values), int):
                continue
            email, name = values.get("email", ""), _name_of(values)
            if email in self.by_email or _place(name, at) in self.by_post:
                said.add((email or names.key(name), at, names.key(values["title"])))
        return said

    def _named(self, values: dict[str, Any]) -> int | str | None:
        """The partner a row means, or the sentence why there is none; None if it says none. A code comes first."""
        code, name = values.get("partner_code"), values.get("partner")
        if code is None:
            return None if name is None else self._partner(name)
        by_code = self._partner(code)
        if isinstance(by_code, int) or name is None:
            return by_code
        return self._partner(name)

    def _partner(self, text: str) -> int | str:
        """The partner a text means, or the sentence why there is none."""
        known = self.partners.get(text)
        if known is None:
            try:
                body = self.directory.named(text)
            except AmbiguousError as problem:
                known = str(problem)
            else:
                known = body.pk if body is not None and body.pk is not None else self._unknown(text)
            self.partners[text] = known
        return known

    def _unknown(self, text: str) -> str:
        said = {"name": text[:100], "partner": words().partner}
        nearly = self.directory.but_for_zeros(text)
        if nearly is None:
            return _("There is no %(partner)s called “%(name)s” here.") % said
        return _("There is no %(partner)s called “%(name)s” here. Do you mean %(code)s, %(known)s?") % {
            **said,
            "code": nearly.code,
            "known": nearly.name,
        }

    def plan(self, row: Row) -> Plan:
        values = row.values
        partner_id = self._at(values)
        name = _name_of(values)
        if is_vacant(values, name):
            return self.vacancies.plan(row, partner_id)
        if partner_id is None and any(fact in values for fact in POST_FACTS):
            said = _("The position is left out, because the row names no %(partner)s.")
            row.leave_out("title", said % {"partner": words().partner})
        known = self._find(values, name, partner_id)
        if known is None:
            return self._make(row, name, partner_id)
        plan = Plan(row, "same", target_id=known.pk)
        self._hear(plan, name, known)
        if known.pk is None:
            plan.write["line"] = known.line
        known.line = known.line or row.line
        if partner_id is not None:
            self._hear_post(plan, known, partner_id)
        plan.label = known.name
        plan.outcome = "changed" if plan.changes else "same"
        return plan

    def _at(self, values: dict[str, Any]) -> int | None:
        partner = self._named(values)
        if isinstance(partner, str):
            raise DomainError(partner, "partner" if "partner" in values else "partner_code")
        return partner

    def _find(self, values: dict[str, Any], name: str, partner_id: int | None) -> Known | None:
        email = values.get("email")
        for address in (email, *values.get("further", ())):
            found = self.by_email.get(address or "", ())
            if len(found) > 1:
                raise DomainError(
                    _("Several people here have this email address. Merge them first."), "email"
                )
            if found:
                return found[0]
        if not name:
            raise DomainError(_("The row has no name."), "name")
        if partner_id is None:
            if email:
                return None
            raise DomainError(
                _("The row has no email address and no %(partner)s, so we cannot tell who this is.")
                % {"partner": words().partner},
                "email",
            )
        # Of one name at one partner: the same person, unless both have an address and they differ.
        alike = [
            known for known in self.by_post.get(_place(name, partner_id), ()) if not (email and known.email)
        ]
        if len(alike) > 1:
            raise DomainError(_("Several people with this name work there. Add the email address."), "email")
        return alike[0] if alike else None

    # --- the person ---

    def _make(self, row: Row, name: str, partner_id: int | None) -> Plan:
        values = row.values
        said = {fact: values.get(fact, "") for fact in FACTS} | {"name": name}
        said["language"] = said["language"] or "en"
        known = Known(None, **said, line=row.line)
        write: dict[str, Any] = {"person": {fact: value for fact, value in said.items() if value}}
        note = ""
        if partner_id is not None:
            post = post_of(row, partner_id)
            known.posts.append(post)
            self._works_at(known, partner_id)
            write["post"] = post.written()
            note = self._stays_vacant(post)
        if known.email:
            self._has_address(known, known.email)
        return Plan(row, "new", label=name, write=write, reason=note)

    def _stays_vacant(self, post: Post) -> str:
        """A note that a post of the same title is vacant where someone gets one."""
        if not self.vacancies.is_one_at(post.partner_id, post.title):
            return ""
        return _(
            "A position with this title is vacant there and stays vacant. If this is the same one, "
            "fill it on its page."
        )

    def _hear(self, plan: Plan, name: str, known: Known) -> None:
        """What a row says otherwise of a person is a change.

        Raises DomainError if it contradicts what an earlier row says.
        """
        said = {**plan.row.values, "name": name}
        changes = {
            fact: [old, new]
            for fact in FACTS
            if (new := said.get(fact))
            and not _alike(fact, old := getattr(known, fact), new)
            and not (old and _goes_by(known, fact, new))
        }
        if known.email in said.get("further", ()):
            changes.pop("email", None)
        for fact, (old, new) in changes.items():
            if known.line and old:
                raise DomainError(
                    _(
                        "Line %(line)d is about the same person and says “%(known)s”, but this row says “%(said)s”."
                    )
                    % {"line": known.line, "known": old[:80], "said": new[:80]},
                    fact,
                )
        if "name" in changes:
            _refuse_stranger(known, name)
        for fact, (_old, new) in changes.items():
            setattr(known, fact, new)
            if fact == "email":
                self._has_address(known, new)
        if changes:
            plan.changes, plan.write["set"] = dict(changes), changes

    # --- the post ---

    def _hear_post(self, plan: Plan, known: Known, partner_id: int) -> None:
        """What a row says of its post becomes a new one, or changes one."""
        row = plan.row
        post = self._post_of(row, known, partner_id)
        if post is None:
            post = post_of(row, partner_id)
            known.posts.append(post)
            plan.write["post"] = post.written()
            plan.changes["post"] = ["", f"{post.title}, {self.directory.by_pk[partner_id].name}"]
            self._works_at(known, partner_id)
            plan.reason = self._stays_vacant(post)
            return
        said = differences(post, row.values)
        if not said:
            post.line = post.line or row.line
            return
        if post.line:
            fact, (old, new) = next(iter(said.items()))
            raise DomainError(
                _(
                    "Line %(line)d is about the same position and says “%(known)s”, but this row says “%(said)s”."
                )
                % {"line": post.line, "known": old, "said": new},
                fact,
            )
        plan.write["post_set"] = change(post, said, row)
        plan.changes.update(said)

    def _post_of(self, row: Row, known: Known, partner_id: int) -> Post | None:
        """The post a row speaks of: that of its title, else the only one there that no row names by its title."""
        there = [post for post in known.posts if post.partner_id == partner_id]
        title = row.values.get("title")
        if title is None:
            standing = [post for post in there if not post.is_over()] or there
            return standing[0] if standing else None
        key = names.key(title)
        same = [post for post in there if names.key(post.title) == key]
        if same:
            return next((post for post in same if not post.is_over()), same[0])
        who = row.values.get("email") or names.key(known.name)
        free = [
            post
            for post in there
            if not post.line
            and not post.is_over()
            and (who, partner_id, names.key(post.title)) not in self.said_titles
        ]
        return free[0] if len(free) == 1 else None


def _place(name: str, partner_id: int) -> str:
    return f"{partner_id} {names.key(name)}"


def _goes_by(known: Known, fact: str, said: str) -> bool:
    """Whether a name or an address was that of somebody made one with them, which is no news."""
    return bool(known.merged) and fact in ("name", "email") and names.key(said) in known.merged


def _refuse_stranger(known: Known, name: str) -> None:
    """Raises DomainError if the name shares no word with the one known under this address: it may be shared."""
    if not names.share_a_word(known.name, name):
        raise DomainError(
            _(
                "%(email)s is the address of %(known)s here, but this row says %(said)s. If this is the same person, "
                "change the name on their page. If several people share the address, leave it out of this row."
            )
            % {"email": known.email, "known": known.name, "said": name},
            "name",
        )


def _alike(fact: str, known: str, said: str) -> bool:
    if known == said:
        return True
    if fact == "notes":
        return clean(known, lines=True) == said
    return fact == "name" and names.key(known) == names.key(said)
