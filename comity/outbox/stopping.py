"""The link in a mail by which its reader stops mail of that kind: signed, so it needs neither sign-in nor a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from comity.nouns import Trait, all_of

SALT = "outbox.stop"


@dataclass(frozen=True)
class Wish:
    """Who wants to be sent no more of what, and the language of the mail that said so."""

    address: str
    kind: str
    language: str


def path_for(address: str, kind: str, language: str) -> str:
    """The path of the page where `address` stops mail of a kind."""
    return reverse("outbox:stop", args=[token_for(address, kind, language)])


def token_for(address: str, kind: str, language: str) -> str:
    """What the link of that page ends with."""
    return signing.dumps([address.lower(), kind, language], salt=SALT)


def read(token: str) -> Wish | None:
    """What a link asks for; None for one that we did not write, or that was cut short."""
    try:
        return Wish(*signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


@dataclass(frozen=True)
class SameReader(Trait):
    """Where else somebody is written to today who was known by an address."""

    addresses: Callable[[str], Iterable[str]]


def addresses_of_reader(address: str) -> set[str]:
    """The address, and where else its reader is written to, in small letters: who says stop means all of them."""
    own = address.strip().lower()
    others = (each for same in all_of(SameReader) for each in same.addresses(own))
    return {own, *(each.strip().lower() for each in others if each)}


@dataclass(frozen=True)
class Refusal(Trait):
    """The one answer that every dead link of the site gets, and that counts who tries too many of them."""

    answer: Callable[[HttpRequest], HttpResponse]


def refuse(request: HttpRequest) -> HttpResponse:
    """The answer to a link that is none. Raises Http404 where nobody declared one."""
    for refusal in all_of(Refusal):
        return refusal.answer(request)
    raise Http404
