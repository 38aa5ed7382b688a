"""Work that comes round by the clock finishes in under a minute each."""

from __future__ import annotations

from time import monotonic

from comity.jobs.registry import recurring

MOST_SECONDS = 60


def measure_jobs() -> bool:
    """Run each recurring job once; whether all were quick enough."""
    print(f"\n{'recurring work':<46}{'seconds':>9}")
    kept = True
    for work in recurring():
        began = monotonic()
        work.function()
        took = monotonic() - began
        kept = kept and took < MOST_SECONDS
        print(f"{work.key:<46}{took:>9.1f}{'' if took < MOST_SECONDS else '   over its bound'}")
    return kept
