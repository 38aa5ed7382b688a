"""Which role may do what: the one place where it is said."""

from __future__ import annotations

from comity.people.access import Capability
from comity.people.roles import Role

CAPABILITIES: dict[str, set[Capability]] = {role.value: set() for role in Role}
