"""A form changes what it shows, whatever else is sent with it.

Every form that can be reached is filled in and sent twice as it stands and once with every field of every model beside
it (`state`, `owner`, `version`, `office_only`, `is_active`, `roles`, `pk`, `token_hash` ...). What differs between the
first two is chance: moments and tokens. In everything else the third has to write the same, statement by statement.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from typing import Any
from unittest import TestCase as PlainTestCase
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import resolve, reverse

from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.testing.matrix import PersonalSubject, Subject, subjects
from comity.testing.pages import Visitor
from comity.testing.routes import Route, routes

# What no form of ours takes: it follows from what was done, or has a page and a service of its own.
NEVER_IN_A_FORM = {"id", "pk", "state", "kind_of_user", "password", "is_active", "joined_at", "session_generation",
                   "merged_into", "arriving", "import_id", "name_key", "token_hash", "sha256", "heartbeat_at", "queue_id",
                   "lead_gap_since", "last_met_on", "owner_kind", "owner_id", "written_by", "is_superuser"}  # fmt: skip
ATTEMPTS = 3
BESIDES = (
    "pk",
    "id",
    "is_superuser",
    "is_staff",
    "roles",
    "groups",
    "user_permissions",
    "granted",
    "grants",
    "by",
)
WORDS = {
    "partner": "Department of Parks",
    "parent": "Department of Roads",
    "person": "Ben Okafor",
    "tier": "Tier 1",
}
Written = list[tuple[str, tuple[Any, ...]]]
Fields = list[tuple[str, str]]


def our_forms() -> list[type[forms.BaseForm]]:
    """Every class of form in our rooms."""
    for room in settings.INSTALLED_APPS:
        if room.startswith("comity.") and find_spec(room) is not None:
            package = import_module(room)
            for found in walk_packages(package.__path__, f"{room}."):
                if not {"tests", "migrations", "management", "bench"} & set(found.name.split(".")):
                    import_module(found.name)
    return sorted(_below(forms.BaseForm), key=lambda form: f"{form.__module__}.{form.__qualname__}")


def _below(form: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    found = {each for child in form.__subclasses__() for each in {child, *_below(child)}}
    return {
        each for each in found if each.__module__.startswith("comity.") and ".tests." not in each.__module__
    }


class EveryForm(PlainTestCase):
    def test_of_a_model_names_its_fields_one_by_one(self) -> None:
        of_models = [
            form for form in our_forms() if issubclass(form, forms.BaseModelForm) and form._meta.model
        ]
        for form in of_models:
            meta = inspect.getattr_static(form, "Meta", None)
            with self.subTest(form.__qualname__):
                self.assertIsInstance(getattr(meta, "fields", None), (list, tuple))
                self.assertIsNone(getattr(meta, "exclude", None))

    def test_leaves_out_what_follows_from_what_was_done(self) -> None:
        found = our_forms()
        self.assertGreater(len(found), 40)
        for form in found:
            if issubclass(form, forms.BaseModelForm):
                with self.subTest(form.__qualname__):
                    self.assertEqual(getattr(form, "base_fields", {}).keys() & NEVER_IN_A_FORM, set())


class WhateverElseIsSent(CastTestCase):
    """Asked as those who may most: an administrator, a relationship manager, a partner's IT lead."""

    @pytest.mark.slow
    def test_by_an_administrator_changes_nothing_more(self) -> None:
        self.assertGreater(self.try_everything_as(self.ada), 45)

    @pytest.mark.slow
    def test_by_a_partners_user_changes_nothing_more(self) -> None:
        self.assertGreater(self.try_everything_as(self.ben), 8)

    def try_everything_as(self, user: User) -> int:
        """Send every form this person can reach; how many of them wrote something."""
        self.visitor = Visitor()
        self.visitor.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in self.visitor.cookies.items()}
        pages = dict(self._pages(user))
        shown = {key: fields for url, page in pages.items() for key, fields in self._forms_on(url, page)}
        with_a_form = {resolve(url).view_name for url, _names in shown}
        of_none = [url for url in pages if "?" not in url and resolve(url).view_name not in with_a_form]
        targets: dict[tuple[str, tuple[str, ...]], Fields] = {**{(url, ()): [] for url in of_none}, **shown}
        wrote = 0
        for (url, names), fields in targets.items():
            with self.subTest(url, fields=names):
                wrote += self._sent_with_everything(url, fields)
        return wrote

    # --- finding the forms ---

    def _pages(self, user: User) -> Iterator[tuple[str, str]]:
        """The addresses of everything there is for this person, with the page each shows, if it shows one."""
        explained = subjects()
        lists = [
            reverse("followups:list" if user.is_office else "followups:portal_list") + "?q=a"
        ]  # to save a view of
        for route in [*routes(), None]:
            for url in self._urls(route, explained, user) if route else lists:
                cache.clear()
                with transaction.atomic():
                    page = self._page(url)
                    transaction.set_rollback(True)
                yield url, page

    def _page(self, url: str) -> str:
        """What a page shows; a file is read to its end, which closes it, and the client closes the rest."""
        answer: Any = self.visitor.get(url)
        if answer.streaming:
            b"".join(answer.streaming_content)  # no address streams without end
            return ""
        return str(answer.content, "utf-8", "replace") if answer.status_code == 200 else ""

    def _urls(self, route: Route, explained: dict[str, Any], user: User) -> list[str]:
        if not route.arguments:
            return [route.url()]
        subject: Subject | PersonalSubject = explained[route.name]
        if isinstance(subject, PersonalSubject):
            return [route.url(subject.make(self.cast, user))]
        return [route.url(subject.make(self.cast, self.parks))]

    def _forms_on(self, at: str, page: str) -> Iterator[tuple[tuple[str, tuple[str, ...]], Fields]]:
        """Where each form of a page is sent, and its fields, filled in."""
        root = html5lib.parse(page, namespaceHTMLElements=False)
        outside = [field for field in root.iter() if field.get("form")]
        for form in root.iter("form"):
            if form.get("method") == "post":
                url = urlsplit(form.get("action") or "").path or at
                inside = [
                    *form.iter(),
                    *(field for field in outside if field.get("form") == form.get("id", "")),
                ]
                fields = filled(inside)
                yield (url, tuple(sorted({name for name, _value in fields}))), fields

    # --- sending them ---

    def _sent_with_everything(self, url: str, fields: Fields) -> bool:
        known = {name for name, _value in fields}
        more = [(name, value) for name, value in every_field() if name not in known]
        first = self._sent(url, fields)
        if first is None:
            return False
        for attempt in reversed(range(ATTEMPTS)):
            second, third = self._sent(url, fields), self._sent(url, [*fields, *more])
            said = _difference(first, second or [], third or [])
            if not said:
                break
            # A signature changes with the second; a difference that stays is one.
            self.assertTrue(attempt, f"{url}: {said}")
        return bool(first)

    def _sent(self, url: str, fields: Fields) -> Written | None:
        """What is written for it, all undone; None where nothing is taken at all."""
        data: dict[str, list[str]] = {"csrfmiddlewaretoken": ["x"]}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        written: Written = []
        cache.clear()
        self.visitor.cookies.clear()  # one of the forms signs out
        self.visitor.cookies.load(self.cookies)
        with transaction.atomic(), connection.execute_wrapper(_noting(written)):
            answer = self.visitor.post(url, data)
            self.assertLess(answer.status_code, 500)
            transaction.set_rollback(True)
        return None if answer.status_code in {403, 404, 405} else written


def _difference(first: Written, second: Written, third: Written) -> str:
    """How the third differs from the first where the second does not."""
    if [sql for sql, _values in first] != [sql for sql, _values in third]:
        return f"other things are written: {[sql[:120] for sql, _values in third]}"
    for (sql, one), (_sql, two), (_same, three) in zip(first, second, third, strict=False):
        for before, chance, after in zip(one, two, three, strict=True):
            if before == chance and before != after:
                return f"{after!r} is written instead of {before!r}: {sql[:300]}"
    return ""


def filled(elements: list[Element]) -> Fields:
    """The fields of a form as a browser would send them, what is empty filled with something plausible."""
    fields: Fields = []
    radios: set[str] = set()
    for element in elements:
        name, kind = element.get("name", ""), element.get("type", "text")
        if not name or name == "csrfmiddlewaretoken" or element.tag not in {"input", "select", "textarea"}:
            continue
        if element.tag == "select":
            values = [option.get("value", "") for option in element.iter("option")]
            chosen = [
                option.get("value", "")
                for option in element.iter("option")
                if option.get("selected") is not None
            ]
            fields.append((name, next(filter(None, [*chosen, *values]), "")))
        elif element.tag == "textarea":
            fields.append((name, (element.text or "").strip() or "Some words."))
        elif kind == "radio" or kind == "checkbox":
            if kind == "checkbox" or name not in radios:
                fields.append((name, element.get("value", "on")))
            radios.add(name)
        elif kind not in {"file", "submit", "button"}:
            fields.append((name, element.get("value") or _plausible(name, kind)))
    return fields


def _plausible(name: str, kind: str) -> str:
    if kind == "hidden":
        return ""
    given = {
        "date": "2099-11-30",
        "email": "someone@example.gov",
        "number": "3",
        "time": "10:30",
        "url": "https://a.gov",
    }
    return given.get(kind) or next((words for key, words in WORDS.items() if key in name), "Sol Service")


def every_field() -> Fields:
    """Every field of every model of ours, and what others have called such things, each with a value that would show."""
    found: dict[str, str] = dict.fromkeys(BESIDES, "1")
    for model in apps.get_models():
        if not model.__module__.startswith("comity."):
            continue
        for field in model._meta.get_fields():
            kind = getattr(field, "get_internal_type", str)()
            value = {"BooleanField": "1", "DateField": "1999-12-31", "DateTimeField": "1999-12-31T10:00"}.get(
                kind
            )
            choices = [str(key) for key, _words in getattr(field, "flatchoices", []) or []]
            number = "Integer" in kind or "Key" in kind or "Rel" in kind or "AutoField" in kind
            for name in {field.name, getattr(field, "attname", field.name)}:
                found.setdefault(
                    name, value or (choices[-1] if choices else "1" if number else "smuggled@example.gov")
                )
    return sorted(found.items())


# Counted or looked at whatever is sent; not what a form is about.
NOT_ASKED_FOR = ("django_session", "usersessions_usersession", "cache", "people_attemptcount")


def _noting(written: Written) -> Any:
    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"} and not any(
            f'"{table}"' in sql[:200] for table in NOT_ASKED_FOR
        ):
            rows = params if many else [params or ()]
            written.extend((sql, tuple(row)) for row in rows)
        return execute(sql, params, many, context)

    return note
