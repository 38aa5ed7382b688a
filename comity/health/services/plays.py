"""The play of each band: a few follow-ups of the office's own, each raised once for a fall."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.followups.notices import ccos
from comity.followups.services import raise_follow_up
from comity.health.models import Snapshot, Started, Step
from comity.health.parts import label
from comity.health.services.evidence import reason
from comity.health.services.reading import KIND
from comity.office import services as office
from comity.partners.models import Partner
from comity.people.models import User
from comity.people.roles import Role

MACHINE = "health"


def _check(step: Step) -> None:
    step.title = step.title.strip()
    if not step.title:
        raise DomainError(_("Say what is to be done."), "title")


STEPS = Keeping(Step, _("a step of a play"), check=_check)


@transaction.atomic
def start(snapshot: Snapshot, *, by: User | None = None, only_by_itself: bool = False) -> list[Started]:
    """Raise the steps of a partner's band that were not raised yet since it came into it; those that were now.

    by              who starts it; nobody, where it starts by itself
    only_by_itself  only those of which the office says so

    Raises DomainError where somebody starts it and nothing is left to raise.
    """
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=snapshot.partner_id)
    done = Started.objects.filter(partner=partner, since=snapshot.since, step__isnull=False)
    steps = Step.objects.filter(band=snapshot.band).exclude(pk__in=done.values("step"))
    rows = [
        _raise(snapshot, step, by) for step in (steps.filter(by_itself=True) if only_by_itself else steps)
    ]
    if by is not None and not rows:
        raise DomainError(_("All of it is begun already."))
    return rows


def _raise(snapshot: Snapshot, step: Step, by: User | None) -> Started:
    made = raise_follow_up(
        kind=KIND,
        partner=snapshot.partner,
        title=step.title,
        said=reason(snapshot) or ", ".join(label(stop) for stop in snapshot.stops),
        by=by or MACHINE,
        source_id=str(snapshot.partner_id),
        source_label=_("Health: %(band)s") % {"band": snapshot.get_band_display()},
        owner=_owner(step, snapshot.partner),
        due_on=office.today() + timedelta(days=step.days),
        office_only=True,
    )
    return Started.objects.create(partner=snapshot.partner, since=snapshot.since, step=step, follow_up=made)


def _owner(step: Step, partner: Partner) -> User | None:
    """Who does it; nobody where nobody leads, so that whoever should find somebody is told."""
    if step.owner == Step.Owner.CCO:
        return next(iter(ccos()), None)
    if step.owner == Step.Owner.CIO:
        return User.objects.active().with_role(Role.CIO).first()
    lead = partner.lead_on(office.today())
    return lead if lead and lead.is_active else None
