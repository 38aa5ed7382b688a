"""Sessions that bring the office's settings along: every page reads both, and so asks once instead of twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from comity.office.memory import remembered
from comity.office.models import Office, SessionWithSettings
from comity.prepared import prepared


class SessionStore(DatabaseStore):
    """Django's sessions in the database; whoever reads one has read the row of the office beside it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return SessionWithSettings

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(_going_on(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        elif (row := vars(found)["office_row"]) is not None:
            remembered("office", lambda: office_of(row))
        return found


@prepared
def _going_on(*, key: Any, now: Any) -> QuerySet[Any]:
    """The session with this key, if it has not ended."""
    return SessionWithSettings.objects.filter(session_key=key, expire_date__gt=now)


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
