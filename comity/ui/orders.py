"""Names in the order of the alphabet as people know it, where a model keeps a key for that (`search.sorting`)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model


def alphabetical(model: type[Model], order: Any) -> Any:
    """An order by a name as one by the key that follows it: "-partner__name" as "-partner__sort_name"."""
    if not isinstance(order, str):
        return order
    path, _dunder, last = order.lstrip("-").rpartition("__")
    here: Any = model
    try:
        for step in filter(None, path.split("__")):
            here = here._meta.get_field(step).related_model
        key = getattr(here._meta.get_field(last), "sorted_by", "")
    except (FieldDoesNotExist, AttributeError):
        return order
    return f"{order.removesuffix(last)}{key}" if key else order
