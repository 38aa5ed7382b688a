"""One's notices are one's own."""

from __future__ import annotations

from comity.notifications.models import Notice
from comity.people.models import User
from comity.testing.cast import Cast
from comity.testing.matrix import PersonalSubject


def notice_of(cast: Cast, user: User) -> tuple[int]:
    return (
        Notice.objects.create(user=user, kind="test.news", text="Something happened", url="/notices/").pk,
    )


SUBJECTS = {"notifications:open": PersonalSubject(notice_of)}
