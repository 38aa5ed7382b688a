"""Finding rows by their words, on SQLite and PostgreSQL alike.

A model becomes findable by one operation in its migrations, `search.migrations_ops.SearchIndex`; from then on
the database keeps the index itself. `matching` narrows a queryset, `find` asks every noun that can be searched at once.
"""

from comity.search.finding import Hit, Wanted, find, matching, words_of

__all__ = ["Hit", "Wanted", "find", "matching", "words_of"]
