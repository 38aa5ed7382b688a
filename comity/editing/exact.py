"""Exact decimals in the database: SQLite keeps a DecimalField as a float, which no quantity or price may pass through."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from comity.ui.fields import NumberField

DIGITS = 18  # all of which a whole number of eight bytes holds


class ExactField(models.DecimalField):  # type: ignore[type-arg]  # of Decimal
    """A decimal number with a fixed number of places, kept as a whole number of its last place.

    It is compared, ordered and added up by the database as one; `Sum` of it is a Decimal again. What has more places than
    the field is refused, never rounded.
    """

    def __init__(self, *args: Any, decimal_places: int = 4, **more: Any) -> None:
        more["max_digits"] = DIGITS
        super().__init__(*args, **{**more, "decimal_places": decimal_places})

    def deconstruct(self) -> Any:
        name, path, args, more = super().deconstruct()
        del more["max_digits"]
        return name, path, args, more

    def to_python(self, value: Any) -> Any:
        """With all its places, as the database gives it, so that what was typed is told from it only where it differs."""
        number = super().to_python(value)
        whole = number is None or not number.is_finite()
        if whole or number.normalize().as_tuple().exponent < -self._places:
            return number
        return number.quantize(Decimal(1).scaleb(-self._places))

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": NumberField, **options})

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self._places)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        scaled = Decimal(value).scaleb(self._places)
        if scaled != scaled.to_integral_value():
            raise ValidationError(_("Give at most %(places)s decimals."), params={"places": self._places})
        return int(scaled)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection, prepared=False)

    def get_db_converters(self, _connection: Any) -> list[Any]:
        """Not those that a DecimalField's values need: the database gives whole numbers."""
        return [self.from_db_value]

    @property
    def _places(self) -> int:
        assert self.decimal_places is not None
        return self.decimal_places
