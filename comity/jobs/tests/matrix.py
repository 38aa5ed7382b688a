"""How the permission matrix gets someone's work."""

from __future__ import annotations

from comity.jobs.capabilities import VIEW_WORK
from comity.jobs.models import Work
from comity.testing.matrix import Arguments, Cast, PersonalSubject, User


def _work(cast: Cast, user: User) -> Arguments:
    return (Work.objects.create(task="test.work", label="Counting", owner=f"people.User:{user.pk}").pk,)


SUBJECTS = {"jobs:progress": PersonalSubject(_work, overseen_by=VIEW_WORK)}
