"""How the permission matrix gets a meeting with a partner."""

from __future__ import annotations

from comity.meetings import services
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _one(cast: Cast, partner: Partner) -> Arguments:
    meeting = services.log_visit(
        partners=[partner],
        by=cast.ana,
        held_on=cast.today,
        title=f"Canary of {partner.name}",
        said=f"Only {partner.name} and our office may read this.",
        office_only=False,
    )
    return (meeting.pk,)


SUBJECTS = {f"meetings:{name}": Subject(_one) for name in ("detail", "edit", "withdraw")}
