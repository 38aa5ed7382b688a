"""Who stands for which part of the office in the State of Franklin."""

from __future__ import annotations

from collections.abc import Mapping

from comity.meetings.models import Function
from comity.meetings.services import name_officers
from comity.partners.models import Partner
from comity.people.models import User

OFFICERS = {
    Function.SERVICES: "sam",
    Function.SOLUTIONS: "kit",
    Function.PROCUREMENT: "ines",
    Function.CUSTOMER: "carla",
}  # nobody stands for risk yet, as in many offices


def officers(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    name_officers({function: staff[key] for function, key in OFFICERS.items()}, by=staff["carla"])
