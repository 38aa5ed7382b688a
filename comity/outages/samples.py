"""In the State of Franklin: two outages that are over, and maintenance to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from comity.applications.answers import if_down
from comity.applications.models import Item
from comity.outages import services
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Service

SLOW_MAIL, ARRAY, TO_COME = 96, 41, 2  # days ago


def slow_mail(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Nothing of the map: the list of an office that was cut off."""
    began = timezone.now() - timedelta(hours=2)
    values = {
        "what": "Email arrives hours late",
        "service": Service.objects.get(name="Email and office software"),
        "began_at": began,
        "partners": [partners[code] for code in ("DOR", "CHS", "DHS", "PRK")],
    }
    made = services.record(values, by=staff["sam"])
    services.tell(
        made, "The filter at our provider is down. No email is lost; it waits there.", by=staff["kit"]
    )
    said = (
        "The provider put a second filter beside the first. What had waited was delivered within ten minutes."
    )
    services.tell(made, said, by=staff["sam"], over=True)


def array(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """The single point of failure of the map, for the first time."""
    item = Item.objects.get(external_id="sto-0")
    values = {
        "what": "Storage array A is down",
        "item": item,
        "service": Service.objects.get(name="Server hosting"),
        "began_at": timezone.now() - timedelta(hours=3, minutes=20),
        "partners": [hit.partner for hit in if_down(item).hits],
    }
    made = services.record(values, by=staff["sam"])
    services.tell(
        made,
        "A controller failed, and its twin did not take over. The vendor is on the way.",
        by=staff["sam"],
    )
    services.tell(
        made,
        "A new controller is in. We copy back what was written this morning.",
        by=staff["sam"],
        over=True,
    )


def to_come(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """Announced in time."""
    item = Item.objects.get(external_id="clu-2")
    begins = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=9)
    values = {
        "what": "Cluster 3 gets new hosts",
        "item": item,
        "service": Service.objects.get(name="Server hosting"),
        "began_at": begins,
        "ends_at": begins + timedelta(hours=5),
        "planned": True,
        "partners": [hit.partner for hit in if_down(item).hits][:12],
    }
    services.record(values, by=staff["sam"])


STORY = ((SLOW_MAIL, slow_mail), (ARRAY, array), (TO_COME, to_come))
