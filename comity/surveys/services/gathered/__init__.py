"""Answers gathered elsewhere: on paper, in another tool, in the years before. They come in with a file.

A row is known again by what it says (every cell with its header, and how often the same row stood before it in the
file), so that the same file again changes nothing, and a mended or longer one brings only what is new.
"""

from comity.surveys.services.gathered.bringing import IMPORT, Outcome, bring
from comity.surveys.services.gathered.columns import PARTNER, Spec

__all__ = ["IMPORT", "PARTNER", "Outcome", "Spec", "bring"]
