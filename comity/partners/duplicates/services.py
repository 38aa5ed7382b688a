"""Making two one, taking that back, and telling two apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.editing.values import plain_values, put
from comity.office.services import today
from comity.outbox.models import Suppression
from comity.outbox.services import stop
from comity.partners import names
from comity.partners.duplicates import moving
from comity.partners.models import Alias, DuplicateKind, LikelyPair, Merge, NotDuplicate, Partner, Person
from comity.partners.models.tree import hold_tree, in_circles
from comity.partners.services.assignments import refresh_leads
from comity.partners.services.registry import search_text_of
from comity.people.models import User

MERGE = "partners.merge"
UNDO_MERGE = "partners.undo_merge"
TELL_APART = "partners.tell_apart"


@dataclass(frozen=True)
class Subject:
    """One kind of record that may be there twice.

    facts  the fields of which a person chooses one side's
    """

    kind: DuplicateKind
    model: type[Partner | Person]
    facts: tuple[str, ...]

    def visible_to(self, user: User) -> Any:
        return self.model.objects.visible_to(user).filter(merged_into=None)

    def address(self, one: int, two: int) -> str:
        """The page that shows two side by side."""
        return reverse(f"partners:compare_{self.kind.value}", args=[one, two])


PARTNERS = Subject(
    DuplicateKind.PARTNER,
    Partner,
    (
        *("name", "code", "kind", "status", "parent", "tier", "headcount", "budget_cents"),
        *("fips", "population", "place", "lies_in", "website", "notes"),
    ),
)
PEOPLE = Subject(
    DuplicateKind.PERSON, Person, ("name", "email", "phone", "mobile", "language", "notes", "left_on")
)
# By these a list knows them: of the two values of such a fact the one that is not kept goes with the tombstone.
KNOWN_BY = frozenset({"name", "code", "fips", "place", "email"})
SUBJECTS = {subject.kind.value: subject for subject in (PARTNERS, PEOPLE)}


@transaction.atomic
def merge(
    subject: Subject, *, survivor_id: int, tombstone_id: int, theirs: Mapping[str, bool], by: User
) -> Merge:
    """Make two one: everything moves to the survivor, the other stays as a tombstone that leads there.

    theirs  facts the survivor takes over from the other one

    Raises DomainError if one of them is no more, or is part of the other in a way that would close a circle.
    """
    if subject is PARTNERS:
        hold_tree()
    survivor, tombstone = _both(subject, survivor_id, tombstone_id)
    before = plain_values(survivor, subject.facts)
    for name in subject.facts:
        if theirs.get(name):
            put(survivor, name, getattr(tombstone, name))
            if name in KNOWN_BY:
                put(tombstone, name, before[name])
    if subject is PARTNERS:
        _mend_parent(survivor, tombstone, before)
    tombstone.merged_into_id = survivor.pk
    tombstone.version += 1
    _named_anew(tombstone)
    tombstone.save()
    moved, ended = moving.move_all(tombstone, survivor, today())
    added: list[int] = []
    if subject is PARTNERS:
        added = _learn_names(survivor, tombstone)
        survivor.last_met_on = max(filter(None, [survivor.last_met_on, tombstone.last_met_on]), default=None)
    survivor.version += 1
    _named_anew(survivor)
    survivor.save()
    made = Merge.objects.create(
        kind=subject.kind,
        survivor_id=survivor.pk,
        tombstone_id=tombstone.pk,
        survivor_name=survivor.name,
        tombstone_name=tombstone.name,
        moved=moved,
        ended=ended,
        added=added,
        before=before,
        after=plain_values(survivor, subject.facts),
        by=by,
    )
    if isinstance(survivor, Person):
        _stop_as_before(tombstone.email, survivor.email, by)
    _settle(subject, survivor, tombstone)
    gone = Q(first_id=tombstone.pk) | Q(second_id=tombstone.pk)
    LikelyPair.objects.filter(gone, kind=subject.kind).delete()
    _record(made, survivor, tombstone, MERGE, by)
    return made


def _both(subject: Subject, survivor_id: int, tombstone_id: int) -> tuple[Any, Any]:
    rows = {
        row.pk: row
        for row in subject.model.objects.standing()
        .select_for_update()
        .filter(pk__in=[survivor_id, tombstone_id])
        .order_by("pk")
    }
    if len(rows) != 2:
        raise DomainError(_("One of the two no longer exists."))
    return rows[survivor_id], rows[tombstone_id]


def _mend_parent(survivor: Partner, tombstone: Partner, before: dict[str, Any]) -> None:
    """What is part of the tombstone becomes part of the survivor; nothing may become part of itself."""
    if survivor.parent_id == tombstone.pk:
        survivor.parent_id = tombstone.parent_id
    if survivor.parent_id == survivor.pk:
        survivor.parent_id = before["parent"] if before["parent"] != tombstone.pk else None
    if survivor.parent_id is None:
        return
    above = Partner.objects.at_or_above(Partner.objects.get(pk=survivor.parent_id))
    if above.filter(pk__in=[tombstone.pk, survivor.pk]).exists():
        raise DomainError(
            _("%(one)s is part of %(other)s, with others between them. Change what it is part of first.")
            % {"one": survivor.name, "other": tombstone.name}
        )


def _named_anew(row: Partner | Person) -> None:
    if isinstance(row, Partner):
        row.name_key = names.key(row.name)


def _learn_names(survivor: Partner, tombstone: Partner) -> list[int]:
    """The name and code that are not kept become other names; their ids."""
    known = {names.key(survivor.name), *survivor.aliases.values_list("name_key", flat=True)}
    added = []
    for name in (tombstone.name, tombstone.code):
        key = names.key(name)
        if key and key not in known and name != survivor.code:
            known.add(key)
            added.append(Alias.objects.create(partner=survivor, name=name, name_key=key).pk)
    return added


def _stop_as_before(address: str, kept: str, by: User) -> None:
    """Who asked at the address that is not kept to be sent no more is not written to at the other one either."""
    said = Suppression.objects.filter(address=address.lower(), reason=Suppression.Reason.OPTED_OUT)
    for kind in said.values_list("kind", flat=True) if kept and address else ():
        stop(kept, kind, by=by)


def _settle(subject: Subject, survivor: Any, tombstone: Any) -> None:
    """What is kept beside the rows that moved: words for the index, and since when nobody leads."""
    if subject is not PARTNERS:
        return
    for partner in (survivor, tombstone):
        text = search_text_of(
            partner.aliases.values_list("name", flat=True), partner.domains.values_list("name", flat=True)
        )
        Partner.objects.filter(pk=partner.pk).update(search_text=text)
    refresh_leads(today(), only=[survivor.pk, tombstone.pk])


def _record(made: Merge, survivor: Any, tombstone: Any, action: str, by: User) -> None:
    """Both histories tell it."""
    changed = {name: value for name, value in made.after.items() if made.before.get(name) != value}
    was = {name: made.before.get(name) for name in changed}
    undone = action == UNDO_MERGE
    for target, other in ((survivor, tombstone), (tombstone, survivor)):
        is_survivor = target is survivor
        record(
            by=by,
            action=action,
            target=target,
            before={**((changed if undone else was) if is_survivor else {}), "other": other.pk},
            after={
                **((was if undone else changed) if is_survivor else {}),
                "other": other.pk,
                "into": survivor.pk,
                "moved": {label: len(ids) for label, ids in made.moved.items()},
            },
            partner_id=target.pk if isinstance(target, Partner) else None,
        )


@transaction.atomic
def undo_merge(merge_id: int, *, by: User) -> Merge:
    """Make them two again: what moved goes back, and the survivor's facts are as they were.

    Facts changed by someone since stay as they are now. Raises DomainError if one of the two was made one with
    another since: that has to be undone first.
    """
    hold_tree()
    made = Merge.objects.select_for_update().get(pk=merge_id)
    subject = SUBJECTS[made.kind]
    both = [made.survivor_id, made.tombstone_id]
    later = Merge.objects.standing().filter(kind=made.kind, pk__gt=made.pk)
    if made.undone_at is not None:
        raise DomainError(_("This is already undone."))
    if later.filter(Q(survivor_id__in=both) | Q(tombstone_id__in=both)).exists():
        raise DomainError(_("One of them has since been merged with another. Undo that merge first."))
    survivor = subject.model.objects.select_for_update().get(pk=made.survivor_id)
    tombstone = subject.model.objects.select_for_update().get(pk=made.tombstone_id)
    Alias.objects.filter(pk__in=made.added).delete()
    for name, now in plain_values(survivor, subject.facts).items():
        if now == made.after[name]:
            put(survivor, name, made.before[name])
        if name in KNOWN_BY and made.before[name] != made.after[name]:
            put(tombstone, name, made.after[name])
    _named_anew(survivor)
    _named_anew(tombstone)
    survivor.version += 1
    survivor.save()
    tombstone.merged_into = None
    tombstone.version += 1
    tombstone.save()
    moving.move_back(tombstone, survivor, made.moved, made.ended)
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    _refuse_circle(subject, both)
    _settle(subject, survivor, tombstone)
    _record(made, survivor, tombstone, UNDO_MERGE, by)
    return made


def _refuse_circle(subject: Subject, both: list[int]) -> None:
    """What moved back may have been put elsewhere in the tree meanwhile."""
    if subject is not PARTNERS:
        return
    parts = Partner.objects.filter(Q(pk__in=both) | Q(parent__in=both))
    if in_circles(parts.values("pk")):
        raise DomainError(
            _(
                "Undoing this would make one part of itself, because what they are part of has since "
                "changed. Change that first."
            )
        )


@transaction.atomic
def tell_apart(subject: Subject, one: int, two: int, *, by: User) -> None:
    """These are two; they are not proposed again."""
    first, second = sorted((one, two))
    NotDuplicate.objects.get_or_create(
        kind=subject.kind, first_id=first, second_id=second, defaults={"by": by}
    )
    LikelyPair.objects.filter(kind=subject.kind, first_id=first, second_id=second).delete()
    target = subject.model.objects.get(pk=first)
    record(
        by=by,
        action=TELL_APART,
        target=target,
        after={"other": second},
        partner_id=first if subject is PARTNERS else None,
    )
