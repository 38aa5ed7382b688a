"""Writing a list of people: hidden in chunks, then real all at once; and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Model, Sum
from django.db.models.functions import Length

from comity.imports import setwise
from comity.imports.models import Import, ImportRow, StagedChange
from comity.imports.profiles import Act, Plan, Row, Staged
from comity.partners.importing import people_plans
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.people_plans import FACTS
from comity.partners.importing.posts import POST_FACTS
from comity.partners.importing.writing import Change, ListHandler, act_of, stage
from comity.partners.models import ArrivingPosition, Person, Position

PERSON = Person._meta.label
POSITION = Position._meta.label
_ARRIVING = ["import_id", "position_id", "partner", "person_id", *POST_FACTS]


class PeopleHandler(ListHandler):
    model, changes = Person, (Person, Position)

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
        self.insert_hidden(batch, FACTS, ((row.target_id or 0, row.write["person"]) for row in people))
        setwise.insert(
            ArrivingPosition, _ARRIVING, (_arriving(batch, *one) for one in zip(posts, ids, strict=True))
        )
        stage(batch, (change for row in rows for change in _changes(row)))

    def commit(self, batch: Import) -> None:
        super().commit(batch)
        _insert_posts(batch)
        self.touch(batch)

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

    def changed_again(self, batch: Import, model: type[Model]) -> list[int]:
        changed = super().changed_again(batch, model)
        return changed + _changed_posts(batch) if model is Position else changed

    def revert(self, batch: Import) -> None:
        super().revert(batch)
        self.touch(batch)
        setwise.delete(Position.objects.filter(import_id=batch.pk))


def _arriving(batch: Import, row: Staged, pk: int) -> tuple[Any, ...]:
    post = row.write["post"]
    holder = None if "vacant" in row.write else row.target_id
    return (batch.pk, pk, post["partner"], holder, *(post[fact] for fact in POST_FACTS))


def _changes(row: Staged) -> Iterator[Change]:
    yield PERSON, row.target_id, row.write.get("set", {})
    if post := row.write.get("post_set"):
        yield POSITION, post["pk"], post["set"]


def _insert_posts(batch: Import) -> None:
    """All new posts in one statement."""
    columns = ", ".join(
        setwise.column(Position._meta.get_field(name))
        for name in ("id", "partner", "person", "import_id", *POST_FACTS)
    )
    arriving = ", ".join(
        setwise.quote(name) for name in ("position_id", "partner_id", "person_id", "import_id", *POST_FACTS)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {setwise.quote(Position._meta.db_table)} ({columns}) "
            f"SELECT {arriving} FROM {setwise.quote(ArrivingPosition._meta.db_table)} "
            "WHERE import_id = %s ORDER BY id",
            [batch.pk],
        )


def _changed_posts(batch: Import) -> list[int]:
    """The posts the import made that are no longer as it made them."""
    # Equal, where nothing is equal to nothing.
    equals = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    same = " AND ".join(
        f"p.{setwise.quote(name)} {equals} a.{setwise.quote(name)}"
        for name in ("partner_id", "person_id", *POST_FACTS)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.position_id FROM {setwise.quote(ArrivingPosition._meta.db_table)} a WHERE a.import_id = %s "
            f"AND NOT EXISTS (SELECT 1 FROM {setwise.quote(Position._meta.db_table)} p "
            f"WHERE p.id = a.position_id AND {same})",
            [batch.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _act(row: Staged) -> Act:
    post, vacant = row.write.get("post", {}), row.write.get("vacant")
    made = post if vacant else {**row.write.get("person", {}), **({"post": post} if post else {})}
    return act_of(row, POSITION if vacant else PERSON, made, vacant or post.get("partner"))
