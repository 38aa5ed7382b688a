"""Writing a list of people: hidden in chunks, then real all at once; and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError
from comity.imports import setwise
from comity.imports.models import Import, ImportRow, StagedChange
from comity.imports.profiles import Act, Plan, Row, Staged
from comity.partners.duplicates import finding
from comity.partners.importing import people_plans
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.references import built_on
from comity.partners.models import ArrivingPosition, Person, Position

PERSON = Person._meta.label
POSITION = Position._meta.label
_STAGED = ["batch", "model", "field", "target_id", "old", "new"]
_MADE = [
    "id",
    "name",
    "email",
    "phone",
    "mobile",
    "language",
    "notes",
    "import_id",
    "arriving",
    "version",
    "created_at",
    "updated_at",
]
_POST = ["title", "function", "acting", "shared", "starts_on", "ends_on"]
_ARRIVING = ["import_id", "position_id", "partner", "person_id", *_POST]


class PeopleHandler:
    """See comity.imports.profiles.Handler."""

    def __init__(self) -> None:
        self.made: dict[int, int] = {}  # line -> id of the person it makes

    def fingerprint(self) -> str:
        people = Person.objects.filter(arriving=False).aggregate(
            Count("pk"), Max("pk"), Sum("version"), Max("updated_at"), Count("merged_into")
        )
        posts = Position.objects.aggregate(
            Count("pk"),
            Max("pk"),
            Sum("person_id"),
            Count("starts_on"),
            Count("ends_on"),
            titles=Sum(Length("title")),
        )
        own = " ".join(str(value) for part in (people, posts) for value in part.values())
        return f"{own} {PartnerHandler().fingerprint()}"

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        return people_plans.plan(rows)

    def begin(self, batch: Import) -> None:
        self.made = {}

    def prepare(self, batch: Import, rows: Sequence[Staged]) -> None:
        people = [row for row in rows if "person" in row.write]
        for row, made in zip(people, setwise.reserve_ids(Person, len(people)), strict=True):
            row.target_id = self.made[row.line] = made
        later = [row for row in rows if "line" in row.write]
        for row in later:
            row.target_id = self.made[row.write["line"]]
        posts = [row for row in rows if "post" in row.write]
        ids = setwise.reserve_ids(Position, len(posts))
        vacant = [(row, made) for row, made in zip(posts, ids, strict=True) if "vacant" in row.write]
        for row, made in vacant:
            row.target_id = made
        targets = [*people, *later, *(row for row, _made in vacant)]
        setwise.set_targets(ImportRow, ((row.target_id, row.pk) for row in targets if row.target_id))
        now = timezone.now()
        setwise.insert(Person, _MADE, (_made(batch, row, now) for row in people))
        setwise.insert(
            ArrivingPosition, _ARRIVING, (_arriving(batch, *one) for one in zip(posts, ids, strict=True))
        )
        setwise.insert(StagedChange, _STAGED, (change for row in rows for change in _changes(batch, row)))

    def hold(self) -> None:
        return

    def commit(self, batch: Import) -> None:
        if setwise.stale_changes(batch.pk, Person) or setwise.stale_changes(batch.pk, Position):
            raise DomainError(_("Someone changed one of these while the file was being applied. Look again."))
        Person.objects.filter(import_id=batch.pk, arriving=True).update(arriving=False)
        setwise.apply_changes(batch.pk, Person)
        setwise.apply_changes(batch.pk, Position)
        _insert_posts(batch)
        _touch(batch)

    def discard(self, batch: Import) -> bool:
        hidden = Person.objects.filter(import_id=batch.pk, arriving=True).order_by("pk")
        posts = ArrivingPosition.objects.filter(import_id=batch.pk).order_by("pk")
        for rows in (hidden, posts):
            ids = list(rows.values_list("pk", flat=True)[: setwise.CHUNK])
            if ids:
                setwise.delete(rows.order_by().filter(pk__gte=ids[0], pk__lte=ids[-1]))
                return True
        setwise.delete(StagedChange.objects.filter(batch=batch))
        return False

    def acts(self, batch: Import, rows: Sequence[Staged]) -> list[Act]:
        return [_act(row) for row in rows if row.target_id and row.outcome != ImportRow.Outcome.SAME]

    def obstacles(self, batch: Import) -> list[str]:
        found = built_on(Person.objects.filter(import_id=batch.pk), batch.pk)
        stale = setwise.stale_changes(batch.pk, Person, back=True) + setwise.stale_changes(
            batch.pk, Position, back=True
        )
        changed = stale + _changed_posts(batch)
        if changed:
            found.append(
                ngettext(
                    "%(n)d value it wrote has been changed again since.",
                    "%(n)d values it wrote have been changed again since.",
                    changed,
                )
                % {"n": changed}
            )
        return found

    def revert(self, batch: Import) -> None:
        setwise.apply_changes(batch.pk, Position, back=True)
        setwise.apply_changes(batch.pk, Person, back=True)
        _touch(batch)
        setwise.delete(Position.objects.filter(import_id=batch.pk))
        Person.objects.filter(import_id=batch.pk).update(arriving=True)

    def finished(self, batch: Import) -> None:
        finding.look_again(by=batch.by or batch.actor)


def _rows(batch: Import, *outcomes: str) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(batch=batch, outcome__in=outcomes).order_by("line")


def _made(batch: Import, row: Staged, now: Any) -> tuple[Any, ...]:
    facts = row.write["person"]
    return (
        row.target_id,
        facts["name"],
        facts.get("email", ""),
        facts.get("phone", ""),
        facts.get("mobile", ""),
        facts.get("language", "en"),
        facts.get("notes", ""),
        batch.pk,
        True,
        1,
        now,
        now,
    )


def _arriving(batch: Import, row: Staged, pk: int) -> tuple[Any, ...]:
    post = row.write["post"]
    holder = None if "vacant" in row.write else row.target_id
    return (batch.pk, pk, post["partner"], holder, *(post[fact] for fact in _POST))


def _changes(batch: Import, row: Staged) -> Iterator[tuple[Any, ...]]:
    for fact, (old, new) in row.write.get("set", {}).items():
        yield (batch.pk, PERSON, fact, row.target_id, _text(old), _text(new))
    if post := row.write.get("post_set"):
        for fact, (old, new) in post["set"].items():
            yield (batch.pk, POSITION, fact, post["pk"], _text(old), _text(new))


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    return None if value is None else str(value)


def _insert_posts(batch: Import) -> None:
    """All new posts in one statement."""
    columns = ", ".join(
        setwise.column(Position._meta.get_field(name))
        for name in ("id", "partner", "person", "import_id", *_POST)
    )
    arriving = ", ".join(
        setwise.quote(name) for name in ("position_id", "partner_id", "person_id", "import_id", *_POST)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {setwise.quote(Position._meta.db_table)} ({columns}) "
            f"SELECT {arriving} FROM {setwise.quote(ArrivingPosition._meta.db_table)} "
            "WHERE import_id = %s ORDER BY id",
            [batch.pk],
        )


def _changed_posts(batch: Import) -> int:
    """How many posts the import made are no longer as it made them."""
    same = " AND ".join(
        f"p.{setwise.quote(name)} {_is()} a.{setwise.quote(name)}"
        for name in ("partner_id", "person_id", *_POST)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {setwise.quote(ArrivingPosition._meta.db_table)} a WHERE a.import_id = %s "
            f"AND NOT EXISTS (SELECT 1 FROM {setwise.quote(Position._meta.db_table)} p "
            f"WHERE p.id = a.position_id AND {same})",
            [batch.pk],
        )
        return int(cursor.fetchone()[0])


def _is() -> str:
    """Equal, where nothing is equal to nothing."""
    return "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"


def _touch(batch: Import) -> None:
    """People whose facts changed get a new version, in one statement; those it made stay as they are."""
    changed = StagedChange.objects.filter(batch=batch, model=PERSON).values("target_id")
    Person.objects.filter(pk__in=changed).exclude(import_id=batch.pk).update(
        version=F("version") + 1, updated_at=timezone.now()
    )


def _act(row: Staged) -> Act:
    assert row.target_id is not None
    made = row.outcome == ImportRow.Outcome.NEW
    if made:
        before, after = None, dict(row.write["post"] if "vacant" in row.write else row.write["person"])
        if "vacant" not in row.write and "post" in row.write:
            after["post"] = row.write["post"]
    else:
        before = {key: old for key, (old, _new) in row.changes.items()}
        after = {key: new for key, (_old, new) in row.changes.items()}
    at = row.write.get("vacant") or row.write.get("post", {}).get("partner")
    kind = POSITION if "vacant" in row.write else PERSON
    return Act(kind, row.target_id, row.label, made, before, after, at)
