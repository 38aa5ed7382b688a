"""The order in which people look names up, alike on both databases: Élan and eHealth with E, O'Brien as OBrien, The Arc
with A, District 2 before District 10. And the same letters to find a name by that stands in no index of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from comity.search import folding

LONGEST = 120
DIGITS = 8  # of a number, so that it stands where it counts
_NO_LETTERS = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"\s*(?:the\s+)+(?=\S)", re.IGNORECASE)
_NUMBER = re.compile("[0-9]+")


def folded(text: str) -> str:
    """Small letters without accents and apostrophes, and single spaces for everything between words."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", folding.joined(text)).casefold()
        text = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return _NO_LETTERS.sub(" ", text.replace("'", "").replace("`", "").lower()).strip()


def sort_key(text: str) -> str:
    """The letters of a name, `folded`, without a leading article, numbers with as many digits as all others."""
    key = folded(without_article(text))
    return _NUMBER.sub(lambda number: number[0].lstrip("0").zfill(DIGITS), key)[:LONGEST]


def without_article(text: str) -> str:
    """The name as it is filed: Arc for The Arc."""
    article = _ARTICLE.match(text)
    return text[article.end() :] if article else text


def named(text: str, *keys: str, also: Sequence[str] = ()) -> models.Q:
    """Rows that have each word of `text` in one of these sort keys, or as it is in one of the fields `also`.

    named(text, "person__sort_name", also=["title"]); text without a letter finds nothing.
    """
    wanted = models.Q()
    for word in without_article(text).split():
        if letters := folded(word):
            asked = {f"{key}__contains": letters for key in keys} | {
                f"{field}__icontains": word for field in also
            }
            wanted &= models.Q(*asked.items(), _connector=models.Q.OR)
    return wanted or models.Q(pk__in=())


class _Followed(DeferredAttribute):
    """Worked out from what it follows, whenever it is read."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        return self if instance is None else sort_key(getattr(instance, self.field.of))

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SortKey(models.CharField[str, str]):
    """What rows are sorted by: the `sort_key` of another field of theirs, declared before it.

    It follows that field whenever a row is saved, in bulk too, and is never set. `QuerySet.update` passes it by.
    """

    descriptor_class = _Followed

    def __init__(self, of: str = "name", **options: Any) -> None:
        self.of = of
        usual: dict[str, Any] = {"max_length": LONGEST, "default": "", "blank": True, "editable": False}
        super().__init__(**usual | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **options: Any) -> None:
        super().contribute_to_class(cls, name, *args, **options)
        followed: Any = cls._meta.get_field(self.of)
        followed.sorted_by = name

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Compared letter by letter, as SQLite does anyway, whatever the language of the database."""
        kept = super().db_parameters(connection)
        return {**kept, "collation": "C"} if connection.vendor == "postgresql" else kept


def sort_keys(model: type[models.Model]) -> dict[str, str]:
    """A model's sort keys, each by the field that it follows."""
    return {field.of: field.name for field in model._meta.concrete_fields if isinstance(field, SortKey)}
