"""Fetching pages in a test, each looked over as it comes; sending forms; what mail came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from comity import jobs
from comity.editing.forms import RowForm
from comity.office.sessions import SessionStore
from comity.outbox.models import Message
from comity.people.services.sessions import BEGAN, SEEN
from comity.testing import html

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from comity.people.models import User

HTMX = {"HX-Request": "true"}


class Visitor(Client):
    """A browser without a window. Whoever it signs in has a session as sign-in makes it, its limits running."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Without what signing in does besides, a dozen queries: nothing is written of it but the session."""
        cookie, now = self.cookies.get(settings.SESSION_COOKIE_NAME), int(time.time())
        session = SessionStore(cookie.value if cookie else None)
        if session.get(SESSION_KEY) != str(user.pk):
            session = SessionStore()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                BEGAN: now,
                SEEN: now,
            }
        )
        session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""


class PageTestCase(TestCase):
    """A test that opens pages the way a person does. Who is signed in: `by=`, or `self.client.force_login`."""

    client_class = Visitor

    def page(
        self, url: str, *, by: User | None = None, status: int = 200, data: Mapping[str, Any] | None = None
    ) -> Answer:
        """GET a whole page and look it over (see `comity.testing.html`); `status` is what it should answer."""
        answer = self._asked(by).get(url, data)
        self._answered(answer, status, url)
        self._sound(answer, url, html.problems_of_page)
        self._remembers_what_was_seen(answer, url)
        return answer

    def fragment(self, url: str, *, by: User | None = None, data: Mapping[str, Any] | None = None) -> Answer:
        """GET what htmx would put into a page, and look it over as a part of one."""
        answer = self._asked(by).get(url, data, headers=HTMX)
        self._answered(answer, 200, url)
        self.assertIn("HX-Request", answer.get("Vary", ""), f"{url} answers htmx without Vary: HX-Request")
        self._sound(answer, url, html.problems_of_fragment)
        return answer

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        by: User | None = None,
        expect: int | str = 302,
    ) -> Answer:
        """POST a form.

        expect  where it should lead (a path; the query string may be left out), or the status it should answer;
                a page that comes back with its errors (200 or 422) is looked over like any other
        """
        answer = self._asked(by).post(url, data or {})
        self._answered(answer, expect if isinstance(expect, int) else 302, url)
        if isinstance(expect, str):
            to = answer["Location"]
            self.assertIn(expect, {to, to.partition("?")[0]}, f"POST {url} leads elsewhere")
        if answer.status_code in (200, 422) and "HX-Request" not in answer.get("Vary", ""):
            self._sound(answer, url, html.problems_of_page)
        return answer

    def post_refused(
        self, url: str, data: Mapping[str, Any] | None = None, words: str = "", *, by: User | None = None
    ) -> Answer:
        """POST a form that cannot be right; its page comes back, and says these words."""
        answer = self.post(url, data, by=by, expect=422)
        self.assertContains(answer, words, status_code=422)
        return answer

    def seen(self, url: str, *, by: User | None = None) -> dict[str, str]:
        """What the form of a page that changes a row sends along to say what its reader saw."""
        return {"seen_before": self.page(url, by=by).context["form"].initial["seen_before"]}

    def chosen(self, answer: Answer, **keep: str) -> dict[str, list[str]]:
        """What a page that shows two versions sends on: `keep` says of a fact whether "yours" or "theirs" stays."""
        self.assertEqual(answer.status_code, 409)
        sent: dict[str, list[str]] = {}
        for name, value in answer.context["sent"]:
            sent.setdefault(name, []).append(value)
        asked = {each.name for each in answer.context["differences"]}
        return {**sent, **{f"keep-{name}": [keep.get(name, "yours")] for name in asked}}

    def reads(self, answer: Answer) -> str:
        """What a person reads on a page: its text in one line, single spaces, no markup."""
        return html.text_of(answer.content.decode())

    def sent_mail(self, to: str | None = None) -> list[Message]:
        """All mail in the outbox in the order it was written, or that to one address."""
        mail = Message.objects.order_by("pk")
        return list(mail.filter(to=to) if to else mail)

    def run_jobs(self) -> None:
        """Do, here and now, all background work that is due."""
        with self.captureOnCommitCallbacks(execute=True):
            jobs.run_waiting()

    @contextmanager
    def assertQueries(self, number: int) -> Iterator[None]:
        """Exactly so many queries are asked; a failure lists them, shortened, repeated ones together."""
        with CaptureQueriesContext(connection) as asked:
            yield
        if len(asked) != number:
            self.fail(f"{len(asked)} queries instead of {number}:\n{_listing(asked.captured_queries)}")

    def _asked(self, by: User | None) -> Client:
        if by is not None:
            self.client.force_login(by)
        return self.client

    def _answered(self, answer: Answer, status: int, url: str) -> None:
        if answer.status_code != status:
            self.fail(
                f"{answer.request['REQUEST_METHOD']} {url} answered {answer.status_code}, not {status}."
                f"{_why(answer)}"
            )

    def _remembers_what_was_seen(self, answer: Answer, url: str) -> None:
        """A form that changes a row and is drawn without its seal would let two people undo each other unseen."""
        if any(isinstance(value, RowForm) and "seen_before" in value.fields for value in _context(answer)):
            self.assertContains(answer, 'name="seen_before"', msg_prefix=url)

    def _sound(self, answer: Answer, url: str, look_over: Callable[[str], list[str]]) -> None:
        if problems := look_over(answer.content.decode()):
            self.fail(f"{url} is not sound:\n" + "\n".join(f"  - {problem}" for problem in problems))


def _why(answer: Answer) -> str:
    """What would help whoever reads the failure: where it led, or what the forms on the page complain of."""
    if location := answer.get("Location"):
        return f" It leads to {location}"
    said = [
        f"  {name}: {sentence}"
        for form in _forms(answer)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return "\n" + "\n".join(said) if said else ""


def _forms(answer: Answer) -> list[Any]:
    """Every bound form with errors in the context the page was made from."""
    unique = {id(value): value for value in _context(answer) if getattr(value, "is_bound", False)}
    return [form for form in unique.values() if hasattr(getattr(form, "errors", None), "items")]


def _context(answer: Answer) -> list[Any]:
    """Every value the page's templates were given."""
    context: Any = answer.context  # None where no template was rendered
    return [value for layer in context or [] for part in layer for value in getattr(part, "values", list)()]


def _listing(queries: list[dict[str, str]]) -> str:
    lines: dict[str, int] = {}
    for query in queries:
        sql = " ".join(query["sql"].split())
        start, found, rest = sql.partition(" FROM ")
        shown = f"{start[:60]}{' ...' if len(start) > 60 else ''}{found}{rest[:160]}"
        lines[shown] = lines.get(shown, 0) + 1
    return "\n".join(
        f"  {number}. {sql}{f'   (x {times})' if times > 1 else ''}"
        for number, (sql, times) in enumerate(lines.items(), 1)
    )
