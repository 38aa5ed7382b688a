"""Two people who edit one row: what each began from, what is there now, and who decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comity.core.errors import DomainError
from comity.partners.errors import WrongFactError

Values = dict[str, Any]
SALT = "partners.edit"


@dataclass(frozen=True)
class Difference:
    """One fact on which two people differ."""

    name: str
    label: str
    original: str
    theirs: str
    yours: str
    keep_yours: bool


@dataclass(frozen=True)
class Editing:
    """One row being edited by somebody.

    key     names the row: "partner:7"
    labels  fact -> label, in the order they are shown
    words   how a value reads: function(fact, value)
    """

    key: str
    labels: Mapping[str, str]
    words: Callable[[str, Any], str]

    def begin(self, values: Values, version: int) -> str:
        """What a form carries, so that later it is known what its author saw."""
        return self._sealed({"version": version, "values": values})

    def began(self, sealed: str) -> tuple[Values, int | None]:
        """What its author saw; nothing, and version -1, when the form was tampered with."""
        found = self._opened(sealed)
        return (found["values"], found["version"]) if found else ({}, -1)

    def conflict(
        self,
        request: HttpRequest,
        *,
        original: Values,
        theirs: Values,
        yours: Values,
        version: int,
        context: Mapping[str, Any],
    ) -> HttpResponse:
        """The page on which yours, theirs and the original stand side by side."""
        differences = [
            Difference(
                name,
                label,
                self.words(name, original.get(name)),
                self.words(name, theirs.get(name)),
                self.words(name, yours[name]),
                keep_yours=yours[name] != original.get(name),
            )
            for name, label in self.labels.items()
            if name in yours and yours[name] != theirs.get(name)
        ]
        sealed = self._sealed({"version": version, "values": yours})
        return render(
            request,
            "partners/conflict.html",
            {"differences": differences, "yours": sealed, **context},
            status=409,
        )

    def chosen(self, request: HttpRequest) -> tuple[Values, int | None] | None:
        """What was chosen on that page: the facts of yours to keep, and the version they were compared with."""
        found = self._opened(request.POST.get("yours", ""))
        if not found:
            return None
        kept = {
            name: value
            for name, value in found["values"].items()
            if request.POST.get(f"keep-{name}") == "yours"
        }
        return kept, found["version"]

    def _sealed(self, value: Values) -> str:
        return signing.dumps(value, salt=f"{SALT}:{self.key}", compress=True)

    def _opened(self, sealed: str) -> Values | None:
        try:
            found: Values = signing.loads(sealed, salt=f"{SALT}:{self.key}", max_age=7 * 24 * 3600)
        except signing.BadSignature:
            return None
        return found


def refuse(form: forms.Form, error: DomainError) -> None:
    """Say a refusal in the form: beside the field it is about, where it is about one."""
    field = error.fact if isinstance(error, WrongFactError) and error.fact in form.fields else None
    form.add_error(field, str(error))
