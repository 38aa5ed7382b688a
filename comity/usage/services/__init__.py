"""What is done with usage; and what other rooms ask of it."""

from comity.usage.services.months import Counts, counts, digest

__all__ = ["Counts", "counts", "digest"]
