"""How an item, or a process of a partner, is picked by typing."""

from __future__ import annotations

from django.db.models import Q

from comity.applications.models import Item
from comity.business.models import Process
from comity.partners.models import Partner
from comity.ui.pickers import Picker

ITEM = Picker(
    "item",
    rows=lambda user: Item.objects.visible_to(user).standing(),
    find=lambda rows, text: rows.search(text),
    outright=lambda text: Q(name__iexact=text) | Q(external_id__iexact=text),
    label=lambda row: f"{row.name} ({row.external_id})",
    hint=lambda row: row.get_kind_display(),
)


PROCESS = Picker(
    "process",
    rows=lambda user: Process.objects.visible_to(user).select_related("partner"),
    find=lambda rows, text: rows.filter(
        Q(name__icontains=text) | Q(partner__in=Partner.objects.search(text).values("pk"))
    ),
    label=lambda row: f"{row.name} ({row.partner.code or row.partner})",
    order=("partner__sort_name", "name", "pk"),
)
