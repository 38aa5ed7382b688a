"""Files are seen by those who see the row they hang on: here a follow-up of a partner."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.files.base import ContentFile

from comity.files.models import Attachment
from comity.files.tests.samples import PDF
from comity.people.models import User
from comity.testing.cast import Cast
from comity.testing.matrix import NOWHERE, Subject

OWNER = "followups.FollowUp"


def follow_up_of(cast: Cast, partner: Any) -> Any:
    """Raised by the room above, which this one may not know: it is found when the matrix asks."""
    followups = import_module("comity.followups.services")
    return followups.raise_follow_up(
        kind="concern",
        partner=partner,
        title=f"Said by {partner}",
        by=cast.ana,
        raised_by=first_of(cast, partner),
    )


def first_of(cast: Cast, partner: Any) -> User:
    return cast.ben if partner == cast.parks else cast.cy


def attachment_of(cast: Cast, partner: Any) -> tuple[int]:
    attachment = Attachment(
        owner_kind=OWNER,
        owner_id=follow_up_of(cast, partner).pk,
        name=f"{partner}.pdf",
        content_type="application/pdf",
        size=len(PDF),
        sha256="0" * 64,
        added_by=first_of(cast, partner),
    )
    attachment.file.save("kept", ContentFile(PDF))
    return (attachment.pk,)


def raised_it(user: User) -> bool:
    """The office adds to any follow-up and removes any file; of a partner's people whoever raised and attached it."""
    return user.is_office or user.name.startswith(("Ben", "Cy"))


SUBJECTS = {
    "files:download": Subject(attachment_of),
    "files:remove": Subject(attachment_of, may=raised_it),
    "files:restore": Subject(attachment_of, may=raised_it),
    "files:add": Subject(
        lambda cast, partner: (OWNER, follow_up_of(cast, partner).pk), absent=(OWNER, *NOWHERE), may=raised_it
    ),
}
