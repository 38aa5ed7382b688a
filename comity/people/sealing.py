"""Secrets as they lie in the database: encrypted with the installation's key, so that a copy of the database opens nothing."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes


def keys(purpose: str) -> MultiFernet:
    """One key for each secret key in force, so that the secret key can be changed; another for each purpose."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(purpose, b"", secret=force_bytes(each), algorithm="sha256") for each in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(digest.digest())) for digest in digests])
