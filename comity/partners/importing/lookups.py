"""How the cells of any list name a partner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.imports.lookups import Lookup
from comity.partners import names
from comity.partners.models import Partner

PARTNER = Lookup(
    Partner.objects.standing,
    by=("code", "fips", "name", "aliases__name"),
    keys={"code": names.code_key, "name": names.key, "aliases__name": names.key},
    unknown=_("We cannot find “%(name)s”."),
)
