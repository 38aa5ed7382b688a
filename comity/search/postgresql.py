"""The index of words on PostgreSQL: a generated column of words, and a GIN index over it."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from comity.search import folding

# Folding: marks come off the letters, letters become small, everything else parts words. It is done here and
# not by to_tsvector, whose parser keeps "ana@parks.gov" and "follow-up" whole, so that nobody finds their
# parts. ICU's rules are named because a database made with LC_CTYPE=C knows only English letters.
FOLDED = """
regexp_split_to_table(
    lower(regexp_replace(normalize({said}, NFKD), '[\\u0300-\\u036f]+', '', 'g') COLLATE "und-x-icu"),
    '[^[:alnum:]]+')
"""
# Only a part of a very long text; what is looked for has been through `folding.joined`.
INDEXED = FOLDED.format(said=folding.in_sql("left(said, 100000)"))
LOOKED_FOR = FOLDED.format(said="left(said, 100000)")
VECTOR = f"""
CREATE OR REPLACE FUNCTION comity_search_vector(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(word, 60))), ''::tsvector)
    FROM {INDEXED} AS word WHERE word <> ''
$$
"""
# A folded word has nothing in it that means something in a query, so quoting it is enough.
QUERY = f"""
CREATE OR REPLACE FUNCTION comity_search_query(said text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_agg('''' || left(word, 60) || ''':*', ' & ')::tsquery
    FROM {LOOKED_FOR} AS word WHERE word <> ''
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


def mend(connection: BaseDatabaseWrapper) -> list[str]:
    """Index words anew where an earlier version left them otherwise; the tables mended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'comity_search_vector'")
        known = cursor.fetchone()
        if known is None or known[0] == VECTOR.split("$$")[1]:
            return []
        for function in (VECTOR, QUERY):
            cursor.execute(function)
        cursor.execute(
            "SELECT table_name, min(column_name) FROM information_schema.column_column_usage "
            "WHERE dependent_column = 'search_words' AND table_schema = current_schema() GROUP BY table_name"
        )
        tables = cursor.fetchall()
        for table, column in tables:
            # A generated column is worked out again where one it is made of is written.
            cursor.execute(f'UPDATE "{table}" SET "{column}" = "{column}"')
    return [table for table, _column in tables]
