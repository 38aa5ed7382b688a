"""Refusals that a page answers with more than a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from comity.core.errors import DomainError

if TYPE_CHECKING:
    from comity.partners.obligations import Open


class ChangedMeanwhileError(DomainError):
    """Someone else saved the row after this person opened it."""

    def __init__(self) -> None:
        super().__init__(_("Someone else changed this while you had it open. Choose what to keep."))


class StillOpenError(DomainError):
    """A partner cannot be retired without a decision on what is still open with it."""

    def __init__(self, still_open: Sequence[Open]) -> None:
        self.still_open = list(still_open)
        super().__init__(
            _("There is still open: %(what)s. Say what becomes of it.")
            % {"what": "; ".join(each.label for each in self.still_open)}
        )


class WrongFactError(DomainError):
    """One fact cannot be as it was given."""

    def __init__(self, fact: str, sentence: str) -> None:
        self.fact = fact
        super().__init__(sentence)
