"""Refusals that a page answers with more than a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from comity.core.errors import DomainError

if TYPE_CHECKING:
    from comity.partners.obligations import Open


class StillOpenError(DomainError):
    """A partner cannot be retired without a decision on what is still open with it."""

    def __init__(self, still_open: Sequence[Open]) -> None:
        self.still_open = list(still_open)
        super().__init__(
            _("There is still open: %(what)s. Say what becomes of it.")
            % {"what": "; ".join(each.label for each in self.still_open)}
        )
