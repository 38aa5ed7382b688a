"""How much is asked: in `make test-all` (SUITE_ALL=1) every role of every address, every look of every page."""

from __future__ import annotations

import os

ALL = bool(os.environ.get("SUITE_ALL"))
