"""A command of ours, and then a line that says how much memory it held: `python -m comity.demo.bench.peak import people ...`.

`ru_maxrss` would count what the process that started it held, too.
"""

from __future__ import annotations

import atexit
import runpy
from pathlib import Path


def peak_megabytes() -> float:
    """The most memory that this process has held, of its own."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    atexit.register(lambda: print(peak_megabytes()))
    runpy.run_module("comity.site.cli", run_name="__main__", alter_sys=True)
