"""`comity import partners|people FILE`: bring in a list, or rehearse it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.imports import applying, columns, profiles, services, set_aside, staging
from comity.imports.models import Import, ImportRow
from comity.people.models import User
from comity.ui.csv import lines

ACTOR = "command line"


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=")
    if not sign:
        raise ArgumentTypeError(f"{text!r} has no equals sign")
    return left.strip(), right.strip()


def _value(text: str) -> tuple[str, str, str]:
    field, sign, rest = text.partition(":")
    if not sign:
        raise ArgumentTypeError(f"{text!r} does not begin with a field and a colon")
    return (field.strip(), *_pair(rest))


class Command(BaseCommand):
    help = (
        "Bring in partners or people from a CSV or XLSX file. Rows that cannot be taken are set aside with their "
        "reasons; all others are applied together. The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "profile", choices=[one.key for one in profiles.profiles()], help="what the rows are"
        )
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--map",
            dest="mapping",
            action="append",
            default=[],
            type=_pair,
            metavar="COLUMN=FIELD",
            help="which field a column holds; empty leaves the column out. Other columns map themselves",
        )
        parser.add_argument(
            "--value",
            dest="values",
            action="append",
            default=[],
            type=_value,
            metavar="FIELD:FROM=TO",
            help="what a cell means; an empty FROM is for empty cells, a TO of - sets such rows aside",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would become of the rows, and leave no trace"
        )
        parser.add_argument(
            "--set-aside", type=Path, metavar="OUT.csv", help="write the rows set aside to a file"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="who the trail says did it")

    def handle(
        self,
        *,
        profile: str,
        file: Path,
        mapping: list[tuple[str, str]],
        values: list[tuple[str, str, str]],
        dry_run: bool,
        set_aside: Path | None,
        as_json: bool,
        email: str | None,
        **_options: Any,
    ) -> None:
        _check_fields(profile, mapping, values)
        by = _user(email)
        try:
            batch = _received(file, profile, dict(mapping), values, by, rehearse=dry_run)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        try:
            staging.read(staging.Unwatched(), import_id=batch.pk)
            batch.refresh_from_db()
            if batch.state != Import.State.PREVIEW:
                raise CommandError(batch.note)
            if not dry_run:
                _apply(batch, by)
            if set_aside:
                _write_set_aside(batch, set_aside)
            self._tell(batch, as_json=as_json, dry_run=dry_run)
        finally:
            if dry_run:
                batch.file.delete(save=False)
                batch.delete()

    def _tell(self, batch: Import, *, as_json: bool, dry_run: bool) -> None:
        problems = [
            {"line": line, "column": column, "reason": reason}
            for line, column, reason in ImportRow.objects.filter(
                batch=batch, outcome=ImportRow.Outcome.SET_ASIDE
            )
            .order_by("line")
            .values_list("line", "column", "reason")
        ]
        if as_json:
            self.stdout.write(json.dumps({**_counts(batch), "problems": problems}, ensure_ascii=False))
            return
        for problem in problems:
            place = f", {problem['column']}" if problem["column"] else ""
            self.stderr.write(f"line {problem['line']}{place}: {problem['reason']}")
        verb = "would be" if dry_run else "are"
        counts = _counts(batch)
        self.stdout.write(
            f"{counts['rows']:,} rows: {counts['new']:,} {verb} new, {counts['changed']:,} changed, "
            f"{counts['same']:,} the same, {counts['set_aside']:,} set aside."
        )


def _counts(batch: Import) -> dict[str, int]:
    return {
        "rows": batch.rows_total,
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "same": batch.rows_same,
        "set_aside": batch.rows_set_aside,
    }


def _check_fields(profile: str, mapping: list[tuple[str, str]], values: list[tuple[str, str, str]]) -> None:
    """Raises CommandError, exit code 2, for a field there is not or a value it does not have."""
    known = profiles.profile(profile)
    named = [field for _column, field in mapping if field] + [field for field, _from, _to in values]
    for name in named:
        if not known.has(name):
            keys = ", ".join(field.key for field in known.fields)
            raise CommandError(f"There is no field {name!r}. The fields are: {keys}.", returncode=2)
    for name, _from, to in values:
        if not columns.is_choice(known.field(name), to):
            raise CommandError(f"{to!r} is no value of the field {name!r}.", returncode=2)


def _user(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.active().office().filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody of the office has the e-mail address {email}.")
    return user


def _received(
    file: Path,
    profile: str,
    mapping: dict[str, str],
    values: list[tuple[str, str, str]],
    by: User | None,
    *,
    rehearse: bool,
) -> Import:
    said: dict[str, dict[str, str]] = {}
    for field, text, to in values:
        said.setdefault(field, {})[text] = to
    with file.open("rb") as opened:
        return services.receive(
            File(opened, name=file.name),
            profile=profile,
            by=by,
            actor=ACTOR,
            mapping=mapping,
            values=said,
            in_background=False,
            rehearse=rehearse,
        )


def _apply(batch: Import, by: User | None) -> None:
    if not batch.rows_new + batch.rows_changed + batch.rows_same:
        return
    services.apply(batch.pk, by=by, in_background=False)
    applying.apply(staging.Unwatched(), import_id=batch.pk)
    batch.refresh_from_db()
    if batch.state != Import.State.APPLIED:
        raise CommandError(batch.note)


def _write_set_aside(batch: Import, path: Path) -> None:
    # Written as it stands: the csv module has put the line ends in.
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines(set_aside.head(batch), set_aside.rows(batch)))
