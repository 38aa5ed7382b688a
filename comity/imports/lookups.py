"""Rows that cells name: a partner by its code or name, somebody of the office by their e-mail address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.imports.parsing import CellError
from comity.nouns import Words
from comity.people.models import User


def plainly(text: str) -> str:
    """Without case and extra space."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Lookup:
    """Which rows may be named, and by what.

    rows     those that may be named
    by       the fields that name one, the surest first: ("code", "name", "aliases__name")
    keys     of a field, what two spellings have in common, where that is more than case and extra space
    unknown  what is said of a name that is none, where there is more to say than that it is not known: %(name)s
    """

    rows: Callable[[], QuerySet[Any]]
    by: Sequence[str]
    keys: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    unknown: Words = ""

    def read(self) -> Names:
        """All names, for one file: a query for each field."""
        return Names(self)

    def words(self, pk: int) -> str:
        """What the row is called."""
        row = self.rows().model._base_manager.filter(pk=pk).first()
        return str(row or pk)


STAFF = Lookup(User.objects.office, by=("email", "name"))


class Names:
    """Every name there is, held in memory while a file is read."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.tables = {field: self._named_by(field) for field in lookup.by}

    def _named_by(self, field: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for pk, name in self.lookup.rows().order_by("pk").values_list("pk", field):
            if name:
                found.setdefault(self._key(field, name), set()).add(pk)
        return found

    def _key(self, field: str, name: str) -> str:
        return self.lookup.keys.get(field, plainly)(name)

    def find(self, said: str) -> int:
        """The row that a cell names. Raises CellError where it is none, or one of several."""
        for by, table in self.tables.items():
            found = table.get(self._key(by, said), set())
            if len(found) > 1:
                raise CellError(
                    _("Several are called “%(name)s”, so we cannot tell which one you mean.")
                    % {"name": said[:100]}
                )
            if found:
                return next(iter(found))
        raise CellError(str(self.lookup.unknown or _("We cannot find “%(name)s”.")) % {"name": said[:100]})
