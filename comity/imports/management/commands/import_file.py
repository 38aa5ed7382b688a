"""`comity import LIST FILE`: import a list, or rehearse it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.imports import applying, columns, profiles, services, staging
from comity.imports import set_aside as aside
from comity.imports.management.bringing import add_options, pair, tell, write_lines
from comity.imports.models import Import, ImportRow
from comity.imports.profiles import Profile
from comity.jobs.progress import Unwatched
from comity.nouns import all_of
from comity.people.management.acting import COMMAND_LINE, actor
from comity.people.models import User
from comity.ui.csv import lines


def _value(text: str) -> tuple[str, str, str]:
    field, sign, rest = text.partition(":")
    if not sign:
        raise ArgumentTypeError(f"{text!r} does not begin with a field and a colon")
    return (field.strip(), *pair(rest))


class Command(BaseCommand):
    help = (
        "Import partners, people or another list from a CSV or XLSX file. Rows that cannot be taken are set aside with their "
        "reasons; all others are applied together. The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("profile", choices=[one.key for one in all_of(Profile)], help="what the rows are")
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--map",
            dest="mapping",
            action="append",
            default=[],
            type=pair,
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
        add_options(parser)

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
        by = actor(email)
        try:
            batch = _received(file, profile, dict(mapping), values, by, rehearse=dry_run)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        try:
            staging.read(Unwatched(), import_id=batch.pk)
            batch.refresh_from_db()
            if batch.state != Import.State.PREVIEW:
                raise CommandError(batch.note)
            if not dry_run:
                _apply(batch, by)
            if set_aside:
                write_lines(set_aside, lines(aside.head(batch), aside.rows(batch)))
            tell(self, _counts(batch), _problems(batch), dry_run=dry_run, as_json=as_json)
        finally:
            if dry_run:
                batch.file.delete(save=False)
                batch.delete()


def _counts(batch: Import) -> dict[str, int]:
    return {
        "rows": batch.rows_total,
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "same": batch.rows_same,
        "set_aside": batch.rows_set_aside,
    }


def _problems(batch: Import) -> Iterable[tuple[int, str, str]]:
    rows = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.SET_ASIDE)
    return rows.order_by("line").values_list("line", "column", "reason")


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
            actor=COMMAND_LINE,
            mapping=mapping,
            values=said,
            in_background=False,
            rehearse=rehearse,
        )


def _apply(batch: Import, by: User | None) -> None:
    if not batch.rows_new + batch.rows_changed + batch.rows_same:
        return
    services.apply(batch.pk, by=by, in_background=False)
    applying.apply(Unwatched(), import_id=batch.pk)
    batch.refresh_from_db()
    if batch.state != Import.State.APPLIED:
        raise CommandError(batch.note)
