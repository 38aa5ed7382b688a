"""The one error a person reads."""


class DomainError(Exception):
    """Something a person asked for cannot be done; the text says why, in a sentence fit to read."""
