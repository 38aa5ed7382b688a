"""6 nov 2026, as `{{ value|day }}` writes it."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j b Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j b Y, G:i"
