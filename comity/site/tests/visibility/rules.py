"""For every model that asks `visible_to`: the keys each person must see, by the World and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models

from comity.adoption.models import SHOWN, Adoption, Eligibility
from comity.adoption.models import Step as Taken
from comity.applications.models import Item, Relation, Reliance
from comity.billing.models import Bill, Dispute, Line, PartnerCostCenter, SplitShare
from comity.business.models import Mission
from comity.business.parts import KINDS
from comity.charter.models import Charter
from comity.councils.models import Council, CouncilMeeting, Seat, Topic, Vote
from comity.followups.models import Comment, Step
from comity.health.models import Maturity
from comity.imports.models import Import
from comity.jobs.models import Work
from comity.levels.models import Result
from comity.notifications.models import Notice
from comity.nouns import nouns
from comity.outages.models import Outage
from comity.outbox.models import Message, Suppression
from comity.partners.models import Partner
from comity.people.models import SavedView
from comity.rates.models import RateVersion
from comity.requests.models import ServiceRequest, Threshold
from comity.services.models import Offering, Service
from comity.site.tests.visibility.world import Pk, World
from comity.stakeholders.models import Stakeholder
from comity.surveys.models import (
    Account,
    Deed,
    Mode,
    Participant,
    Response,
    Wave,
)
from comity.tickets.models import Source, Ticket

Rule = Callable[[World, Pk], set[Pk]]


def models_that_ask() -> list[type[models.Model]]:
    """Every model of ours whose rows are asked who may see them; a proxy's rows are those of its model."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("comity.")
        and not model._meta.proxy
        and hasattr(model._default_manager, "visible_to")
    ]


def _every(model: type[models.Model]) -> set[Pk]:
    return set(model._base_manager.values_list("pk", flat=True))


def _office_alone(model: type[models.Model]) -> Rule:
    return lambda world, user: _every(model) if user in world.office else set()


def _in_follow_ups(model: type[models.Model]) -> Rule:
    """Part of a follow-up: seen with it, unless it is the office's own."""

    def rule(world: World, user: Pk) -> set[Pk]:
        seen = world.follow_ups_seen(user)
        rows = model._base_manager.values_list("pk", "follow_up_id", "office_only")
        return {
            pk
            for pk, follow_up, office_only in rows
            if follow_up in seen and (user in world.office or not office_only)
        }

    return rule


def _mail(model: type[models.Model]) -> Rule:
    return lambda world, user: _every(model) if user in world.sees_mail & world.active else set()


def _work(world: World, user: Pk) -> set[Pk]:
    if user in world.sees_work & world.active:
        return _every(Work)
    return {
        pk for pk, owner in Work._base_manager.values_list("pk", "owner") if owner == f"people.User:{user}"
    }


def _imports(world: World, user: Pk) -> set[Pk]:
    """Those of lists that they may import themselves."""
    rows = Import._base_manager.values_list("pk", "profile")
    return {pk for pk, profile in rows if user in world.imports[profile] & world.active}


def _own_notices(world: World, user: Pk) -> set[Pk]:
    return {pk for pk, owner in Notice._base_manager.values_list("pk", "user_id") if owner == user}


def _views(world: World, user: Pk) -> set[Pk]:
    """One's own; within the office those that colleagues who are still there share."""
    rows: Any = SavedView._base_manager.values_list("pk", "owner_id", "shared")
    colleagues = world.office & world.active if user in world.office else set()
    return {pk for pk, owner, shared in rows if owner == user or (shared and owner in colleagues)}


def _waves(world: World, user: Pk) -> set[Pk]:
    """The office every one; others read of those that are closed."""
    if user in world.office:
        return _every(Wave)
    return {pk for pk, state in Wave._base_manager.values_list("pk", "state") if state == Wave.State.CLOSED}


def _answers(world: World, user: Pk) -> set[Pk]:
    """Named ones; of confidential ones those whose author wants to be called, or all for the survey office."""
    if user not in world.office:
        return set()
    rows: Any = Response._base_manager.values_list("pk", "wave__mode", "may_contact")
    knows = user in world.sees_names & world.active
    return {
        pk
        for pk, mode, may_contact in rows
        if mode == Mode.NAMED or (mode == Mode.CONFIDENTIAL and (may_contact or knows))
    }


def _accounts(world: World, user: Pk) -> set[Pk]:
    """The office all; others what is published of waves in which people of their partners were asked."""
    if user in world.office:
        return _every(Account)
    mine, rows = World.partners_of(world, user), Participant._base_manager.values_list("wave", "partner")
    asked = {wave for wave, partner in rows if partner in mine}
    published = Account._base_manager.exclude(published_at=None).values_list("pk", "wave")
    return {pk for pk, wave in published if wave in asked}


def _deeds(world: World, user: Pk) -> set[Pk]:
    """Of the accounts they see, what is said to all and to their own partners."""
    if user in world.office:
        return _every(Deed)
    mine, seen = World.partners_of(world, user), _accounts(world, user)
    rows: Any = Deed._base_manager.values_list("pk", "account", "partner")
    return {pk for pk, account, partner in rows if account in seen and (partner is None or partner in mine)}


def _offerings(world: World, user: Pk) -> set[Pk]:
    """The office all; others those in force that a partner of theirs may have by its kind."""
    if user in world.office:
        return _every(Offering)
    own = Partner._base_manager.filter(pk__in=World.partners_of(world, user)).values_list("kind", flat=True)
    rows: Any = Offering._base_manager.select_related("service").filter(retired_on=None)
    had = {"pilot", "offered", "retiring"}
    return {row.pk for row in rows if row.service.status in had and (not row.kinds or {*row.kinds} & {*own})}


def _services(world: World, user: Pk) -> set[Pk]:
    """The office all; others those of which they may have something."""
    if user in world.office:
        return _every(Service)
    seen = _offerings(world, user)
    rows: Any = Offering._base_manager.values_list("pk", "service")
    return {service for pk, service in rows if pk in seen}


def _rates(world: World, user: Pk) -> set[Pk]:
    """The office all; others those approved, of what they may have."""
    if user in world.office:
        return _every(RateVersion)
    rows: Any = RateVersion._base_manager.exclude(approved_at=None).values_list("pk", "offering")
    offerings = _offerings(world, user)
    return {rate for rate, offering in rows if offering in offerings}


def _nobody(world: World, user: Pk) -> set[Pk]:
    return set()


def _bills(world: World, user: Pk) -> set[Pk]:
    """The office those of runs that stand; others the issued ones of their own partners and of all below these."""
    rows: Any = Bill._base_manager.values_list("pk", "partner", "issued_at", "run__state")
    stand = [row for row in rows if row[3] not in {"running", "dropped"}]
    if user in world.office:
        return {row[0] for row in stand}
    mine = World.partners_of(world, user)
    return {row[0] for row in stand if row[2] and row[1] in mine}


def _of_bills(model: type[models.Model], path: str) -> Rule:
    """Part of a bill, and seen with it."""
    return lambda world, user: set(
        model._base_manager.filter(**{f"{path}__in": _bills(world, user)}).values_list("pk", flat=True)
    )


def _kept_by_partners(model: type[models.Model], path: str) -> Rule:
    """The office every one; others what their own partners and those below keep."""

    def rule(world: World, user: Pk) -> set[Pk]:
        if user in world.office:
            return _every(model)
        mine = World.partners_of(world, user)
        return {pk for pk, partner in model._base_manager.values_list("pk", path) if partner in mine}

    return rule


def _maturity(world: World, user: Pk) -> set[Pk]:
    """The office every rating; others what the side of their own partners said."""
    if user in world.office:
        return _every(Maturity)
    mine = World.partners_of(world, user)
    rows: Any = Maturity._base_manager.filter(side="theirs").values_list("pk", "partner")
    return {pk for pk, partner in rows if partner in mine}


def _items(world: World, user: Pk) -> set[Pk]:
    """The office all; others those of their own partners that are still there."""
    rows = Item._base_manager.values_list("pk", "partner", "gone_at")
    office, mine = user in world.office, World.partners_of(world, user)
    return {pk for pk, partner, gone in rows if office or (gone is None and partner in mine)}


def _relations(world: World, user: Pk) -> set[Pk]:
    """The office all; others those from one of their items to another of theirs."""
    seen, office = _items(world, user), user in world.office
    rows = Relation._base_manager.values_list("pk", "from_item", "to_item")
    return {pk for pk, one, other in rows if office or {one, other} <= seen}


def _outages(world: World, user: Pk) -> set[Pk]:
    """The office all; others those that hit one of their own partners."""
    if user in world.office:
        return _every(Outage)
    mine = World.partners_of(world, user)
    hit = Outage.partners.through._base_manager.values_list("outage", "partner")
    return {outage for outage, partner in hit if partner in mine}


def _charters(world: World, user: Pk) -> set[Pk]:
    """The office every version; others the last one that was endorsed."""
    if user in world.office:
        return _every(Charter)
    endorsed = (
        Charter._base_manager.exclude(endorsed_at=None).order_by("-endorsed_at").values_list("pk", flat=True)
    )
    return set(endorsed[:1])


def _results(world: World, user: Pk) -> set[Pk]:
    """The office what stands; others what closed months came to for their own partners."""
    rows: Any = Result._base_manager.values_list("pk", "partner", "month__stands", "month__frozen_at")
    office, mine = user in world.office, World.partners_of(world, user)
    return {pk for pk, partner, stands, frozen in rows if (stands if office else frozen and partner in mine)}


def _councils(world: World, user: Pk) -> set[Pk]:
    """The office all; others those in which their own partners have, or had, a seat."""
    if user in world.office:
        return _every(Council)
    mine = World.partners_of(world, user)
    return {
        council
        for partner, council in Seat._base_manager.values_list("partner", "council")
        if partner in mine
    }


def _of_councils(model: type[models.Model]) -> Rule:
    """Part of a council, and seen with it."""

    def rule(world: World, user: Pk) -> set[Pk]:
        seen = _councils(world, user)
        return {pk for pk, council in model._base_manager.values_list("pk", "council") if council in seen}

    return rule


def _votes(world: World, user: Pk) -> set[Pk]:
    """The office all; others those of councils they see, once they were put to it."""
    rows = Vote._base_manager.values_list("pk", "council", "opened_at")
    seen, office = _councils(world, user), user in world.office
    return {pk for pk, council, opened in rows if council in seen and (opened or office)}


def _stakeholders(world: World, user: Pk) -> set[Pk]:
    """The office's alone; the sensitive ones of those who may."""
    rows = Stakeholder._base_manager.values_list("pk", "sensitive")
    knows = user in world.sees_sensitive & world.active
    return {pk for pk, sensitive in rows if user in world.office and (knows or not sensitive)}


def _adoptions(world: World, user: Pk) -> set[Pk]:
    """The office all; others those of their own partners, once they were asked for."""
    mine = World.partners_of(world, user)
    asked = set(Taken._base_manager.filter(stage__in=SHOWN).values_list("adoption", flat=True))
    rows = Adoption._base_manager.values_list("pk", "partner")
    return {pk for pk, partner in rows if user in world.office or (partner in mine and pk in asked)}


def _taken(world: World, user: Pk) -> set[Pk]:
    """The steps of those, for others from the request on."""
    seen, both = _adoptions(world, user), {*SHOWN, "no"}
    rows = Taken._base_manager.values_list("pk", "adoption", "stage")
    return {pk for pk, of, stage in rows if of in seen and (user in world.office or stage in both)}


def _eligible(world: World, user: Pk) -> set[Pk]:
    """The office all; others those for a kind of their own partners, of services that can be had."""
    mine = World.partners_of(world, user)
    kinds = set(Partner._base_manager.filter(pk__in=mine).values_list("kind", flat=True))
    offered = set(Service._base_manager.filter(status__in=Service.OFFERED).values_list("pk", flat=True))
    rows = Eligibility._base_manager.values_list("pk", "kinds", "service")
    return {pk for pk, of, what in rows if user in world.office or (kinds & set(of) and what in offered)}


RULES: dict[str, Rule] = {
    **{noun.label: _office_alone(noun.model) for noun in nouns() if noun.office_only},
    "partners.Partner": World.partners_of,
    "partners.Position": World.posts_seen,
    "partners.Person": World.people_seen,
    "partners.Membership": World.accesses_seen,
    "partners.Assignment": World.assignments_seen,
    "followups.FollowUp": World.follow_ups_seen,
    "followups.Step": _in_follow_ups(Step),
    "followups.Comment": _in_follow_ups(Comment),
    "meetings.Meeting": World.meetings_seen,
    "imports.Import": _imports,
    "people.User": World.users_seen,
    "people.SavedView": _views,
    "notifications.Notice": _own_notices,
    "outbox.Message": _mail(Message),
    "outbox.Suppression": _mail(Suppression),
    "jobs.Work": _work,
    "services.Service": _services,
    "services.Offering": _offerings,
    "billing.Bill": _bills,
    "billing.Line": _of_bills(Line, "bill"),
    "billing.Dispute": _of_bills(Dispute, "line__bill"),
    "billing.PartnerCostCenter": _kept_by_partners(PartnerCostCenter, "partner"),
    "billing.SplitShare": _kept_by_partners(SplitShare, "cost_center__partner"),
    "applications.Item": _items,
    "applications.Relation": _relations,
    "applications.Reliance": _kept_by_partners(Reliance, "process__partner"),
    "outages.Outage": _outages,
    "adoption.Adoption": _adoptions,
    "adoption.Step": _taken,
    "adoption.Eligibility": _eligible,
    "business.Mission": _kept_by_partners(Mission, "partner"),
    **{kind.model._meta.label: _kept_by_partners(kind.model, "partner") for kind in KINDS},
    "requests.ServiceRequest": _kept_by_partners(ServiceRequest, "partner"),
    "requests.Threshold": _kept_by_partners(Threshold, "partner"),
    "tickets.Ticket": _kept_by_partners(Ticket, "partner"),
    "tickets.Source": _office_alone(Source),
    "levels.Result": _results,
    "rates.RateVersion": _rates,
    "charter.Charter": _charters,
    "councils.Council": _councils,
    **{model._meta.label: _of_councils(model) for model in (Seat, CouncilMeeting, Topic)},
    "councils.Vote": _votes,
    "stakeholders.Stakeholder": _stakeholders,
    "health.Maturity": _maturity,
    "surveys.Wave": _waves,
    "surveys.Account": _accounts,
    "surveys.Deed": _deeds,
    "surveys.Response": _answers,
    "surveys.Held": _nobody,
}
