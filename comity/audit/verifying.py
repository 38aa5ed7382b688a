"""Proving that the trail is as it was written."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit import guards
from comity.audit.chain import entries_between, sum_of
from comity.audit.models import Block, Entry

MOST_PROBLEMS = 100


@dataclass
class Verification:
    """What was found.

    blocks, entries   how many were read and proved, or not
    unsealed          entries written since the last block; the sealer takes them within a minute or so
    head              the digest of the last block: keep it elsewhere, and a cut tail shows
    problems          what is wrong, in sentences; empty when the trail is whole
    """

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def sentence(self) -> str:
        if not self.ok:
            return ngettext(
                "The trail was tampered with: one problem.",
                "The trail was tampered with: %(n)s problems.",
                len(self.problems),
            ) % {"n": len(self.problems)}
        return _(
            "The trail is intact: %(entries)s entries in %(blocks)s blocks, %(unsealed)s not sealed yet."
        ) % {
            "entries": f"{self.entries:,}",
            "blocks": f"{self.blocks:,}",
            "unsealed": f"{self.unsealed:,}",
        }


def verify(head: str | None = None) -> Verification:
    """Read every sealed entry and prove every block; memory does not grow with the trail.

    head  a digest printed earlier by `comity audit head`; it must still be in the chain, or the end was cut off
    """
    found = Verification()
    seen_head = head is None
    after = 0
    for block in Block.objects.order_by("pk").iterator(chunk_size=1_000):
        _prove(block, after, found)
        after, found.head = max(after, block.last_entry), block.digest
        seen_head = seen_head or block.digest == head
    found.unsealed = Entry.objects.filter(pk__gt=after).count()
    if not seen_head:
        _tell(
            found,
            _("Block %(digest)s is not in the chain: the end was cut off, or the chain was rewritten.")
            % {"digest": head},
        )
    for table in guards.missing(connection):
        _tell(found, _("The database no longer protects %(table)s against changes.") % {"table": table})
    return found


def _prove(block: Block, after: int, found: Verification) -> None:
    """Read a block's entries: all there are between the block before and its end, whatever it says itself."""
    proved = sum_of(entries_between(after, block.last_entry), previous=found.head, sealed_at=block.sealed_at)
    found.blocks += 1
    found.entries += proved.count
    named = {"block": block.pk, "first": block.first_entry, "last": block.last_entry}
    if block.previous != found.head:
        _tell(
            found,
            _("Block %(block)s does not continue the one before it: a block is missing or was moved.")
            % named,
        )
    if proved.count != block.count:
        _tell(
            found,
            _(
                "Block %(block)s sealed %(sealed)s entries, but there are %(n)s (entries %(first)s to %(last)s)."
            )
            % {**named, "sealed": block.count, "n": proved.count},
        )
    elif proved.digest != block.digest or proved.first != block.first_entry:
        _tell(found, _("Something in block %(block)s was changed (entries %(first)s to %(last)s).") % named)


def _tell(found: Verification, problem: str) -> None:
    if len(found.problems) < MOST_PROBLEMS:
        found.problems.append(problem)
