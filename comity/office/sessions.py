"""Sessions that bring the office's settings along: every page reads both, and so asks once instead of twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from comity.office.memory import remembered
from comity.office.models import Office, SessionWithSettings


class SessionStore(DatabaseStore):
    """Django's sessions in the database; whoever reads one has read the row of the office beside it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return SessionWithSettings

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # unknown to the stubs
        if found is not None and (row := vars(found)["office_row"]) is not None:
            remembered("office", lambda: office_of(row))
        return found


def office_of(row: dict[str, Any] | str) -> Office:
    """The office from its row as the database writes it as JSON."""
    values = json.loads(row) if isinstance(row, str) else row
    if isinstance(values["languages"], str):  # SQLite keeps JSON as text, and text within JSON stays text
        values["languages"] = json.loads(values["languages"])
    if values["set_up_at"] is not None:
        moment = datetime.fromisoformat(values["set_up_at"])
        values["set_up_at"] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    office = Office(**values)
    office._state.adding = False
    office._state.db = "default"
    return office
