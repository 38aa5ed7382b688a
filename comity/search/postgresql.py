"""The index of words on PostgreSQL: a generated column of words, and a GIN index over it."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Folding: marks come off the letters, letters become small, everything else parts words. It is done here and
# not by to_tsvector, whose parser keeps "ana@parks.gov" and "follow-up" whole, so that nobody finds their
# parts. ICU's rules are named because a database made with LC_CTYPE=C knows only English letters.
FOLDED = """
regexp_split_to_table(
    lower(regexp_replace(normalize(left(said, 100000), NFKD), '[\\u0300-\\u036f]+', '', 'g') COLLATE "und-x-icu"),
    '[^[:alnum:]]+')
"""
VECTOR = f"""
CREATE OR REPLACE FUNCTION comity_search_vector(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(word, 60))), ''::tsvector)
    FROM {FOLDED} AS word WHERE word <> ''
$$
"""
# A folded word has nothing in it that means something in a query, so quoting it is enough.
QUERY = f"""
CREATE OR REPLACE FUNCTION comity_search_query(said text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_agg('''' || left(word, 60) || ''':*', ' & ')::tsquery
    FROM {FOLDED} AS word WHERE word <> ''
$$
"""


def install(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Make the column of words and its index; the database fills and keeps them."""
    said = " || ' ' || ".join(f"""coalesce("{column}"::text, '')""" for column in columns)
    column = f"search_words tsvector GENERATED ALWAYS AS (comity_search_vector({said})) STORED"
    for statement in (
        VECTOR,
        QUERY,
        f'ALTER TABLE "{table}" ADD COLUMN {column}',
        f'CREATE INDEX "{table}_search" ON "{table}" USING gin (search_words)',
    ):
        schema_editor.execute(statement, None)


def remove(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Take the column away, and its index with it."""
    schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN search_words')
