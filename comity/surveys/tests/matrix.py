"""How the permission matrix gets at what lies in this room: each subject says it of its own URLs."""

from __future__ import annotations

from comity.surveys.tests import (
    matrix_accounts,
    matrix_answering,
    matrix_building,
    matrix_portal,
    matrix_results,
    matrix_waves,
)
from comity.testing.matrix import PersonalSubject, Subject

SUBJECTS: dict[str, Subject | PersonalSubject] = {
    **matrix_building.SUBJECTS,
    **matrix_waves.SUBJECTS,
    **matrix_answering.SUBJECTS,
    **matrix_results.SUBJECTS,
    **matrix_portal.SUBJECTS,
    **matrix_accounts.SUBJECTS,
}
