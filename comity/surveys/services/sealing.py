"""Where what is held of an anonymous wave lies, and sealing it, so that a copy of the database reads nothing before the wave closes.

A key that leads to nobody is not enough: whoever knows who came when finds the answer by the order in which a database
file lays down rows, or by comparing two backups between which one person answered. Sealed, they find that somebody
answered, not what. docs/decisions/anonymity.md.
"""

from __future__ import annotations

import json
import secrets
import zlib
from base64 import b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.surveys.services.answers import Answers


def held_key(token_hash: str) -> str:
    """Under which key the answer given on a link is held while its wave is open.

    token_hash  what the participant keeps of its token (`people.tokens.hash_token`)

    Nobody goes from the one to the other without this installation's secret, which is not in the database.
    """
    return salted_hmac("comity.surveys.held", token_hash, algorithm="sha256").hexdigest()


# All that is sealed is as long as this, or twice, four times ... as long: long words would be known by their length.
SHORTEST = 512
_LENGTH, _NONCE = 4, 12


class SealedElsewhereError(DomainError):
    """It was sealed under another secret key."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Answers to this survey were given under a different secret key and cannot be read with "
                "this one. Restore the former COMITY_SECRET_KEY. Nothing is lost."
            )
        )


def sealed(answers: Answers, key: str) -> str:
    """The answers as they are kept under `key` (`held_key`); sealed twice they look different."""
    packed = zlib.compress(json.dumps(answers).encode())
    size = SHORTEST
    while size < len(packed) + _LENGTH:
        size *= 2
    filled = (len(packed).to_bytes(_LENGTH, "big") + packed).ljust(size, b"\0")
    nonce = secrets.token_bytes(_NONCE)
    cipher = AESGCM(_secret(settings.SECRET_KEY, key))
    return b64encode(nonce + cipher.encrypt(nonce, filled, key.encode())).decode()


def opened(kept: str | Answers, key: str) -> Answers:
    """What was sealed under `key`; what a former release kept unsealed comes back as it is.

    Raises SealedElsewhereError where none of the secret keys in force opens it.
    """
    if not isinstance(kept, str):
        return kept
    raw = b64decode(kept)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            filled = AESGCM(_secret(secret, key)).decrypt(raw[:_NONCE], raw[_NONCE:], key.encode())
        except InvalidTag:
            continue
        length = int.from_bytes(filled[:_LENGTH], "big")
        found: dict[str, Any] = json.loads(zlib.decompress(filled[_LENGTH : _LENGTH + length]))
        return found
    raise SealedElsewhereError


def _secret(secret: str | bytes, key: str) -> bytes:
    """A key of 256 bits, another for each row."""
    return salted_hmac("comity.surveys.sealed", key, secret=secret, algorithm="sha256").digest()
