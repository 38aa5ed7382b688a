"""How the permission matrix gets at surveys as they are built."""

from __future__ import annotations

from comity.testing.matrix import PersonalSubject, Subject

SUBJECTS: dict[str, Subject | PersonalSubject] = {}
