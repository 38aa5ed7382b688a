"""The triggers in SQL, for both databases, and what they have in common."""

from __future__ import annotations

ROWS = "followups_followup"
KEPT = "followups_ringcount"
NAMES = ("followups_ringcount_insert", "followups_ringcount_update", "followups_ringcount_delete")

# As `CONDITIONS` of comity/followups/services/figures.py has them; a test holds the two together.
FIGURES = {
    "heard": "{row}state <> 'withdrawn'",
    "owned_in_time": "{row}state <> 'withdrawn' AND {row}owned_on <= {row}own_by",
    "done_in_time": "{row}state <> 'withdrawn' AND {row}done_on <= {row}promised_on",
    "told": "{row}state = 'told'",
    "helped": "{row}state = 'told' AND {row}helped = 'yes'",
    "withdrawn": "{row}state = 'withdrawn'",
}
READ = (
    "heard_on",
    "kind",
    "partner_id",
    "state",
    "owned_on",
    "own_by",
    "done_on",
    "promised_on",
    "helped",
)
COLUMNS = ", ".join(("month", "kind", "partner", *FIGURES))
MONTH = {
    "sqlite": "date({row}heard_on, 'start of month')",
    "postgresql": "date_trunc('month', {row}heard_on)::date",
}


def _counts(row: str, sign: str) -> str:
    return ", ".join(
        f"CASE WHEN {condition.format(row=row)} THEN {sign}1 ELSE 0 END" for condition in FIGURES.values()
    )


def _written(vendor: str, row: str, sign: str) -> str:
    """One follow-up more, or one fewer, in each of the three places it counts."""
    month, counts = MONTH[vendor].format(row=row), _counts(row, sign)
    places = (
        f"{row}kind, -1",
        f"'', coalesce({row}partner_id, 0)",
        f"{row}kind, coalesce({row}partner_id, 0)",
    )
    values = ", ".join(f"({month}, {place}, {counts})" for place in places)
    return f"INSERT INTO {KEPT} ({COLUMNS}) VALUES {values};"  # noqa: S608


def recount(vendor: str) -> list[str]:
    """Every row counted anew."""
    month = MONTH[vendor].format(row="")
    sums = ", ".join(
        f"sum(CASE WHEN {condition.format(row='')} THEN 1 ELSE 0 END)" for condition in FIGURES.values()
    )
    summed = ", ".join(f"sum({name})" for name in FIGURES)
    head = f"INSERT INTO {KEPT} ({COLUMNS}) SELECT"
    of_both = f"{month}, kind, coalesce(partner_id, 0), {sums} FROM {ROWS} GROUP BY 1, 2, 3"
    of_kind = f"month, kind, -1, {summed} FROM {KEPT} GROUP BY month, kind"
    of_partner = f"month, '', partner, {summed} FROM {KEPT} WHERE partner >= 0 GROUP BY month, partner"
    return [f"DELETE FROM {KEPT}", *(f"{head} {counted}" for counted in (of_both, of_kind, of_partner))]  # noqa: S608


def install(vendor: str) -> list[str]:
    """The triggers that keep the figures from now on."""
    return _on_sqlite() if vendor == "sqlite" else _on_postgresql()


def remove(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in NAMES]
    return [
        *(f"DROP TRIGGER IF EXISTS {name} ON {ROWS}" for name in NAMES),
        *(f"DROP FUNCTION IF EXISTS {name}()" for name in NAMES),
    ]


def _on_sqlite() -> list[str]:
    more, fewer = _written("sqlite", "new.", "+"), _written("sqlite", "old.", "-")
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in READ)
    on_update = f"UPDATE OF {', '.join(READ)} ON {ROWS} WHEN {changed}"
    insert, update, delete = NAMES
    return [
        f"CREATE TRIGGER {insert} AFTER INSERT ON {ROWS} BEGIN {more} END",
        f"CREATE TRIGGER {update} AFTER {on_update} BEGIN {fewer} {more} END",
        f"CREATE TRIGGER {delete} AFTER DELETE ON {ROWS} BEGIN {fewer} END",
    ]


def _on_postgresql() -> list[str]:
    more, fewer = _written("postgresql", "NEW.", "+"), _written("postgresql", "OLD.", "-")
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in READ)
    bodies = {"insert": more, "update": f"{fewer} {more}", "delete": fewer}
    when = {"insert": "", "update": f"WHEN ({changed})", "delete": ""}
    on = {"insert": "INSERT", "update": f"UPDATE OF {', '.join(READ)}", "delete": "DELETE"}
    said = []
    for act, body in bodies.items():
        name = f"{KEPT}_{act}"
        function = f"{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
        each = f"ON {ROWS} FOR EACH ROW {when[act]} EXECUTE FUNCTION {name}()"
        said += [f"CREATE OR REPLACE FUNCTION {function}", f"CREATE TRIGGER {name} AFTER {on[act]} {each}"]
    return said
