"""How the permission matrix gets a charter: nobody's but the office's; partners read the one in force on a page of its own."""

from __future__ import annotations

from comity.charter.models import Charter
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _draft(cast: Cast, _partner: Partner) -> Arguments:
    """A draft, which only the office sees."""
    found, _made = Charter.objects.get_or_create(
        endorsed_at=None, defaults={"purpose": "To be there.", "bridge": "ours", "written_by": cast.cora}
    )
    return (found.pk,)


SUBJECTS = {f"charter:{name}": Subject(_draft, office_only=True) for name in ("charter", "endorse")}
