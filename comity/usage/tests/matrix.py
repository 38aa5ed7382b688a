"""How the permission matrix gets a file, its source, an account and a meter: no partner's, and so the office's alone."""

from __future__ import annotations

from collections.abc import Callable

from comity.partners.models import Partner
from comity.services.models import Offering
from comity.services.tests.matrix import service_for
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject
from comity.usage.models import Account, Batch, Meter, Source


def _source(cast: Cast, partner: Partner) -> Source:
    return Source.objects.get_or_create(name=f"from-{partner.code.lower()}")[0]


def _batch(cast: Cast, partner: Partner) -> Arguments:
    return (
        Batch.objects.get_or_create(source=_source(cast, partner), name="usage.csv", state="preview")[0].pk,
    )


def _account(cast: Cast, partner: Partner) -> Arguments:
    return (Account.objects.get_or_create(source=_source(cast, partner), name="A1", partner=partner)[0].pk,)


def _meter(cast: Cast, partner: Partner) -> Arguments:
    facts = {"service": service_for(cast, partner), "name": "Metered", "unit": "hour"}
    offering, _made = Offering.objects.get_or_create(code=f"METERED-{partner.code}", defaults=facts)
    return (Meter.objects.get_or_create(source=_source(cast, partner), name="M1", offering=offering)[0].pk,)


_OF: dict[Callable[[Cast, Partner], Arguments], tuple[str, ...]] = {
    _batch: ("batch", "columns", "load", "discard", "set_aside_csv"),
    lambda cast, partner: (_source(cast, partner).pk,): ("source", "edit_source", "mend", "try_again"),
    _account: ("account",),
    _meter: ("meter",),
}
SUBJECTS = {
    f"usage:{name}": Subject(arguments, office_only=True)
    for arguments, names in _OF.items()
    for name in names
}
