"""People as vCards (RFC 2426), for a phone's or a mail program's address book."""

from __future__ import annotations

from collections.abc import Iterable

import vobject

from comity.partners.models import Person, Position


def card_of(person: Person, posts: Iterable[Position]) -> str:
    """One person as a vCard 3.0 with CRLF line ends: name, ways to reach them, the first post they hold.

    Every reader knows 3.0. Notes stay in the office.
    """
    card = vobject.vCard()
    given, _space, family = person.name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    card.add("fn").value = person.name
    card.add("uid").value = f"comity-person-{person.pk}"
    for kind, number in (("WORK", person.phone), ("CELL", person.mobile)):
        if number:
            phone = card.add("tel")
            phone.value, phone.type_param = number, kind
    if person.email:
        email = card.add("email")
        email.value, email.type_param = person.email, "INTERNET"
    for post in list(posts)[:1]:
        card.add("org").value = [post.partner.name]
        card.add("title").value = post.title
    card.add("rev").value = person.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    text: str = card.serialize()
    return text
