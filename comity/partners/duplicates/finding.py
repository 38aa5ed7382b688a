"""Looking for pairs in the background: after an import, and every night."""

from __future__ import annotations

from collections import defaultdict

from django.db import models, transaction
from django.utils.translation import gettext as _

from comity import jobs
from comity.core.places import STATES
from comity.imports import setwise
from comity.jobs import Progress
from comity.office.services import current_office, words
from comity.partners import names
from comity.partners.duplicates.pairs import Likely, Pair
from comity.partners.duplicates.people import PersonFacts, likely_people
from comity.partners.duplicates.similarity import BodyFacts, likely_bodies
from comity.partners.importing.directory import standing_partners
from comity.partners.models import DuplicateKind, LikelyPair, NotDuplicate, Person, Position

WORK = "partners.find_duplicates"
MOST = 3_000  # pairs of one kind; the likeliest are kept


def look_again(*, by: models.Model | str) -> None:
    """Look for pairs in the background; called when many rows came in."""
    label = _("Looking for duplicate %(partners)s and people") % {"partners": words().partners}
    jobs.start(WORK, {}, label=label, by=by)


def work(progress: Progress) -> None:
    """The same, watched by the person who asked for it."""
    progress.say(0, 2)
    find_partners()
    progress.say(1, 2)
    find_people()
    progress.say(2, 2)


def find() -> None:
    """Look for all pairs anew. Reads set-wise, compares in memory, and writes the lists in one moment each."""
    find_partners()
    find_people()


def find_partners() -> int:
    """How many pairs of partners were found."""
    bodies = [
        BodyFacts(
            pk,
            body.name,
            list(body.aliases.values()),
            body.code,
            body.fips,
            body.facts["kind"],
            body.facts["place"],
            sorted(body.domains),
            body.parent.name if body.parent else "",
        )
        for pk, body in standing_partners().by_pk.items()
    ]
    state = names.key(current_office().state_name)
    letters = next((one.code.lower() for one in STATES if names.key(one.name) == state), "")
    pairs = likely_bodies(bodies, state, letters)
    return _keep(DuplicateKind.PARTNER, pairs)


def find_people() -> int:
    """How many pairs of people were found."""
    at: dict[int, list[int]] = defaultdict(list)
    posts = Position.objects.exclude(person=None).order_by("pk").values_list("person_id", "partner_id")
    for person_id, partner_id in posts.iterator(chunk_size=5_000):
        if person_id is not None:
            at[person_id].append(partner_id)
    people = [
        PersonFacts(pk, name, email, at.get(pk, []))
        for pk, name, email in Person.objects.standing()
        .order_by("pk")
        .values_list("pk", "name", "email")
        .iterator(chunk_size=5_000)
    ]
    return _keep(DuplicateKind.PERSON, likely_people(people))


@transaction.atomic
def _keep(kind: DuplicateKind, pairs: dict[Pair, Likely]) -> int:
    told_apart = set(NotDuplicate.objects.filter(kind=kind).values_list("first_id", "second_id"))
    kept = sorted(
        ((pair, likely) for pair, likely in pairs.items() if pair not in told_apart),
        key=lambda one: (-one[1].score, one[0]),
    )[:MOST]
    setwise.delete(LikelyPair.objects.filter(kind=kind).order_by())
    LikelyPair.objects.bulk_create(
        [
            LikelyPair(kind=kind, first_id=one, second_id=two, score=likely.score, reasons=likely.reasons)
            for (one, two), likely in kept
        ],
        batch_size=500,
    )
    return len(kept)
