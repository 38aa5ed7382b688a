"""Where a virus scanner is put: it is asked of every file before it is kept. See docs/attachments.md."""

from __future__ import annotations

from collections.abc import Callable

Scanner = Callable[[bytes], None]

_scanners: list[Scanner] = []


def register(scanner: Scanner) -> None:
    """Ask `scanner` of every file from now on; it raises DomainError, with a sentence, for one it refuses."""
    _scanners.append(scanner)


def scan(content: bytes) -> None:
    """Ask every scanner. Raises DomainError."""
    for scanner in _scanners:
        scanner(content)
