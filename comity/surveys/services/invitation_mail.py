"""What an invitation and a reminder say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from comity.outbox import services as outbox
from comity.outbox.kinds import MailKind
from comity.outbox.many import Letter, put_many
from comity.people import tokens
from comity.surveys.models import Participant, Question, Wave
from comity.surveys.services import wording
from comity.surveys.services.audience import INVITATION
from comity.surveys.services.time_estimate import minutes_for

KIND = MailKind(INVITATION, _("Surveys: how we are doing"), may_stop=True)


class Letters:
    """The mail of one wave. A template is rendered once for each language and pile; what is asked is read once."""

    def __init__(self, wave: Wave) -> None:
        self.wave = wave

    def invite(self, people: list[Participant]) -> None:
        """Give each a link of their own and write to them, in the caller's transaction."""
        self._write(people, "surveys/mail/invitation", "invited")

    def remind(self, people: list[Participant], round_: int) -> None:
        """The same once more; the links they had lead nowhere from now on."""
        self._write(people, "surveys/mail/reminder", f"reminded:{round_}")

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.wave.version.questions.all())

    @cached_property
    def link(self) -> list[str]:
        """What stands before and after the token in a link; worked out once, since it takes longer than all else."""
        return outbox.address(reverse("surveys:answer", args=["_"])).rsplit("_", 1)

    def _write(self, people: list[Participant], template: str, what: str) -> None:
        fresh = {person.pk: tokens.new_token() for person in people}
        for language, pile in groupby(sorted(people, key=lambda one: one.language), lambda one: one.language):
            put_many(
                (self._letter(one, fresh[one.pk][0], what) for one in pile),
                kind=INVITATION,
                template=template,
                context=self.context(language),
                language=language,
                wipe_after_sending=True,
            )
        _keep_hashes((token_hash, pk) for pk, (_raw, token_hash) in fresh.items())

    def _letter(self, one: Participant, raw: str, what: str) -> Letter:
        return Letter(
            to=one.email,
            to_name=one.person.name,
            own={"name": one.person.name, "link": raw.join(self.link)},
            key=f"surveys.{what}:{one.pk}",
            about=one,
        )

    def context(self, language: str) -> dict[str, Any]:
        """What is the same for all who read it in a language."""
        version = self.wave.version
        return {
            "wave": self.wave,
            "title": version.said("title", language),
            "intro": version.said("intro", language),
            "minutes": minutes_for(self.questions),
            "rating": _rating(self.questions, language),
        }


def _rating(questions: list[Question], language: str) -> dict[str, Any] | None:
    """The first question, if it can be answered with one click in the mail."""
    first = questions[0] if questions else None
    if first is None or first.kind not in (Question.Kind.RATING, Question.Kind.RECOMMEND):
        return None
    return one_click(first, language)


def one_click(question: Question, language: str) -> dict[str, Any]:
    """A question on a scale as a mail asks it: each choice is a link."""
    with translation.override(language):
        lowest, highest = wording.ends(question)
        choices = [value for value, _words in wording.offered(question, language)]
    return {
        "key": question.key,
        "ask": question.said("ask", language),
        "choices": choices,
        "lowest": lowest,
        "highest": highest,
    }


def _keep_hashes(pairs: Iterable[tuple[str, int]]) -> None:
    """The hash of each link's token, one prepared statement for all: Django's bulk_update takes ten times as long."""
    table = connection.ops.quote_name(Participant._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET token_hash = %s WHERE id = %s", list(pairs))
