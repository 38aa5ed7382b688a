"""Posts as rows of a list of people speak of them: held by someone, or vacant.

A row speaks of a vacant post when it names a partner and a title and nobody: no name, no e-mail address, or the word
"vacant" in their place, or a column that says so. Its key is the partner and the title; two rows of one title are
two posts, and the second meets the second one there. A post that somebody was given since is not made vacant again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.profiles import Plan, Row
from comity.partners import names
from comity.partners.models import Position

POST_FACTS = ("title", "function", "acting", "shared", "starts_on", "ends_on")
# Of a vacant one: whether it is held for the time being is no question.
_VACANT_FACTS = ("function", "shared", "starts_on", "ends_on")
# What a post is where a row does not say; a title nobody gave is that of its function.
_DEFAULTS: dict[str, Any] = {
    "function": Position.Function.OTHER.value,
    "acting": False,
    "shared": False,
    "starts_on": None,
    "ends_on": None,
}
_NOBODY = {
    *("vacant", "(vacant)", "[vacant]", "vacancy", "vacant position", "vacant post"),
    *("vacante", "(vacante)"),
}


@dataclass(slots=True, eq=False)
class Post:
    """A post, existing (`pk`) or made by a row; `line` is the row that spoke of it. Days are ISO text."""

    pk: int | None
    partner_id: int
    title: str
    function: str
    acting: bool
    shared: bool
    starts_on: str | None
    ends_on: str | None
    line: int = 0

    def written(self) -> dict[str, Any]:
        """What an import needs to make it."""
        return {"partner": self.partner_id, **{fact: getattr(self, fact) for fact in POST_FACTS}}

    def is_over(self) -> bool:
        """Whether its end is known: then a row that does not say so speaks of another."""
        return bool(self.ends_on)


def known_post(pk: int, partner_id: int, *facts: Any) -> Post:
    """A post as the database holds it, its facts in the order of POST_FACTS; what many say is kept once."""
    said = (one.isoformat() if isinstance(one, date) else one for one in facts)
    plain: list[Any] = [intern(one) if isinstance(one, str) else one for one in said]
    return Post(pk, partner_id, *plain)


def post_of(row: Row, partner_id: int) -> Post:
    """The post a row makes. Raises DomainError if it would end before it starts."""
    values = row.values
    facts = {fact: values.get(fact, default) for fact, default in _DEFAULTS.items()}
    function = facts["function"]
    title = values.get("title") or str(
        Position.Function(function).label if function != Position.Function.OTHER else _("Contact")
    )
    post = Post(None, partner_id, title, line=row.line, **facts)
    _check_days(post.starts_on, post.ends_on)
    return post


def _check_days(starts_on: str | None, ends_on: str | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError(_("The position would end before it starts."), "ends_on")


def differences(
    post: Post, values: dict[str, Any], facts: tuple[str, ...] = POST_FACTS
) -> dict[str, list[Any]]:
    """What a row says otherwise of a known post: fact -> [old, new]."""
    return {
        fact: [getattr(post, fact), values[fact]]
        for fact in facts
        if fact in values and not _alike(fact, getattr(post, fact), values[fact])
    }


def _alike(fact: str, known: Any, said: Any) -> bool:
    if fact == "title":
        return bool(known == said or names.key(known) == names.key(said))
    return bool(known == said if fact in {"acting", "shared"} else (known or None) == (said or None))


def change(post: Post, change: dict[str, list[Any]], row: Row) -> dict[str, Any]:
    """Let a known post be as a row says; what the import needs to write it. Raises DomainError for days the wrong way."""
    new = {fact: new for fact, (_old, new) in change.items()}
    _check_days(new.get("starts_on", post.starts_on), new.get("ends_on", post.ends_on))
    post.line = row.line
    for fact, value in new.items():
        setattr(post, fact, value)
    return {"pk": post.pk, "set": change}


def names_nobody(name: str) -> bool:
    """Whether what stands where a name is expected says that there is nobody."""
    return names.key(name) in _NOBODY


def is_vacant(values: dict[str, Any], name: str) -> bool:
    """Whether a row speaks of a vacant post. Raises DomainError if it says both that and who holds it."""
    nobody = not name or names_nobody(name)
    said = values.get("vacant")
    if said and not (nobody and "email" not in values):
        raise DomainError(_("The row says the position is vacant, but it names someone."), "vacant")
    if nobody and name and "email" in values:
        raise DomainError(_("The row says the position is vacant, but it has an email address."), "name")
    if said is False:
        if nobody and "email" not in values:
            raise DomainError(_("The row names nobody, but it says the position is not vacant."), "name")
        return False
    return bool(said) or (bool(name) and nobody) or (nobody and "email" not in values and "title" in values)


class Vacancies:
    """The vacant posts there are, and those rows have spoken of."""

    def __init__(self) -> None:
        self._posts: dict[tuple[int, str], list[Post]] = defaultdict(list)
        rows = Position.objects.vacant().filter(partner__merged_into=None).order_by("pk")
        for pk, partner_id, title, *facts in rows.values_list(
            "pk", "partner_id", "title", "function", "acting", "shared", "starts_on", "ends_on"
        ).iterator(chunk_size=5_000):
            self._posts[partner_id, names.key(title)].append(known_post(pk, partner_id, title, *facts))

    def is_one_at(self, partner_id: int, title: str) -> bool:
        """Whether a post of a title is vacant at a partner."""
        there = self._posts.get((partner_id, names.key(title)), ()) if self._posts else ()
        return any(post.pk is not None and not post.is_over() for post in there)

    def plan(self, row: Row, partner_id: int | None) -> Plan:
        """What becomes of a row that speaks of a vacant post. Raises DomainError."""
        if partner_id is None:
            raise DomainError(_("The row does not say where the vacant position is."), "partner")
        if not (row.values.get("title") or row.values.get("function")):
            raise DomainError(_("A vacant position needs a job title."), "title")
        made = post_of(row, partner_id)
        made.acting = False
        label = _("%(title)s, vacant") % {"title": made.title}
        known = self._known(made, row.values)
        if known is None:
            self._posts[partner_id, names.key(made.title)].append(made)
            return Plan(row, "new", label=label, write={"vacant": partner_id, "post": made.written()})
        changes = differences(known, row.values, _VACANT_FACTS)
        write: dict[str, Any] = {"vacant": partner_id}
        if changes:
            write["post_set"] = change(known, changes, row)
        known.line = row.line
        outcome = "changed" if changes else "same"
        return Plan(row, outcome, label=label, changes=dict(changes), write=write, target_id=known.pk)

    def _known(self, said: Post, values: dict[str, Any]) -> Post | None:
        """The post a row means: one of which it says nothing new, else the first no other row has spoken of."""
        free = [
            post for post in self._posts.get((said.partner_id, names.key(said.title)), ()) if not post.line
        ]
        for post in free:
            if not differences(post, values, _VACANT_FACTS) and (
                not post.is_over() or values.get("starts_on") or values.get("ends_on")
            ):
                return post
        return next((post for post in free if not post.is_over()), None)
