"""Posts as rows of a list of people speak of them: held by someone, or vacant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.profiles import Row
from comity.partners import names
from comity.partners.models import Position

POST_FACTS = ("title", "function", "acting", "shared", "starts_on", "ends_on")
# What a post is where a row does not say; a title nobody gave is that of its function.
_DEFAULTS: dict[str, Any] = {
    "function": Position.Function.OTHER.value,
    "acting": False,
    "shared": False,
    "starts_on": None,
    "ends_on": None,
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
    """A post as the database holds it, its facts in the order of POST_FACTS."""
    plain: list[Any] = [one.isoformat() if isinstance(one, date) else one for one in facts]
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
