"""Whether a row speaks of a partner of its name elsewhere: a state has dozens of townships of one name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.profiles import Row
from comity.partners import names
from comity.partners.importing.directory import AmbiguousError, Body, Directory
from comity.partners.models import Partner

# Of these a state has several of one name.
LOCAL = {kind.value for kind in (Partner.Kind.CITY, Partner.Kind.TOWN, Partner.Kind.DISTRICT)}
_LOCAL_WORDS = {"borough", "city", "district", "town", "township", "twp", "village"}
_COUNTY_WORDS = {"borough", "county", "parish"}


class Places:
    """What is known, and which row speaks for each."""

    def __init__(self, directory: Directory, speaker: Mapping[Body, Row]) -> None:
        self.directory, self.speaker = directory, speaker

    def is_elsewhere(self, body: Body, values: dict[str, Any]) -> bool:
        """Whether a row speaks of another body of this name: in another county, or a local government elsewhere.

        Raises DomainError if only a person can tell.
        """
        if self._counties_differ(body, values):
            return True
        said, place = values.get("place"), body.facts.get("place")
        if not said or not place or body.has("place", said):
            return False
        if {values.get("kind"), body.facts.get("kind")} & LOCAL or _LOCAL_WORDS & set(
            names.key(body.name).split()
        ):
            return True
        raise DomainError(
            _(
                "%(name)s is in %(place)s here, but this row says %(said)s. If it has moved, add its code or change "
                "the place on its page. If it is another one, add the code of each."
            )
            % {"name": body.name, "place": place, "said": said},
            "place",
        )

    def is_surely_there(self, body: Body, values: dict[str, Any]) -> bool:
        county = self._county(values.get("parent", ""))
        return bool(
            (body.facts.get("place") and "place" in values) or (county and county == self._county_of(body))
        )

    def _counties_differ(self, body: Body, values: dict[str, Any]) -> bool:
        said, known = self._county(values.get("parent", "")), self._county_of(body)
        return bool(said and known and said != known and said not in self._counties_merged(body))

    def _counties_merged(self, body: Body) -> set[str]:
        """Of what was made one with it, and what was made one with that."""
        found = {self._county_of(one) for one in body.merged}
        return found.union(*(self._counties_merged(one) for one in body.merged))

    def _county_of(self, body: Body) -> str:
        """The county it is part of, as it stands here, or as its row says."""
        speaker = self.speaker.get(body)
        said = body.parent.name if body.parent else speaker.values.get("parent", "") if speaker else ""
        return self._county(said)

    def _county(self, said: str) -> str:
        """What a county is known by, from its name or code; nothing of what is no county."""
        try:
            county = self.directory.named(said) if said else None
        except AmbiguousError:
            county = None
        name = names.key(county.name if county else said)
        is_one = county is not None and county.facts.get("kind") == Partner.Kind.COUNTY.value
        return name if is_one or _COUNTY_WORDS & set(name.split()) else ""
