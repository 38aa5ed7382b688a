"""What becomes of each row of a file: added, known already, left out by rule, or set aside with a reason.

The rows lie in a table `staged` of the engine: `line`, `problem`, `row_id` and `content` (of rows judged before), and the cells
c0, c1, ... as text. `judge` makes a table `judged` of it, with one row for each; nothing else is written. SQL is put together
from names of our own and the places of columns; what a file or a person says goes in as a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from comity.core.billing.months import Months
from comity.imports.parsing import CellError, Lookup, clean, day, decimal, plainly
from comity.office.services import today
from comity.partners.importing.fields import PARTNER
from comity.services.models import Offering
from comity.usage.models import Account, Batch, Meter, Part, SetAside, Source
from comity.usage.reading import FIELDS
from comity.usage.services.months import months_now
from comity.usage.store import Engine, Store, left_name, rows_names

ADDED, KNOWN, EXCLUDED, ASIDE = "added", "known", "excluded", "aside"
CURRENCY = "USD"  # the office's
WHOLE, PLACES = 14, 4  # digits of a quantity, before and behind the point
COST_WHOLE, COST_PLACES = 15, 11
MOST_GROUPS = 300  # of one reason that are shown by what they say; the others are shown together
OTHERS = "…"
EVERY = "*"  # an account or a meter of this name stands for all that are not known
# What two rows of one id say alike, to be one.
_SAME = ("partner", "account", "meter", "quantity", "day", "until", "cost", "currency", "correction")
_OFFERING = Lookup(Offering.objects.all, by=("code",))
R = SetAside.Reason

# A cell without what cannot be seen and with single spaces; NULL written out is empty. A number without its commas; a day
# as it is written, whatever the time behind it and its zone: so no hour is lost or doubled, and no day moves to another month.
_MACROS = r"""
CREATE MACRO spaced(x) AS trim(CASE WHEN regexp_matches(x, '[^ -~]|  ') THEN regexp_replace(x, '[\pC\s]+', ' ', 'g') ELSE x END);
CREATE MACRO tidy(x) AS CASE WHEN spaced(x) NOT IN ('', 'NULL', 'null') THEN spaced(x) END;
CREATE MACRO number(x) AS CASE
    WHEN regexp_full_match(x, '-?[0-9]+(\.[0-9]*)?') THEN x
    WHEN regexp_full_match(x, '[-+]?\$?([0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?|[0-9]+(\.[0-9]*)?|\.[0-9]+)')
    THEN regexp_replace(x, '[$,+]', '', 'g') END;
CREATE MACRO fits(said, x, pattern) AS said IS NULL OR coalesce(regexp_full_match(x, pattern), false);
CREATE MACRO iso_day(x) AS CASE
    WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?') THEN TRY_CAST(left(x, 10) AS DATE) END;
CREATE MACRO at_midnight(x) AS regexp_matches(x, '^.{10}[T ]00:00(:00(\.0+)?)?');
"""


def judge(db: Engine, batch: Batch, headers: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Judge all rows of a batch that are staged, in place.

    headers  of the cells, in order
    mapping  our field -> header
    """
    months = months_now()
    db.execute(_MACROS)
    _say(db, batch.source, headers, mapping)
    accounts = Account.objects.filter(source=batch.source).values_list("name", "partner")
    meters = Meter.objects.filter(source=batch.source).values_list("name", "offering")
    _ask(db, "accounts", "BIGINT", "SELECT DISTINCT whose FROM said", _names(accounts, PARTNER))
    _ask(db, "meters", "BIGINT", "SELECT DISTINCT meter FROM said", _names(meters, _OFFERING))
    _ask(db, "days", "DATE", _ODD_DAYS, day)
    _ask(db, "numbers", "VARCHAR", _ODD_NUMBERS, lambda word: f"{Decimal(decimal(word, '.')):f}")
    _ask(db, "months", "DATE", _EVERY_MONTH, months)
    _read(db)
    _recall(db, batch)
    _decide(db, has_ids="id" in mapping)
    _group(db, months)
    for table in ("said", "accounts", "meters", "days", "numbers", "months", "understood", "known"):
        db.execute(f"DROP TABLE {table}")


def _say(db: Engine, source: Source, headers: Sequence[str], mapping: Mapping[str, str]) -> None:
    """What each row says, by our fields; how it is known again; and by which rule it is left out."""
    nothing = "CAST(NULL AS VARCHAR)"
    columns = {header: f"c{place}" for place, header in enumerate(headers)}
    cells = {field.key: nothing for field in FIELDS}
    cells |= {field: columns.get(header, nothing) for field, header in mapping.items()}
    given: dict[str, str] = {}

    def put(text: str) -> str:
        """A text as a parameter: its name in SQL."""
        given[f"p{len(given)}"] = text
        return f"$p{len(given) - 1}"

    account, whose, own_id = cells["account"], cells["partner"], cells["id"]
    corrects = f"lower({cells['correction']}) IN ('correction', 'yes', 'y', 'true', '1', 'x')"
    if source.layout == Source.Layout.FOCUS:
        account = f"coalesce({account}, {columns.get('BillingAccountId', nothing)})"
        corrects = f"{corrects} OR {columns.get('ChargeCategory', nothing)} = 'Credit'"
    # A hash of what a row says: of one with an id what matters of it; of another all, in whatever order its columns stand.
    matter = {mapping[name] for name in _SAME if name in mapping} if "id" in mapping else set(headers)
    every = ", ".join(f"{put(header)} || '=' || {columns.get(header, nothing)}" for header in sorted(matter))
    fields = {
        **{name: cells[name] for name in ("meter", "quantity", "day", "until", "cost", "currency")},
        "account": f"coalesce({account}, {whose})",
        "whose": f"coalesce({whose}, {account})",
        "corrects": f"coalesce({corrects}, false)",
        "description": f"left({cells['description']}, 300)",
        "why": _rules(source, columns, put),
        "content": f"coalesce(content, md5(concat_ws(chr(31), {every})))",
        "row_id": f"coalesce(row_id, CASE WHEN length({own_id}) > 200 THEN md5({own_id}) ELSE {own_id} END)",
    }
    told = ", ".join(f"{sql} AS {name}" for name, sql in fields.items())
    tidied = ", ".join(f"tidy({cell}) AS {cell}" for cell in columns.values())
    db.execute(
        f"""CREATE TABLE said AS WITH seen AS MATERIALIZED (
            SELECT line, problem, {told} FROM (SELECT line, problem, row_id, content, {tidied} FROM staged)
        )
        SELECT * FROM seen WHERE row_id IS NOT NULL UNION ALL
        SELECT * REPLACE (content || '-' || row_number() OVER (PARTITION BY content ORDER BY line) AS row_id)
        FROM seen WHERE row_id IS NULL""",
        given,
    )


def _rules(source: Source, columns: Mapping[str, str], put: Callable[[str], str]) -> str:
    """Why a row is left out, by the source's own rules; NULL where none says so."""
    cases = [
        f"WHEN lower({columns[rule['column']]}) = lower({put(clean(rule['is']))}) THEN {put(rule['why'])}"
        for rule in source.excluded
        if rule["column"] in columns
    ]
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"


def _ask(db: Engine, table: str, meant: str, words: str, meaning: Callable[[Any], Any]) -> None:
    """What words mean, each asked once: a table of what is `said` and what is `meant`, of this type; of a CellError nothing."""
    import pyarrow as pa

    def understood(word: Any) -> Any:
        with suppress(CellError):
            return meaning(word)
        return None

    found = [word for (word,) in db.execute(words).fetchall() if word is not None]
    db.execute(f"CREATE TABLE {table} (said VARCHAR, meant {meant})")
    db.register("given", pa.table([found, list(map(understood, found))], ["said", "meant"]))
    db.execute(f"INSERT INTO {table} FROM given")
    db.unregister("given")


def _names(told: Iterable[tuple[str, int]], ours: Lookup) -> Callable[[str], int | None]:
    """What people said of a word comes first, then its meaning by name, then what holds for every other."""
    mapped, names = {plainly(name): key for name, key in told}, ours.read()

    def meaning(word: str) -> int | None:
        if (key := mapped.get(plainly(word))) is not None:
            return key
        with suppress(CellError):
            return names.find(word)
        return mapped.get(EVERY)

    return meaning


# Days and numbers that are written in an unusual way: 11/3/2026, 8e-07.
_ODD_DAYS = """SELECT DISTINCT x FROM (SELECT day AS x FROM said UNION ALL SELECT until FROM said)
    WHERE iso_day(x) IS NULL"""
_ODD_NUMBERS = r"""SELECT DISTINCT x FROM (SELECT quantity AS x FROM said UNION ALL SELECT cost FROM said)
    WHERE regexp_full_match(x, '[-+]?[0-9.]{1,40}[eE][-+]?[0-9]{1,2}|[(]?[$0-9.,]{1,40}[-)]')"""
_EVERY_MONTH = """SELECT DISTINCT CAST(date_trunc('month', x) AS DATE)
    FROM (SELECT iso_day(day) AS x FROM said UNION ALL SELECT meant FROM days)"""


def _read(db: Engine) -> None:
    """Each row with its partner, offering, day, quantity and money; and what is wrong with it."""
    quantity, money = _pattern(WHOLE, PLACES), _pattern(COST_WHOLE, COST_PLACES)
    db.execute(
        f"""CREATE TABLE understood AS
        WITH words AS MATERIALIZED (
            SELECT said.*, coalesce(iso_day(said.day), days.meant) AS on_day,
                coalesce(iso_day(said.until), ends.meant)
                    - CASE WHEN at_midnight(said.until) THEN 1 ELSE 0 END AS last_day,
                coalesce(number(said.quantity), n.meant) AS units, coalesce(number(said.cost), c.meant) AS dollars,
                a.meant AS partner, m.meant AS offering
            FROM said LEFT JOIN accounts a ON a.said = said.whose LEFT JOIN meters m ON m.said = said.meter
            LEFT JOIN days ON days.said = said.day LEFT JOIN days ends ON ends.said = said.until
            LEFT JOIN numbers n ON n.said = said.quantity LEFT JOIN numbers c ON c.said = said.cost
        )
        SELECT words.*, CAST(date_trunc('month', on_day) AS DATE) AS belongs_to, months.meant AS period,
            CASE WHEN last_day IS NULL OR (on_day = date_trunc('month', on_day) AND last_day = last_day(on_day)) THEN NULL
                ELSE last_day - on_day + 1 END AS days,
            CASE WHEN problem <> '' THEN '{R.UNREADABLE}'
                WHEN upper(currency) <> '{CURRENCY}' THEN '{R.CURRENCY}'
                WHEN months.meant IS NULL OR (until IS NOT NULL AND (last_day IS NULL OR last_day < on_day
                    OR last_day > last_day(on_day))) THEN '{R.DAY}'
                WHEN coalesce(quantity, cost) IS NULL OR NOT fits(quantity, units, '{quantity}')
                    OR NOT fits(cost, dollars, '{money}') THEN '{R.QUANTITY}'
                WHEN NOT corrects AND (TRY_CAST(units AS DECIMAL(38, 11)) < 0 OR TRY_CAST(dollars AS DECIMAL(38, 11)) < 0)
                    THEN '{R.NEGATIVE}'
                WHEN partner IS NULL THEN '{R.ACCOUNT}'
                WHEN offering IS NULL THEN '{R.METER}' END AS wrong
        FROM words LEFT JOIN months ON CAST(months.said AS DATE) = date_trunc('month', on_day)"""
    )


def _pattern(whole: int, places: int) -> str:
    """A number with so many digits before and behind the point, zeros at its ends aside."""
    return rf"-?0*[0-9]{{0,{whole}}}(\.[0-9]{{0,{places}}}0*)?"


def _recall(db: Engine, batch: Batch) -> None:
    """The rows by which those of a batch are known again, of all files of its source: all but what was set aside of itself.

    `taken` are those that are rated, or left out by rule.
    """
    rated = rows_names(Part.objects.filter(batch__source=batch.source, batch__state=Batch.State.LOADED))
    others = batch.source.batches.loaded().filter(turn__gt=0).exclude(pk=batch.pk)
    left = [left_name(*each) for each in others.values_list("pk", "turn")]
    kept = db.sql("SELECT '' AS row_id, '' AS content, false AS taken WHERE false")
    for names, taken in ((rated, "true"), (left, f"outcome = '{EXCLUDED}'")):
        if names:
            rows = db.read_parquet(Store.here().read(names))
            kept = kept.union(rows.project(f"row_id, content, {taken} AS taken"))
    # Of all that is known, however much, only what this file has: the engine holds the smaller of the two.
    kept.filter("row_id IN (SELECT row_id FROM understood)").create("known")


def _decide(db: Engine, *, has_ids: bool) -> None:
    """What becomes of each row, of what is wrong with it, the rules, and what is known."""
    (again,) = db.execute("SELECT bool_or(row_id IS NOT NULL) FROM staged").fetchone() or (False,)
    # Without ids each row of a file is one of its own: its id holds the number of its occurrence.
    twice = "false AS again, false AS differs"
    if again or has_ids:
        twice = """row_number() OVER (PARTITION BY row_id, content ORDER BY line) > 1 AS again,
            first_value(content) OVER (PARTITION BY row_id ORDER BY line) <> content AS differs"""
    db.execute(
        f"""CREATE TABLE judged AS
        WITH twice AS (
            SELECT *, {twice} FROM understood
        ), met AS (
            SELECT *, again OR EXISTS (SELECT 1 FROM known
                    WHERE known.row_id = twice.row_id AND known.content = twice.content) AS is_known,
                differs OR EXISTS (SELECT 1 FROM known
                    WHERE taken AND known.row_id = twice.row_id AND known.content <> twice.content) AS is_other
            FROM twice
        ), decided AS (
            SELECT *, CASE WHEN is_known THEN '{KNOWN}' WHEN why IS NOT NULL THEN '{EXCLUDED}'
                WHEN is_other OR wrong IS NOT NULL THEN '{ASIDE}' ELSE '{ADDED}' END AS outcome,
                CASE WHEN is_known OR why IS NOT NULL THEN NULL WHEN is_other THEN '{R.OTHER_CONTENT}' ELSE wrong END AS fault
            FROM met
        )
        SELECT line, outcome, problem, why, row_id, content, partner, offering, belongs_to, on_day, period, account, whose, meter,
            coalesce(TRY_CAST(units AS DECIMAL(18, 4)), 0) AS used, CAST(days AS SMALLINT) AS days,
            TRY_CAST(dollars AS DECIMAL(38, 11)) AS cost, description,
            coalesce(fault, '') AS reason,
            left(coalesce(CASE fault WHEN '{R.ACCOUNT}' THEN whose WHEN '{R.METER}' THEN meter WHEN '{R.CURRENCY}' THEN currency
                WHEN '{R.DAY}' THEN concat_ws(' – ', day, until) WHEN '{R.OTHER_CONTENT}' THEN row_id
                WHEN '{R.UNREADABLE}' THEN problem WHEN '{R.QUANTITY}' THEN concat_ws(' / ', quantity, cost)
                WHEN '{R.NEGATIVE}' THEN concat_ws(' / ', quantity, cost) END, ''), 200) AS said
        FROM decided"""
    )


def _group(db: Engine, months: Months) -> None:
    """Give every row a period, if only that of most of the file, and what is set aside a group that can be shown."""
    db.execute(
        """UPDATE judged SET period = coalesce((SELECT period FROM judged WHERE period IS NOT NULL
            GROUP BY period ORDER BY count(*) DESC, period LIMIT 1), $now) WHERE period IS NULL""",
        {"now": months(today().replace(day=1))},
    )
    db.execute(
        f"""UPDATE judged SET said = '{OTHERS}' WHERE outcome = '{ASIDE}' AND (reason, said) NOT IN (
            SELECT (reason, said) FROM (
                SELECT reason, said, row_number() OVER (PARTITION BY reason ORDER BY count(*) DESC, said) AS place
                FROM judged WHERE outcome = '{ASIDE}' GROUP BY reason, said
            ) WHERE place <= {MOST_GROUPS})"""
    )


def explanation(reason: str, said: str) -> str:
    """Why rows are set aside, and what can be done, as a sentence."""
    what = {"said": said or "–", "whole": WHOLE, "places": PLACES, "currency": CURRENCY}
    sentences = {
        R.ACCOUNT: _("No partner has the code, the name or the account “%(said)s”. Say whose it is."),
        R.METER: _("No offering has the meter code “%(said)s”. Say which offering it counts."),
        R.QUANTITY: _(
            "“%(said)s” is no quantity that we can count exactly: up to %(whole)s digits before the point and %(places)s behind it."
        ),
        R.NEGATIVE: _("“%(said)s” is below zero, and the row does not say that it is a correction."),
        R.DAY: _("“%(said)s” is no day that can be billed, or a stretch that leaves its month."),
        R.CURRENCY: _("“%(said)s” is not the office’s currency, which is %(currency)s."),
        R.OTHER_CONTENT: _("A row with the id “%(said)s” is here already and says something else."),
        R.UNREADABLE: "%(said)s",
    }
    return str(sentences[R(reason)]) % what
