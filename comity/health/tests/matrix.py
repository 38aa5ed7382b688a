"""How the permission matrix gets what is the office's own of a partner's health, and what the partner itself says."""

from __future__ import annotations

from comity.health.models import Step
from comity.health.services.snapshots import take
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _partner(_cast: Cast, partner: Partner) -> Arguments:
    take(partner)
    return (partner.pk,)


def _step(_cast: Cast, partner: Partner) -> Arguments:
    found, _made = Step.objects.get_or_create(band="watch", title=f"Canary of {partner.name}")
    return (found.pk,)


SUBJECTS = {
    **{
        f"health:{name}": Subject(_partner, office_only=True)
        for name in ("partner", "count", "play", "override", "end_override", "rate")
    },
    **{f"health:{name}": Subject(_step, office_only=True) for name in ("edit_step", "remove_step")},
    "health:portal_rate": Subject(_partner),
}
