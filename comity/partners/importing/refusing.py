"""A row that cannot be taken: which field is at fault, and why, in words."""

from __future__ import annotations


class SetAside(Exception):
    """Raised while a row is planned; its plan then says where and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason
