"""What the permission matrix has to know of this room's URLs. All are the office's: of those who may import the list."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from comity.imports.models import Import
from comity.imports.profiles import profile
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def an_import(cast: Cast, partner: Any) -> Arguments:
    batch = Import(
        profile="partners",
        file_name=f"{partner.code}.csv",
        headers=["Name"],
        mapping={"Name": "name"},
        state=Import.State.PREVIEW,
        by=cast.ada,
        actor=f"people.User:{cast.ada.pk}",
    )
    batch.file.save("matrix.table", ContentFile(f"Name\n{partner.name}\n".encode()), save=False)
    batch.save()
    return (batch.pk,)


def responses(cast: Cast, partner: Any) -> Arguments:
    """An import about which something has to be said."""
    (pk,) = an_import(cast, partner)
    Import.objects.filter(pk=pk).update(profile="responses", state=Import.State.ABOUT)
    return (pk,)


SUBJECTS = {
    "imports:about": Subject(responses, office_only=True, seen_with=profile("responses").to),
    **{
        f"imports:{name}": Subject(an_import, office_only=True, seen_with=profile("partners").to)
        for name in (
            "detail",
            "reading",
            "columns",
            "values",
            "apply",
            "undo",
            "discard",
            "try_again",
            "set_aside",
        )
    },
}
