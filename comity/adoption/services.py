"""Taking a step, alone or together with others; who is eligible; and whether those who are billed are known to use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.adoption.capabilities import ASK
from comity.adoption.models import FACTS, NEEDED, SHOWN, TOGETHER, Adoption, Eligibility, Stage, Step
from comity.audit.services import Actor, record, record_many
from comity.billing.models import Line
from comity.core.adoption import BEGINNINGS, FOLLOWS
from comity.core.errors import DomainError
from comity.editing.changing import remove
from comity.editing.keeping import Keeping
from comity.notifications.services import notify
from comity.office.services import today
from comity.partners.models import Membership, Partner
from comity.people.models import User
from comity.services.models import Service

STEP, BACK = "adoption.step", "adoption.back"
MOVED = "adoption.moved"  # the kind of notice
BILLED_FOR = 75  # days before the newest bill that say what is billed now
Pair = tuple[int, int]  # a partner's key, and a service's


class Said(NamedTuple):
    """What is said of a step: its day, its facts as FACTS asks for them, and some words."""

    on: date
    facts: Mapping[str, Any] = {}
    words: str = ""


def begin(service: Service, partner: Partner, stage: str, said: Said, *, by: User) -> Adoption:
    """Write down where a partner stands with a service that it had nothing to do with yet. Raises DomainError."""
    if stage not in (*BEGINNINGS, Stage.REQUESTED):
        raise DomainError(_("It cannot begin with that."), "stage")
    if Adoption.objects.filter(service=service, partner=partner).exists():
        raise DomainError(_("This stands here already. Take the next step there."), "partner")
    row = Adoption(service=service, partner=partner)
    _write([_step(row, stage, said, by)], by=by)
    return row


@transaction.atomic
def step(adoption_id: int, stage: str, said: Said, *, by: User) -> Adoption:
    """Take the next step; those that apply together take an analysis, an offer and an agreement together.

    Whoever says no, or leaves, does so alone. Raises DomainError for a step that cannot follow, and for days out of order.
    """
    row, group = _locked(adoption_id)
    rows = [each for each in group if each.stage == row.stage] if stage in TOGETHER else [row]
    if stage not in FOLLOWS[row.stage]:
        names = {"now": row.get_stage_display(), "then": Stage(stage).label}
        raise DomainError(_("“%(then)s” cannot follow “%(now)s”.") % names)
    if said.on < max(each.since for each in rows):
        raise DomainError(_("This day is before the step that came last."), "on")
    _write([_step(each, stage, said, by) for each in rows], by=by)
    for each in rows:
        _tell(each, by)
    return row


@transaction.atomic
def take_back(adoption_id: int, *, by: User) -> Adoption | None:
    """Undo the step that came last, for all who took it together; None where it was the first. Raises DomainError."""
    row, group = _locked(adoption_id)
    rows = [each for each in group if (each.stage, each.since) == (row.stage, row.since)]
    for each in rows if row.stage in TOGETHER else [row]:
        *before, gone = each.steps.all()
        if not before:
            if each.others.exists():
                raise DomainError(_("Others apply together with %(name)s.") % {"name": each.partner})
            remove(each, by=by, action=BACK)
            return None
        gone.delete()
        each.stage, each.since, each.version = before[-1].stage, before[-1].on, each.version + 1
        each.save()
        was = {"stage": gone.stage, "since": gone.on, "words": gone.words, **gone.facts}
        record(by=by, action=BACK, target=each, before=was, after={"stage": each.stage, "since": each.since})
        _tell(each, by)
    return row


def _locked(adoption_id: int) -> tuple[Adoption, list[Adoption]]:
    """One, and all that apply together with it, itself among them. Raises DomainError."""
    found = Adoption.objects.filter(pk=adoption_id).first()
    if found is None:
        raise DomainError(_("This no longer exists."))
    lead = found.together_id or found.pk
    rows = Adoption.objects.select_for_update(of=("self",)).select_related("service", "partner")
    group = list(rows.filter(Q(pk=lead) | Q(together=lead)).order_by("pk"))
    return next(each for each in group if each.pk == adoption_id), group


def ask(service: Service, partner: Partner, said: Said, *, by: User) -> Adoption:
    """A body asks for a service that it is eligible for. Raises DomainError."""
    if not Eligibility.objects.of(Partner.objects.filter(pk=partner.pk)).filter(service=service).exists():
        raise DomainError(_("%(name)s cannot have this service.") % {"name": partner})
    found = Adoption.objects.filter(service=service, partner=partner).first()
    if found and Stage.REQUESTED not in FOLLOWS[found.stage]:
        raise DomainError(_("It was asked for already: %(stage)s.") % {"stage": found.get_stage_display()})
    if found:
        return step(found.pk, Stage.REQUESTED, said, by=by)
    row = begin(service, partner, Stage.REQUESTED, said, by=by)
    _tell(row, by)
    return row


@transaction.atomic
def add_body(adoption: Adoption, partner: Partner, *, by: User) -> Adoption:
    """Another body applies together with this one, for the same. Raises DomainError."""
    lead = adoption.together or adoption
    last = lead.steps.last()
    if last is None or last.stage != Stage.REQUESTED:
        raise DomainError(_("Others can join a request until it is analyzed."))
    if Adoption.objects.filter(service=lead.service, partner=partner).exists():
        raise DomainError(_("%(name)s stands here already.") % {"name": partner}, "partner")
    row = Adoption(service=lead.service, partner=partner, together=lead)
    _write([_step(row, Stage.REQUESTED, Said(last.on, last.facts, last.words), by)], by=by)
    return row


def _step(row: Adoption, stage: str, said: Said, by: User) -> Step:
    """A step as it will be written. Raises DomainError for a day to come, and for what is missing."""
    if said.on > today():
        raise DomainError(_("This day has not come yet."), "on")
    facts = {name: said.facts.get(name) for name in FACTS.get(stage, {})}
    if missing := [name for name, value in facts.items() if name in NEEDED and value in (None, "")]:
        raise DomainError(_("Enter this."), missing[0])
    given = {name: value for name, value in facts.items() if value not in (None, "")}
    plain = {name: str(value) if isinstance(value, date) else value for name, value in given.items()}
    words = said.words.replace("\0", "").strip()
    return Step(adoption=row, stage=stage, on=said.on, by=by, words=words, facts=plain)


def _act(row: Adoption, before: str) -> dict[str, Any]:
    """A step, as the trail has it."""
    target = {"target_kind": row._meta.label, "target_id": row.pk, "target_label": str(row)[:300]}
    stages = {"before": {"stage": before}, "after": {"stage": row.stage, "since": row.since}}
    return {"action": STEP, "partner_id": row.partner_id, **target, **stages}


@transaction.atomic
def _write(steps: Sequence[Step], *, by: Actor) -> None:
    """Keep steps, where they led, and what the trail says of them; three statements however many there are."""
    rows = [each.adoption for each in steps]
    was = [row.stage for row in rows]
    for each in steps:
        each.adoption.stage, each.adoption.since = each.stage, each.on
        each.adoption.version += 0 if each.adoption._state.adding else 1
    try:
        with transaction.atomic():
            Adoption.objects.bulk_create([row for row in rows if row._state.adding])
    except IntegrityError:
        raise DomainError(_("Someone else just entered the same thing. Look at theirs first.")) from None
    Adoption.objects.bulk_update(rows, ["stage", "since", "version"], batch_size=500)
    Step.objects.bulk_create(steps)
    record_many(by=by, acts=[_act(row, before) for row, before in zip(rows, was, strict=True)])


def _tell(row: Adoption, by: User) -> None:
    """Whoever owns the service, and our contact, hear of a request; a body's people of what becomes of it."""
    if row.stage not in SHOWN:
        return
    at = Membership.objects.standing().filter(partner=row.partner)
    people = list(User.objects.active().filter(memberships__in=at).distinct())
    if row.stage == Stage.REQUESTED:
        people = [one for one in (row.service.owner, row.partner.lead_on(today())) if one]
    url = row.get_absolute_url()
    notify(people, kind=MOVED, text=partial(_sentence, row), url=url, about=row, but_not=by)


def _sentence(row: Adoption) -> str:
    said = {"partner": row.partner, "service": row.service, "stage": row.get_stage_display()}
    return _("%(service)s for %(partner)s: %(stage)s") % said


def may_ask(user: User, partner: Partner) -> bool:
    """Whether somebody may ask in a partner's name: its executive and its IT lead."""
    return Membership.objects.answering_for(partner, ASK).filter(user=user).exists()


def check_eligibility(row: Eligibility) -> None:
    """Tidied, and of known kinds. Raises DomainError."""
    for name in ("condition", "offer", "basis"):
        setattr(row, name, " ".join(getattr(row, name).split()))
    row.kinds = sorted(set(row.kinds))
    if not row.kinds or set(row.kinds) - set(Partner.Kind.values):
        raise DomainError(_("Choose the kinds that can have it."), "kinds")


ELIGIBLE = Keeping(Eligibility, gettext_lazy("who can have a service"), check_eligibility)


def complete_steps() -> None:
    """After a list came in: a step for each adoption whose last one says something else than its row."""
    last = {row: (stage, on) for row, stage, on in Step.objects.values_list("adoption", "stage", "on")}
    rows = Adoption.objects.all()
    new = [row for row in rows if last.get(row.pk) != (row.stage, row.since)]
    Step.objects.bulk_create(Step(adoption=row, stage=row.stage, on=row.since) for row in new)


def check_listed(row: Adoption) -> None:
    """A list says since when; not of a day to come. Raises DomainError."""
    if row.since > today():
        raise DomainError(_("This day has not come yet."), "since")


# --- what bills say ---


def billed() -> dict[Pair, date]:
    """Who was billed for which service in the last months with bills, and the first month of all in which it was."""
    lines = Line.objects.issued().exclude(kind=Line.Kind.ADJUSTMENT).of_partners_now()
    months = {"first": Min("month"), "last": Max("month")}
    rows = list(lines.values_list("now", "offering__service").annotate(**months))
    newest = max((last for _partner, _service, _first, last in rows), default=date.min)
    return {(who, what): first for who, what, first, last in rows if (newest - last).days < BILLED_FOR}


def unrecorded(pairs: Mapping[Pair, date]) -> list[Adoption]:
    """Of those who are billed, who is not known to use it: as it would be written down."""
    known = Adoption.objects.filter(partner__in={partner for partner, _service in pairs})
    there = {(row.partner_id, row.service_id): row for row in known.select_related("service", "partner")}
    missing = [pair for pair in pairs if pair not in there or there[pair].stage != Stage.USING]
    partners = Partner.objects.in_bulk([partner for partner, _service in missing])
    services = Service.objects.in_bulk([service for _partner, service in missing])
    rows = []
    for pair in missing:
        row = there.get(pair) or Adoption(partner=partners[pair[0]], service=services[pair[1]])
        row.since = max(pairs[pair], row.since) if row.pk else pairs[pair]
        rows.append(row)
    return sorted(rows, key=lambda row: (row.service.sort_name, row.partner.sort_name))


def unbilled(pairs: Mapping[Pair, date]) -> list[Adoption]:
    """Who is said to use a service and is not billed, though others of its kind are."""
    kinds = dict(Partner.objects.filter(pk__in=[who for who, _what in pairs]).values_list("pk", "kind"))
    paid = {(kinds[who], what) for who, what in pairs}
    rows = Adoption.objects.in_use().select_related("service", "partner")
    mine = ((row, (row.partner_id, row.service_id)) for row in rows)
    return [row for row, pair in mine if pair not in pairs and (row.partner.kind, row.service_id) in paid]


def record_billed(pairs: Mapping[Pair, date] | None = None, *, by: User) -> int:
    """Write down that those who are billed (all of them, unless given) use what they are billed for; how many that were."""
    missing = unrecorded(billed() if pairs is None else pairs)
    steps = [_step(row, Stage.USING, Said(row.since), by) for row in missing]
    for each in steps:
        each.facts["billed"] = True
    _write(steps, by=by)
    return len(steps)
