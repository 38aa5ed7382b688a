"""If an item goes down: what falls and why, whose work stops, in which season, and whom to call. And what one stands on."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Max, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.business.services import Near, near
from comity.core.impact import Fall, Need, Needs
from comity.office.services import today
from comity.partners.models import Assignment, Partner, Position
from comity.people.models import User

CALLED = 3  # of a partner's people, whom to call first
_CHUNK = 5_000  # keys of one question
_kept: list[tuple[tuple[Any, ...], Needs]] = []  # the map as it was last read, under what tells its state


def needs() -> Needs:
    """The whole map, read once for each state of it; within a transaction always anew, as that may never come true."""
    state = _state()
    if not connection.in_atomic_block and _kept and _kept[0][0] == state:
        return _kept[0][1]
    gc.disable()  # it would look through a million new parts again and again, and find nothing to free
    try:
        found = _read()
    finally:
        gc.enable()
    if not connection.in_atomic_block:
        _kept[:] = [(state, found)]
    return found


def _state() -> tuple[Any, ...]:
    """What differs as soon as a relation, a type or whether an item stands has changed: all of them count their changes."""
    told = {"count": Count("pk"), "last": Max("pk"), "versions": Sum("version")}
    gone = Item.objects.exclude(gone_at=None).aggregate(count=Count("pk"), which=Sum("pk"))
    return tuple(
        value
        for found in (Relation.objects.aggregate(**told), RelationType.objects.aggregate(**told), gone)
        for value in found.values()
    )


def _read() -> Needs:
    """Single relations go as pairs from the database into the map; before them the others, row by row, into needs of several.

    A change between the two is seen by whoever asks next: it is not in the state under which the map is kept.
    """
    gone = set(Item.objects.exclude(gone_at=None).order_by().values_list("pk", flat=True))
    first = When(type__suffers="from", then="from_item_id"), When(type__suffers="from", then="to_item_id")
    rows: Any = Relation.objects.filter(type__suffers__in=("from", "to")).order_by()
    rows = rows.annotate(
        item=Case(first[0], default="to_item_id"), under=Case(first[1], default="from_item_id")
    )
    single = Q(group="", type__min_up=None)
    several: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    least: dict[tuple[int, int, str], int] = {}
    columns = ("item", "under", "type_id", "group", "min_up", "type__min_up")
    of_several = rows.exclude(single).order_by("pk").values_list(*columns)
    for item, under, type_id, group, min_up, of_type in of_several.iterator():
        if item in gone or under in gone:
            continue
        key = (item, type_id, group)
        several[key].append(under)
        wanted = min_up if group else of_type
        if wanted and wanted > least.get(key, 0):
            least[key] = wanted
    redundant = []
    whole = []  # of which all must run; a source may have taken some away
    for key, on in several.items():
        if 0 < least.get(key, 0) < len(on):
            redundant.append(Need(key[0], tuple(on), least[key]))
        else:
            whole += [(key[0], under) for under in on]
    alone = rows.filter(single).values_list("item", "under").iterator()
    return Needs(chain(filter(gone.isdisjoint, alone), whole), redundant)


def _chunked(rows: QuerySet[Any], name: str, keys: Iterable[int]) -> Iterator[Any]:
    """Rows of which a field is among very many keys."""
    every = list(keys)
    for at in range(0, len(every), _CHUNK):
        yield from rows.filter(**{f"{name}__in": every[at : at + _CHUNK]})


@dataclass(frozen=True)
class Call:
    """Somebody to call; ours: one of our office."""

    name: str
    title: str
    phones: tuple[str, ...]
    ours: bool = False


@dataclass
class Hit:
    """What a partner loses: its processes with the item of each that they need, and its items; near: seasons under way."""

    partner: Partner
    processes: list[Reliance] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def busy(self) -> list[Near]:
        """The seasons that are under way."""
        return [one for one in self.near if one.days <= 0]


@dataclass(frozen=True)
class Answer:
    """What falls with an item, itself included, in the order in which it falls."""

    item: Item
    fall: Fall

    @cached_property
    def items(self) -> Mapping[int, Item]:
        """All that is down, by key, in that order."""
        found = {row.pk: row for row in _chunked(Item.objects.all(), "pk", self.fall.because)}
        return {pk: found[pk] for pk in self.fall.because if pk in found}

    @property
    def down(self) -> list[Item]:
        """All that falls with it."""
        return [row for pk, row in self.items.items() if pk != self.item.pk]

    @property
    def applications(self) -> list[Item]:
        """The applications among all that is down; itself too, if it is one."""
        return [row for row in self.items.values() if row.kind == Item.Kind.APPLICATION]

    def why(self, pk: int) -> list[str]:
        """The reason for one, from the item on; where several together felled the next, all of them."""
        steps = self.fall.chain(pk)
        return [self._names(self.fall.because[after]) for after in steps[1:]] + [str(self.items[pk])]

    def _names(self, keys: Iterable[int]) -> str:
        return " + ".join(str(self.items[key]) for key in keys)

    @cached_property
    def hits(self) -> list[Hit]:
        """Whom it hits: those in their season first, then those with the most processes."""
        found: dict[int, Hit] = {}
        relied = Reliance.objects.select_related("process__partner")
        for row in _chunked(relied, "item", self.items):
            partner = row.process.partner
            found.setdefault(partner.pk, Hit(partner)).processes.append(row)
        owned = defaultdict(list)
        for item in self.items.values():
            if item.partner_id:
                owned[item.partner_id].append(item)
        for partner in _chunked(Partner.objects.all(), "pk", owned):
            found.setdefault(partner.pk, Hit(partner)).items = owned[partner.pk]
        day = today()
        partners = [hit.partner for hit in found.values()]
        calls = _calls(partners)
        for key, seasons in near(partners, day).items():
            found[key].near, found[key].calls = seasons, calls[key]
        order = lambda hit: (not hit.busy, -len(hit.processes), hit.partner.sort_name, hit.partner.pk)  # noqa: E731
        return sorted(found.values(), key=order)

    @property
    def processes(self) -> list[Reliance]:
        return [row for hit in self.hits for row in hit.processes]

    def plain(self) -> dict[str, Any]:
        """As scripts read it; these keys stay."""
        return {
            "item": self.item.external_id,
            "down": [row.external_id for row in self.down],
            "applications": [row.external_id for row in self.applications],
            "processes": [str(row.process) for row in self.processes],
            "partners": [
                {"code": hit.partner.code, "contacts": [asdict(call) for call in hit.calls]}
                for hit in self.hits
            ],
        }


def if_down(item: Item) -> Answer:
    """What falls with it."""
    return Answer(item, needs().fall([item.pk]))


def _calls(partners: Sequence[Partner]) -> dict[int, list[Call]]:
    """Whom to call at each of some partners, and of us; two questions."""
    found: dict[int, list[Call]] = {partner.pk: [] for partner in partners}
    posts = Position.objects.current(today()).held().filter(partner__in=partners).select_related("person")
    for post in posts.by_rank():
        person, calls = post.person, found[post.partner_id]
        if person and len(calls) < CALLED and (phones := tuple(filter(None, (person.phone, person.mobile)))):
            calls.append(Call(person.name, post.title, phones))
    ours = Assignment.objects.on(today()).filter(partner__in=partners, role__in=("lead", "backup"))
    for each in ours.select_related("user").order_by("-role", "pk"):
        phones = (each.user.phone,) if each.user.phone else ()
        found[each.partner_id].append(Call(each.user.name, each.get_role_display(), phones, ours=True))
    return found


@dataclass(frozen=True)
class Standing:
    """What an item stands on.

    directly  what it needs itself, each in words: all of one, so many of several
    single    what takes it down alone
    slow      of a process, what comes back later than it can wait, after so many hours; untold: how many of these nobody has said it of
    grounded  whether anything under it is no application: else nobody knows where it runs
    """

    directly: list[tuple[str, list[Item]]]
    count: int
    single: list[Item]
    slow: list[tuple[Reliance, Item, int]]
    untold: int
    grounded: bool


def standing(item: Item, user: User) -> Standing:
    """What it stands on, and what is weak there."""
    every = needs()
    under = every.under(item.pk)
    single = every.single_points(item.pk)
    rows = {row.pk: row for row in _chunked(Item.objects.all(), "pk", [*single])}
    felling = [item, *(rows[pk] for pk in single)]
    waits = item.reliances.visible_to(user).exclude(waits_hours=None).select_related("process__partner")
    back = [(row, row.rto_hours if row.rto_tested_hours is None else row.rto_tested_hours) for row in felling]
    told = [(row, hours) for row, hours in back if hours is not None]
    slow = [(wait, row, hours) for wait in waits for row, hours in told if hours > wait.waits_hours]
    kinds = _chunked(Item.objects.values_list("kind", flat=True), "pk", under)
    return Standing(
        _directly(every.directly_under(item.pk)),
        len(under),
        felling[1:],
        slow,
        len(back) - len(told),
        any(kind != Item.Kind.APPLICATION for kind in kinds),
    )


def _directly(found: Sequence[Need]) -> list[tuple[str, list[Item]]]:
    keys = [pk for need in found for pk in need.on]
    rows = {row.pk: row for row in _chunked(Item.objects.all(), "pk", keys)}
    alone = sorted((rows[need.on[0]] for need in found if len(need.on) == 1), key=lambda row: row.sort_name)
    said = [(_("Each of these must run"), alone)] if alone else []
    for need in found:
        if len(need.on) > 1:
            words = _("%(least)s of these %(count)s must run") % {"least": need.min_up, "count": len(need.on)}
            said.append((words, [rows[pk] for pk in need.on]))
    return said
