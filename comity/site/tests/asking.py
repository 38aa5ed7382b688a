"""Asking addresses of one person, with every method, and judging what is answered.

What should be answered follows from three declarations alone: the view's audience, the roles table, and whose the
object is. Nothing here looks into a view.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from comity.access import Audience
from comity.people.models import User, partner_roles_of
from comity.people.roles import Role
from comity.people.services.sessions import BEGAN, SEEN
from comity.site.roles import CAPABILITIES
from comity.testing import canaries
from comity.testing.matrix import PersonalSubject, Subject
from comity.testing.routes import Route

SAFE = {"GET", "HEAD", "OPTIONS"}
# What a request may write without a person having asked for it: who is signed in where, how often one guessed.
WRITTEN_BY_ITSELF = ("django_session", "usersessions_usersession", "cache", "people_attemptcount")
# On SQLite a transaction waits for whoever is writing, whether it writes or not: a page that is only read needs none.
BEGUN = "(a transaction was begun for nothing)"


@dataclass(frozen=True)
class Question:
    """One request that is asked, and how its answer is to be judged."""

    route: Route
    url: str
    whose: str  # "own", "foreign", "absent", or "" where the URL names no object
    method: str
    way: str = "page"  # or "htmx", or "csv"
    may: bool = True  # whether the row lets this person do what the URL does
    for_some: bool = False  # whether a rule besides role and row decides

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.whose or 'no object'}, {self.way})"


class Answer:
    """What came back, and what had to be written for it."""

    def __init__(self, response: HttpResponseBase | None, error: str, written: list[str]) -> None:
        self.response, self.error, self.written = response, error, written

    @cached_property
    def status(self) -> int:
        return self.response.status_code if self.response is not None else 500

    @cached_property
    def body(self) -> str:
        if self.response is None:
            return ""
        return str(self.response.getvalue().decode("utf-8", "replace"))

    @property
    def is_private(self) -> bool:
        """Whether no cache keeps it; a picture whose address changes with it, and a calendar, may stay in its reader's own."""
        said = self.response.get("Cache-Control", "") if self.response is not None else ""
        kind = str(self.response and self.response.get("Content-Type"))
        return "no-store" in said or kind.startswith("image/") or ("private" in said and "/calendar" in kind)

    @cached_property
    def everything(self) -> str:
        """Body and headers, as whoever looks for a leak would read them."""
        headers = self.response.headers.items() if self.response is not None else []
        return self.body + "\n".join(f"{name}: {value}" for name, value in headers)


class Asker:
    """Asks as one person, undoes whatever came of it, and notes what is wrong with the answers."""

    def __init__(self, user: User | None, partner: str = "") -> None:
        """partner: the code of the one that this person belongs to, if any."""
        self.user, self.partner = user, partner
        self.is_office = user is not None and user.is_office
        # Whose an own object is for someone, and whose a foreign one.
        own, foreign = ("ROADS", "PARKS") if partner == "ROADS" else ("PARKS", "ROADS")
        self.codes = {"own": own, "foreign": foreign}
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
            # A session that is under way, so that being seen is not written down with every answer.
            session = self.client.session
            session[BEGAN], session[SEEN] = int(time.time()), int(time.time()) + 600
            session.save()
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        self.capabilities = _capabilities(user)
        # The canaries that this person must not meet.
        owners = () if self.is_office else ("PARKS", "ROADS", canaries.OFFICE)
        self.foreign_words = [canaries.word(owner) for owner in owners if owner != partner]
        self.faults: list[str] = []
        self.offering_csv: set[str] = set()

    def sort(self, route: Route, subject: Subject | PersonalSubject | None) -> Hashable:
        """All of whom the declarations expect the same answers have the same."""
        needed = route.audience.capability if route.audience else None
        holds = needed is None or needed in self.capabilities
        return self.user is None, self.is_office, holds, self.sees(subject), self.may(subject)

    def sees(self, subject: Subject | PersonalSubject | None) -> bool:
        """Whether an own object is there at all for this person; of one person's, whether everybody's is."""
        if isinstance(subject, PersonalSubject):
            return subject.overseen_by in self.capabilities
        if subject is None or self.user is None:
            return True
        if not self.is_office:
            return not subject.office_only
        return subject.seen_with is None or subject.seen_with in self.capabilities

    def may(self, subject: Subject | PersonalSubject | None) -> bool:
        """Whether the row lets this person do what its address does."""
        return self.user is None or not isinstance(subject, Subject) or subject.may(self.user)

    def answers(self, questions: list[Question]) -> None:
        """Ask those whose answers have to be alike, and judge what comes."""
        answers = {question: self.ask(question) for question in questions if self.is_worth(question)}
        for question, answer in answers.items():
            self.judge(question, answer)
        self.compare(answers)

    def is_worth(self, question: Question) -> bool:
        """Whether an answer could differ: CSV is asked for where the page offers it."""
        return question.way != "csv" or question.url in self.offering_csv

    def ask(self, question: Question) -> Answer:
        """The answer, with whatever came of it undone. Only for GET and POST are templates rendered."""
        with (
            nullcontext() if question.method in {"GET", "POST"} else patch.object(Template, "render", _blank)
        ):
            answer = self._ask(question)
        if question.way == "page" and question.method == "GET" and "format=csv" in answer.body:
            self.offering_csv.add(question.url)
        return answer

    def _ask(self, question: Question) -> Answer:
        written: list[str] = []
        cache.clear()
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        headers = {"HX-Request": "true"} if question.way == "htmx" else {}
        query: dict[str, Any] = {"QUERY_STRING": "format=csv"} if question.way == "csv" else {}
        with transaction.atomic(), connection.execute_wrapper(_noting_writes(written)):
            try:
                response = self.client.generic(
                    question.method,
                    question.url,
                    content_type="application/x-www-form-urlencoded",
                    headers=headers,
                    **query,
                )
                answer = Answer(response, "", written)
                _ = answer.body  # a stream asks the database only as it is read
            except Exception as error:  # noqa: BLE001  (whatever went wrong is what the test reports)
                answer = Answer(None, f"{type(error).__name__}: {error}", written)
            transaction.set_rollback(True)
        return answer

    # --- judging ---

    def judge(self, question: Question, answer: Answer) -> None:
        if answer.error or answer.status >= 500:
            self._fault(question, f"went wrong: {answer.error or answer.status}")
            return
        expected, allowed = self._expected(question)
        if not allowed(answer):
            self._fault(question, f"answered {answer.status}, expected {expected}")
        if self.user and question.method == "GET" and answer.status == 200 and not answer.is_private:
            self._fault(question, "may be kept by a cache that others read")
        if question.method in SAFE and answer.written:
            self._fault(question, f"wrote: {answer.written[0][:100]}")
        for word in self._words_that_leak(question):
            if word in answer.everything.casefold():
                at = answer.everything.casefold().index(word)
                self._fault(question, f"gave away: ...{answer.everything[max(0, at - 60) : at + 60]!r}")

    def _words_that_leak(self, question: Question) -> list[str]:
        """Whoever holds a public link reads what it is about, and still nothing of anybody else."""
        audience = question.route.audience
        if audience and audience.kind == "public" and question.whose in {"own", "foreign"}:
            its_own = canaries.word(self.codes[question.whose])
            return [word for word in self.foreign_words if word != its_own]
        return self.foreign_words

    def _expected(self, question: Question) -> tuple[str, Callable[[Answer], bool]]:
        """What the declarations say, in words and as a check. A method the view does not take may answer 405."""
        audience = question.route.audience or Audience("undeclared")
        if audience.kind == "public":
            return "an answer", lambda answer: answer.status < 500
        if self.user is None:
            return "a way to sign in", _leads_to_sign_in
        if audience.capability is not None and audience.capability not in self.capabilities:
            return "403", lambda answer: answer.status in {403, 405}
        if question.whose in {"foreign", "absent"}:
            return "404", lambda answer: answer.status in {404, 405}
        if not question.may:
            return "403", lambda answer: answer.status in {403, 405}
        if question.for_some:
            return "an answer", lambda answer: answer.status < 500
        if not question.whose and question.method not in SAFE:
            # Its object, if any, would be named in the body, which is empty.
            return "that it may", lambda answer: answer.status not in {401, 403}
        return "that it may", lambda answer: answer.status not in {401, 403, 404}

    def compare(self, answers: dict[Question, Answer]) -> None:
        """A foreign object and one that does not exist are answered alike, to the byte but for tokens."""
        by_whose = {question.whose: (question, answer) for question, answer in answers.items()}
        if "foreign" not in by_whose or "absent" not in by_whose or self.user is None:
            return
        question, foreign = by_whose["foreign"]
        other, absent = by_whose["absent"]
        if (question.route.audience or Audience("undeclared")).kind == "public":
            return
        first, second = _masked(foreign, question.url), _masked(absent, other.url)
        if first != second:
            self._fault(question, f"differs from what is absent: {_difference(first, second)}")

    def _fault(self, question: Question, what: str) -> None:
        self.faults.append(f"{self.user or 'nobody'}: {question}: {what}")


def _capabilities(user: User | None) -> set[Any]:
    """From the roles table alone."""
    if user is None:
        return set()
    roles = [grant.role for grant in user.grants.all()] if user.is_office else partner_roles_of(user)
    return set().union(*(CAPABILITIES[Role(role).value] for role in roles))


def _blank(template: Template, *args: object, **more: object) -> str:
    return ""


def _noting_writes(written: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        start = sql.lstrip()[:200]
        if start.startswith("SAVEPOINT"):
            written.append(BEGUN)
        elif start[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            if any(f'"{table}"' in start for table in WRITTEN_BY_ITSELF):
                written[:] = [each for each in written if each != BEGUN]
            else:
                written.append(start)
        return execute(sql, params, many, context)

    return note


def _leads_to_sign_in(answer: Answer) -> bool:
    sign_in = reverse(settings.LOGIN_URL)
    headers = answer.response.headers if answer.response is not None else {}
    to = headers.get("Location", "") or headers.get("HX-Redirect", "")
    return str(to).startswith(sign_in) or answer.status == 405


TOKEN = re.compile(
    r'(name="csrfmiddlewaretoken" value=")[^"]+|(csrftoken=)[^;]+|(X-CSRFToken[^:]*: *.)[\w-]+'
)


def _masked(answer: Answer, url: str) -> str:
    """An answer without what has to differ: the address itself, and tokens."""
    headers = answer.response.headers.items() if answer.response is not None else []
    kept = "\n".join(f"{name}: {value}" for name, value in headers if name not in {"Content-Length", "Date"})
    return TOKEN.sub(r"\1\2\3TOKEN", f"{answer.status}\n{kept}\n{answer.body}".replace(url, "URL"))


def _difference(first: str, second: str) -> str:
    at = next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return f"{first[max(0, at - 40) : at + 40]!r} / {second[max(0, at - 40) : at + 40]!r}"
