"""What this room says of its nouns: what is issued never changes."""

from __future__ import annotations

from comity.billing.models import Bill, Line, Run
from comity.editing.final import Final, unchanged
from comity.usage.models import Period

ISSUED = "OLD.issued_at IS NOT NULL"

NOUNS = (
    Final(Run, "issued", after=ISSUED, sentence="An issued bill run cannot be changed."),
    Final(Bill, "issued", after=ISSUED, sentence="An issued bill cannot be changed."),
    Final(Line, "issued", after=ISSUED, sentence="An issued bill line cannot be changed."),
    Final(
        Line,
        "added",
        after="EXISTS (SELECT 1 FROM billing_bill bill WHERE bill.id = NEW.bill_id AND bill.issued_at IS NOT NULL)",
        sentence="An issued bill takes no more lines.",
        events=("INSERT",),
    ),
    Final(
        Period,
        "closed",
        after=f"OLD.closed_at IS NOT NULL AND NOT ({unchanged(Period)})",
        sentence="A closed billing period cannot be changed.",
        events=("UPDATE",),
    ),
    Final(
        Period,
        "kept",
        after="OLD.closed_at IS NOT NULL",
        sentence="A closed billing period cannot be deleted.",
        events=("DELETE",),
    ),
)
