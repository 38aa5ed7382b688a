"""What can be imported. A noun whose lists come in has a profile among its traits; imports knows no domain.

A profile names its fields and gives a `Handler`, which decides row by row what becomes of the file (plan), and
writes it in three steps that keep both promises of an import, together or not at all and no lock longer than
two seconds: beside the live rows in chunks (prepare), then all at once (commit). See docs/decisions/imports.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import Form

from comity.access import Capability, Viewer
from comity.imports.parsing import Lookup, Parser, text
from comity.nouns import Named, Words, all_of, named

if TYPE_CHECKING:
    from comity.imports.models import Import, ImportRow

LEAVE_OUT = "-"  # said instead of a value: rows that have it are set aside


@dataclass(frozen=True)
class Field:
    """One thing a row may say.

    synonyms   other headers people give it; compared without case, space and signs
    many       several columns may be mapped to it (its parser gives a list)
    lines      its text may have several lines
    choices    value -> label, for a field whose values are few; what a cell says is matched to them
    spellings  what other people call a choice: spelling -> value
    otherwise  the value of what matches no choice; without it such a row is set aside
    names      the rows a cell may name; its value is the key of one
    reads      tells which choice a cell is, where its words alone do not ("4.0" of a scale); raises CellError
    assumed    whether it may be said what holds for rows that say nothing of it
    column     the one column it is made of; nothing but a person maps it
    tells      whether it tells which record a row means: then a header that is only nearly its name is not taken for it
    strict     whether a row is set aside where its cell cannot be read; else that cell is left out, and this is said
    words      says the value of a record, where it is not for people as it is kept
    """

    key: str
    label: Words
    help: Words = ""
    parse: Parser = field(default_factory=lambda: text(300))
    synonyms: Sequence[str] = ()
    required: bool = False
    many: bool = False
    lines: bool = False
    choices: Callable[[], Mapping[str, Words]] | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    names: Lookup | None = None
    reads: Parser | None = None
    assumed: bool = True
    column: str = ""
    tells: bool = False
    strict: bool = False
    words: Callable[[Any], str] | None = None


@dataclass(slots=True)
class Row:
    """One row of the file, its cells understood: only fields the row says something of are in `values`.

    notes    what was left out of it, in sentences
    partly   of which fields, or in which columns, that was
    problem  why the file does not tell what it says
    """

    line: int
    cells: list[str]
    values: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)
    problem: str = ""

    def leave_out(self, where: str, sentence: str) -> None:
        """The row is kept without what it says there."""
        self.notes.append(sentence)
        self.partly.append(where)


@dataclass(slots=True)
class Plan:
    """What becomes of one row.

    outcome  "new", "changed", "same" or "set_aside"
    label    what the row is about, for the reader of the preview
    changes  field -> [old, new], as shown; nothing else is ever written
    write    what `prepare` and `commit` need, as plain values
    field    the field at fault, when set aside
    reason   why it is set aside, or a note
    """

    row: Row
    outcome: str
    label: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    write: dict[str, Any] = field(default_factory=dict)
    target_id: int | None = None
    field: str = ""
    reason: str = ""


@dataclass(slots=True)
class Staged:
    """A plan as it was staged: an ImportRow without what writing does not need."""

    pk: int
    line: int
    outcome: str
    write: dict[str, Any]
    changes: dict[str, list[Any]]
    label: str
    target_id: int | None


@dataclass(frozen=True)
class Act:
    """One line of the trail an import writes."""

    target_kind: str
    target_id: int
    target_label: str
    made: bool
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    partner_id: int | None


class Handler:
    """How the room that owns a profile plans, writes and takes back its rows. What one need not do stays as it is here.

    keeps_rows  whether an applied import keeps its file and rows, and needs them to be undone
    """

    keeps_rows = True

    def fingerprint(self) -> str:
        """A text that differs as soon as anything a plan depends on has changed."""
        raise NotImplementedError

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        """What becomes of each row, one plan for every row. Reads only."""
        raise NotImplementedError

    def begin(self, batch: Import) -> None:
        """Ready the first step: called once, in a transaction of its own, after any earlier try was discarded."""

    def prepare(self, batch: Import, rows: Sequence[Staged]) -> None:
        """Write a chunk of rows beside the live ones, where nobody sees them. In a transaction."""

    def hold(self) -> None:
        """Called first in the transactions of `commit` and `revert`: the locks that keep their checks true."""

    def commit(self, batch: Import) -> None:
        """Make everything prepared real, at once. Raises DomainError if what was shown holds no more."""
        raise NotImplementedError

    def discard(self, batch: Import) -> bool:
        """Remove some of what was prepared, in a transaction; True while there is more."""
        return False

    def acts(self, batch: Import, rows: Sequence[Staged]) -> list[Act]:
        """What the trail says of applied rows."""
        return []

    def obstacles(self, batch: Import) -> list[str]:
        """What was built on an applied import and stands in the way of undoing it, each as a sentence."""
        raise NotImplementedError

    def revert(self, batch: Import) -> None:
        """Take an applied import back, at once: made rows out of sight (`discard` removes them), others as before."""
        raise NotImplementedError

    def finished(self, batch: Import) -> None:
        """After everything, applied or undone: what follows from it (looking for duplicates, counting).

        In no transaction, and a second time if it was killed.
        """


@dataclass(frozen=True)
class Step:
    """What to do after an import: why, in a sentence, and where it is done."""

    says: str
    label: str
    url: str


@dataclass(frozen=True)
class Profile(Named):
    """A kind of list that can be imported, told by the noun its rows are of.

    key      as the command says it, and as imports keep it: "partners"
    label    what the rows are
    to       who may import such a list; they also need `imports.IMPORT`
    handler  makes what plans, writes and takes back one import
    link     the page of the record a row made or changed
    about    a form: what has to be said of a file before it is read; what it gives is kept on the import, as JSON
    told     the same list as what was said of a file makes it, with fields and a handler of its own
    check    refuses a mapping, header -> field; raises DomainError
    whole    whether a column of which nothing is understood is refused, and not only the rows it stands in
    page     the page of what an applied import made as a whole
    steps    what to do after one was applied
    """

    key: str
    label: Words
    to: Capability
    fields: Sequence[Field]
    handler: Callable[[], Handler]
    link: Callable[[ImportRow], str]
    about: type[Form] | None = None
    told: Callable[[Import], Profile] | None = None
    check: Callable[[Mapping[str, str]], None] | None = None
    whole: bool = False
    page: Callable[[Import], str] | None = None
    steps: Callable[[Import], Sequence[Step]] | None = None

    def field(self, key: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for one in self.fields:
            if one.key == key:
                return one
        raise KeyError(key)

    def has(self, key: str) -> bool:
        return any(one.key == key for one in self.fields)


def profile(key: str) -> Profile:
    """Raises KeyError."""
    found = named(Profile, key)
    if found is None:
        raise KeyError(key)
    return found


def profile_of(batch: Import) -> Profile:
    """The list that an import brings, as what was said of its file makes it."""
    known = profile(batch.profile)
    return known.told(batch) if known.told and batch.about else known


def profiles_for(user: Viewer) -> list[Profile]:
    """The lists this person may import."""
    return [one for one in all_of(Profile) if user.can(one.to)]
