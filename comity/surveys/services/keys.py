"""From a link's token to the place of its answer, for anonymous waves. Why it is so: docs/decisions/anonymity.md."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def held_key(token_hash: str) -> str:
    """Under which key the answer given on a link is held while its wave is open.

    token_hash  what the participant keeps of its token (`people.tokens.hash_token`)

    Nobody goes from the one to the other without this installation's secret, which is not in the database.
    """
    return salted_hmac("comity.surveys.held", token_hash, algorithm="sha256").hexdigest()
