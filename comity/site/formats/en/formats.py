"""Nov 6, 2026, as `{{ value|day }}` writes it."""

DATE_FORMAT = SHORT_DATE_FORMAT = "M j, Y"
# The space before "p.m." does not break.
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = f"{DATE_FORMAT}, g:i\N{NO-BREAK SPACE}a"
