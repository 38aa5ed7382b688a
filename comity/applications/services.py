"""Keeping the map by hand, taking it over from another tool, and saying that it is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.applications.models import TO_ITSELF, Item, Relation, RelationType, Reliance
from comity.audit import services as audit
from comity.business.services import may_write
from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.imports import setwise
from comity.people.models import User

CONFIRM = "applications.confirm"
# Parts of what a source calls its classes, and our class; the first that fits.
K = Item.Kind
CLASSES = {
    K.HOST: ("esx", "hyper"),
    K.SERVICE: ("service",),
    K.APPLICATION: ("appl", "business_app"),
    K.DATABASE: ("database", "db_"),
    K.CLUSTER: ("cluster",),
    K.STORAGE: ("storage", "san", "disk"),
    K.SERVER: ("server", "vm_"),
    K.NETWORK: ("net", "router", "switch"),
    K.SITE: ("datacenter",),
}


def check_item(item: Item) -> None:
    """Tidied, and run by one of us. Raises DomainError."""
    for name in ("external_id", "name", "hours", "data_class", "vendor"):
        setattr(item, name, " ".join(getattr(item, name).split()))
    if item.owner and not item.owner.is_office:
        raise DomainError(_("Only someone in our office can run it."), "owner")


def check_relation(relation: Relation) -> None:
    """Tidied, between two, and in a group that can run. Raises DomainError."""
    relation.group = " ".join(relation.group.split())
    if relation.from_item_id == relation.to_item_id:
        raise DomainError(str(TO_ITSELF), "to_item")
    if relation.min_up is not None and not relation.group:
        raise DomainError(_("Name the group of which so many must run."), "group")
    if relation.min_up == 0:
        raise DomainError(_("At least one of a group must run. Leave it empty if all must."), "min_up")


def check_type(type_: RelationType) -> None:
    """Tidied. Raises DomainError."""
    type_.name, type_.reverse = " ".join(type_.name.split()), " ".join(type_.reverse.split())
    if type_.min_up == 0:
        raise DomainError(_("At least one of a group must run. Leave it empty if all must."), "min_up")


def check_groups(*of: Relation) -> None:
    """Whether groups have as many as must run: those of a relation, or all that are kept here. Raises DomainError."""
    rows = Relation.objects.exclude(group="").filter(**({} if of else {"source": ""}))
    for one in of:
        end = "to_item" if one.type.suffers == "to" else "from_item"
        rows = rows.filter(group=one.group, type=one.type, **{end: getattr(one, end)})
    sizes: dict[tuple[int, int, str], list[int]] = {}
    columns = ("from_item", "to_item", "type", "type__suffers", "group", "min_up")
    for first, second, type_, suffers, group, min_up in rows.values_list(*columns):
        size = sizes.setdefault((second if suffers == "to" else first, type_, group), [0, 0])
        size[0], size[1] = size[0] + 1, max(size[1], min_up or 0)
    words = _("“%(item)s” wants %(wanted)s of the group “%(group)s” to run, which has only %(count)s.")
    for (item, _type, group), (count, wanted) in sizes.items():
        if wanted > count:
            said = {"item": Item.objects.get(pk=item), "group": group, "wanted": wanted, "count": count}
            raise DomainError(words % said, "min_up")


class _Relations(Keeping[Relation]):
    """Relations, whose groups are asked once the row is there."""

    @transaction.atomic
    def save(self, form: Any, *, by: Any, **more: Any) -> Relation:
        row = super().save(form, by=by, **more)
        check_groups(row)
        return row


ITEMS = Keeping(Item, _l("an item of the map"), check_item)
RELATIONS = _Relations(Relation, _l("a relation"), check_relation)
TYPES = Keeping(RelationType, _l("a type of relation"), check_type)
RELIANCES = Keeping(Reliance, _l("what a process needs"), partner_id=lambda row: row.process.partner_id)


def may_correct(user: User, item: Item) -> bool:
    """Whether somebody may confirm and correct an item: the office every one; others those of partners they write for."""
    return user.is_office or bool(item.partner and may_write(user, item.partner))


@transaction.atomic
def confirm(item: Item, *, by: User) -> None:
    """Say that what the map knows of an item is right."""
    audit.record(by=by, action=CONFIRM, target=item, partner_id=item.partner_id)
    facts = {"confirmed_at": timezone.now(), "confirmed_by": by}
    Item.objects.filter(pk=item.pk).update(**facts, version=F("version") + 1)


@dataclass
class Taken:
    """What became of a source's rows; problems: those that were left out, by their ids there, and why."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def from_source(
    source: str,
    items: Iterable[Mapping[str, Any]] = (),
    relations: Iterable[Mapping[str, Any]] = (),
    *,
    gone_items: Iterable[str] = (),
    gone_relations: Iterable[str] = (),
) -> Taken:
    """Take over some thousand rows of another tool, by their ids there; the same again changes nothing.

    items      external_id, name, class (as the source calls it), and any more facts of Item by their names, rows by their key
    relations  external_id, from, to (ids of items), type ("Runs on::Runs")
    gone_...   ids of what the source has no longer

    What people have said of an item here stays unless the source says otherwise, and so do groups of relations.
    """
    taken = Taken()
    _take(Item, source, [_item(row) for row in items], taken)
    types = {row.name: row for row in RelationType.objects.all()}
    rows = list(relations)
    ends = {row[end] for row in rows for end in ("from", "to")}
    known = dict(Item.objects.filter(source=source, external_id__in=ends).values_list("external_id", "pk"))
    told = [found for row in rows if (found := _relation(row, known, types, taken))]
    _take(Relation, source, told, taken)
    gone = Item.objects.standing().filter(source=source, external_id__in=list(gone_items))
    gone.update(gone_at=timezone.now(), version=F("version") + 1)
    Relation.objects.filter(source=source, external_id__in=list(gone_relations)).delete()
    return taken


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in row.items() if name != "class"}
    word = str(row.get("class", "")).lower()
    kind = next((kind for kind, parts in CLASSES.items() if any(part in word for part in parts)), K.OTHER)
    return {**said, "name": str(row["name"])[:200] or str(row["external_id"]), "kind": kind, "gone_at": None}


def _relation(
    row: Mapping[str, Any], known: Mapping[str, int], types: dict[str, RelationType], taken: Taken
) -> dict[str, Any] | None:
    one, other = known.get(row["from"]), known.get(row["to"])
    if one is None or other is None:
        absent = row["from"] if one is None else row["to"]
        taken.problems[row["external_id"]] = _("There is no item %(id)s.") % {"id": absent}
    elif one == other:
        taken.problems[row["external_id"]] = _("%(id)s has a relation to itself.") % {"id": row["from"]}
    else:
        name, _colons, reverse = str(row["type"]).partition("::")
        if name not in types:
            undecided = RelationType.Suffers.UNDECIDED
            types[name] = RelationType.objects.create(name=name[:60], reverse=reverse[:60], suffers=undecided)
        facts = {"from_item": one, "to_item": other, "type": types[name].pk}
        return {"external_id": row["external_id"], **facts}
    return None


def _take(model: Any, source: str, rows: list[dict[str, Any]], taken: Taken) -> None:
    """Write what is new or differs; a relation between other ends is another, without the group of the one before."""
    names = sorted({name for row in rows for name in row})
    ids = [row["external_id"] for row in rows]
    found = model.objects.filter(source=source, external_id__in=ids).values("pk", "version", *names)
    known = {row["external_id"]: row for row in found}
    made: dict[Any, Any] = {}
    changes = []
    for row in rows:
        was = known.get(row["external_id"])
        differs = {name: value for name, value in row.items() if was is None or was[name] != value}
        if was is not None and differs:
            changes.append((was["pk"], {**differs, "version": was["version"] + 1}))
        if was is None or (differs and model is Relation):
            facts = {model._meta.get_field(name).attname: value for name, value in row.items()}
            made[row["external_id"]] = model(source=source, **facts)
    before, changed = model.objects.count(), len(changes)
    if model is Relation:
        model.objects.filter(pk__in=[pk for pk, _facts in changes]).delete()
    else:
        setwise.update(model, changes)
    model.objects.bulk_create(made.values(), batch_size=500, ignore_conflicts=model is Relation)
    new = max(0, model.objects.count() - before)
    taken.new, taken.changed = taken.new + new, taken.changed + changed
    taken.same += len(rows) - new - changed
