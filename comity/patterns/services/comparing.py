"""Laying items side by side: their vectors, what is most alike elsewhere, and the groups of the night.

Compared are, of the `NEWEST` follow-ups, those of partners that tell of a problem, `MOST` at most. docs/calculations/likeness.md
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.core import similarity
from comity.followups import kinds
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.imports.setwise import chunks
from comity.patterns.models import Apart, Item, ItemQuerySet, Proposal

if TYPE_CHECKING:
    from comity.people.models import User

NEWEST, MOST, AT_ONCE, PROPOSED = 6_000, 5_000, 1_000, 50
# From so much on, two texts are so much alike.
LIKENESS = ((0.7, _("almost the same words")), (0.5, _("very much alike")), (0.35, _("alike")))
LONGEST_NAME = 120


def problems() -> FollowUpQuerySet:
    """Follow-ups of partners that tell of a problem; a survey as a whole has no partner, and so no part in it."""
    return FollowUp.objects.standing().filter(kind__in=kinds.problems(), partner__isnull=False)


def newest() -> FollowUpQuerySet:
    """Those of them that are compared. The newest are chosen apart, by the index of moments alone, so that it costs little."""
    return problems().filter(pk__in=FollowUp.objects.order_by("-heard_at", "-pk").values("pk")[:NEWEST])


def text_of(follow_up: FollowUp) -> str:
    """What it says of a problem; nothing if its kind tells of none."""
    problem = kinds.get(follow_up.kind).problem
    return problem(follow_up).strip() if problem else ""


def stale() -> FollowUpQuerySet:
    """Those among the newest that were raised or changed since they were last looked at."""
    return newest().exclude(problem__seen=F("version"))


def look_at_new() -> int:
    """Make the vectors of what was raised or changed; how many were looked at."""
    looked_at = 0
    for some in chunks(list(stale().order_by("pk")), AT_ONCE):
        known = dict(Item.objects.filter(pk__in=[row.pk for row in some]).values_list("pk", "text_hash"))
        texts = {row.pk: text_of(row) for row in some}
        hashes = {pk: sha256(text.encode()).hexdigest() for pk, text in texts.items()}
        new = [pk for pk, text_hash in hashes.items() if known.get(pk) != text_hash]
        vectors = dict(zip(new, similarity.embed([texts[pk] for pk in new]), strict=True)) if new else {}
        _keep([row for row in some if row.pk in vectors], hashes, vectors)
        _keep([row for row in some if row.pk not in vectors], hashes, {})
        looked_at += len(some)
    return looked_at


def _keep(rows: Sequence[FollowUp], hashes: dict[int, str], vectors: dict[int, Any]) -> None:
    """Write what was looked at; a vector only where the text is new."""
    Item.objects.bulk_create(
        [
            Item(
                follow_up=row,
                seen=row.version,
                text_hash=hashes[row.pk],
                vector=vectors[row.pk].tobytes() if vectors else b"",
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["follow_up"],
        update_fields=["seen", "text_hash", "vector"] if vectors else ["seen"],
    )


def vectors_of(kept: Sequence[Any]) -> similarity.Vectors:
    """What was kept, as a row for each."""
    import numpy as np

    return np.frombuffer(b"".join(kept), np.float32).reshape(len(kept), -1)


def _compared() -> ItemQuerySet:
    """Items that have a vector, the newest first."""
    return Item.objects.standing().filter(text_hash__gt="", follow_up__partner__isnull=False).order_by("-pk")


def _forget_old() -> None:
    """What is no longer among the newest keeps no vector, and only what is part of a pattern stays an item."""
    old = Item.objects.exclude(follow_up__in=newest().values("pk"))
    old.filter(pattern=None).delete()
    old.exclude(text_hash="").update(vector=b"", text_hash="", seen=0)


@dataclass(frozen=True)
class Alike:
    """Another partner's follow-up, and how much it is alike, in words."""

    follow_up: FollowUp
    likeness: float

    @property
    def words(self) -> Any:
        return next((words for least, words in LIKENESS if self.likeness >= least), _("somewhat alike"))


def most_alike(follow_up: FollowUp, user: User) -> list[Alike] | None:
    """The five of other partners most like it, that nobody has judged yet; None before it is looked at."""
    own = Item.objects.filter(pk=follow_up.pk).first()
    if own is None or not own.vector:
        return None
    pairs = Apart.objects.filter(Q(first=follow_up) | Q(second=follow_up)).values_list("first", "second")
    judged = {pk for pair in pairs for pk in pair} | {follow_up.pk}
    rows = _compared().exclude(pattern=own.pattern_id) if own.pattern_id else _compared()
    found = rows.values_list("pk", "follow_up__partner", "vector")[:MOST]
    kept = [(pk, partner, vector) for pk, partner, vector in found if pk not in judged]
    matrix = vectors_of([own.vector, *(vector for _pk, _partner, vector in kept)])
    owners = [follow_up.partner_id, *(partner for _pk, partner, _vector in kept)]
    least = similarity.IN_SPANISH if similarity.is_spanish(text_of(follow_up)) else similarity.SHOWN
    near = similarity.most_alike(matrix, owners, [0], at_least=least)[0]
    likeness = {kept[one.row - 1][0]: one.likeness for one in near}
    seen = FollowUp.objects.visible_to(user).filter(pk__in=likeness)
    alike = [Alike(row, likeness[row.pk]) for row in seen.select_related("partner", "problem__pattern")]
    return sorted(alike, key=lambda each: -each.likeness)


def name_of(terms: Iterable[str], otherwise: str) -> str:
    """What a group is called until a person names it."""
    words = ", ".join(terms) or otherwise
    return f"{words[:1].upper()}{words[1:]}"[:LONGEST_NAME]


def name_for(rows: Sequence[FollowUp]) -> str:
    """What a pattern of these few may be called."""
    import numpy as np

    texts = [text_of(row) for row in rows]
    name = similarity.named(texts, np.zeros((len(rows), 1), np.float32), [range(len(rows))])[0]
    return name_of(name.terms, rows[0].title)


def regroup() -> int:
    """Propose what may be patterns among items that are in none; how many. What was dismissed does not come back."""
    look_at_new()
    _forget_old()
    items = list(_compared().filter(pattern=None).select_related("follow_up")[:MOST])
    if not items:
        return _propose([])
    rows = [item.follow_up for item in items]
    vectors, owners = vectors_of([item.vector for item in items]), [row.partner_id for row in rows]
    texts = [text_of(row) for row in rows]
    groups = _not_judged(rows, _groups(texts, vectors, owners))
    named = similarity.named(texts, vectors, groups)
    found = [
        (
            Proposal(
                name=name_of(name.terms, rows[name.central].title),
                quote=texts[name.central],
                partner_count=len({owners[at] for at in group}),
                item_count=len(group),
            ),
            {rows[at].pk for at in group},
        )
        for name, group in zip(named, groups, strict=True)
    ]
    return _propose(found[:PROPOSED])


def _groups(texts: Sequence[str], vectors: Any, owners: Sequence[Any]) -> Iterator[list[int]]:
    """The groups of what is said in English, and of what is said in Spanish, which has to be much more alike."""
    spanish = {at for at, text in enumerate(texts) if similarity.is_spanish(text)}
    english = set(range(len(texts))) - spanish
    for each, least in ((sorted(english), similarity.TOGETHER), (sorted(spanish), similarity.IN_SPANISH)):
        for group in similarity.grouped(vectors[each], [owners[at] for at in each], least):
            yield [each[at] for at in group]


def _not_judged(rows: Sequence[FollowUp], groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """The groups without what somebody said is not the same, and without those of which most was dismissed."""
    apart = set(Apart.objects.values_list("first", "second"))
    dismissed = _keys_of(Proposal.objects.exclude(dismissed_at=None)).values()
    found = []
    for group in groups:
        kept: list[int] = []
        for at in group:
            pairs = {tuple(sorted((rows[at].pk, rows[other].pk))) for other in kept}
            if not pairs & apart:
                kept.append(at)
        keys = {rows[at].pk for at in kept}
        of_several = len({rows[at].partner_id for at in kept}) > 1
        if of_several and not any(2 * len(keys & each) >= len(keys) for each in dismissed):
            found.append(kept)
    return sorted(found, key=lambda each: (-len({rows[at].partner_id for at in each}), -len(each)))


def _keys_of(proposals: Any) -> dict[int, set[int]]:
    """By the key of each proposal, those of its follow-ups."""
    found = defaultdict[int, set[int]](set)
    for pk, follow_up in proposals.order_by().values_list("pk", "follow_ups"):
        found[pk].add(follow_up)
    return found


@transaction.atomic
def _propose(found: Sequence[tuple[Proposal, set[int]]]) -> int:
    """Let these be the open proposals. One that is there already stays, so that its address does."""
    there = {frozenset(keys): pk for pk, keys in _keys_of(Proposal.objects.open()).items()}
    stay = {there[frozenset(keys)] for _proposal, keys in found if frozenset(keys) in there}
    Proposal.objects.open().exclude(pk__in=stay).delete()
    for proposal, keys in found:
        if frozenset(keys) not in there:
            proposal.save()
            proposal.follow_ups.set(keys)
    return len(found)
