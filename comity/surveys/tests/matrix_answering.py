"""How the permission matrix gets at the pages on which one answers."""

from __future__ import annotations

from comity.testing.matrix import PersonalSubject, Subject

SUBJECTS: dict[str, Subject | PersonalSubject] = {}
