"""What every template and every mail may say of the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from comity.office.services import current_office, words


def office(request: HttpRequest | None = None) -> dict[str, Any]:
    """The office, and its word for a partner: `{{ words.partner }}`, `{{ words.Partners }}`."""
    return {"office": current_office(), "words": words()}
