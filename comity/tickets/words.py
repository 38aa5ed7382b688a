"""What the words of other tools mean here: known of ServiceNow and Jira, and what the office says of each source."""

from __future__ import annotations

import tomllib
from pathlib import Path

from comity.tickets.models import Source

STATE, PRIORITY, HOLD = "state", "priority", "hold_reason"
_FILE = tomllib.loads((Path(__file__).parent / "words.toml").read_text())
COLUMNS: dict[str, list[str]] = _FILE.pop("columns")
HISTORY: dict[str, list[str]] = _FILE.pop("history")
KNOWN: dict[str, dict[str, str]] = {
    kind: {word: value for value, words in table.items() for word in (value, *words)}
    for kind, table in _FILE.items()
}


def meaning(source: Source | None, kind: str, label: str) -> str | None:
    """What a label of a source means: a value of ours, a state with its reason as "on_hold:customer"; None if nobody knows.

    kind  STATE, PRIORITY or HOLD. "1 - Critical" is known by its number as well as by its word
    """
    own = source.labels.get(kind, {}) if source else {}
    said = " ".join(label.split()).casefold()
    words = [said, *(said.split(" - ", 1) if kind == PRIORITY else [])]
    return next((found for word in words if (found := own.get(word) or KNOWN[kind].get(word))), None)
